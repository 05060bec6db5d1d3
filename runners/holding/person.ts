import type { Said } from '../../core/bus.ts';

/** Who asked without giving a name. */
export const unnamed = 'unnamed';

/** Who said something to the holder of a device, and when: now. */
export const person = ({ author }: { author: string | undefined }): Pick<Said, 'by' | 'at'> => ({
  by: author ?? unnamed,
  at: new Date().toISOString(),
});
