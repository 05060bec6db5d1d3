import type { Mode } from '../../core/bus.ts';
import type { Device } from '../../core/inventory/schema.ts';

/** How an intent is meant: as its publisher said, else as the inventory says with `options.mode: merge`, else as the whole. */
export const modeFor = ({ options }: Device, said: Mode | undefined): Mode =>
  said ?? (options.mode === 'merge' ? 'merge' : 'replace');
