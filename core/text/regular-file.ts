import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * Reads a file in whose place there may be anything. A pipe, a device node or a file of the kernel's may never answer, and
 * a read that waits keeps one of the process's few threads, even from ending on a signal: so nothing is waited for.
 *
 * @returns undefined where it is no regular file
 * @throws the system's error
 */
export const readRegular = async (path: string): Promise<Buffer | undefined> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return (await file.stat()).isFile() ? await file.readFile() : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined; // as /proc/kmsg, which says that it is one
    throw error;
  } finally {
    await file.close();
  }
};
