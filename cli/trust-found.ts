import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explain, PlumbError } from '../core/errors.ts';

/** What a device showed, for a person to compare and for a file to hold. */
export type Found = {
  what: 'key' | 'certificate';
  /** What a person compares, for stdout. */
  text: string;
  fingerprint: string;
  /** Whether a fingerprint that a person gave, in whatever spelling, is this one. */
  is(fingerprint: string): boolean;
  state: 'pinned' | 'changed' | 'new';
  /** What is pinned instead, where the state is `changed`. */
  pinned: readonly string[];
  /** The file that holds the pin, and its text once this one is pinned. */
  file: string;
  withPin: string;
};

/** The text of a file of pins; '' where there is none yet. One that cannot be read must not be written over. */
export const readPins = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '';
    throw new PlumbError('invalid_request', `${path}: cannot be read: ${explain(cause)}`, { cause });
  });

/** Writes a file of pins: whole or not at all, for its owner alone. */
export const storePins = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(`${path}.new`, 'w', 0o600);
  try {
    await handle.chmod(0o600); // one that a crash left behind keeps its mode otherwise
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
};
