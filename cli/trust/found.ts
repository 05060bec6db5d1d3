import { type FileHandle, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { explain, PlumbError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';

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
  /** The file that holds the pin. */
  file: string;
  /** The file's text once this key is pinned. */
  withPin(text: string): string;
};

/** The text of a file of pins; '' where there is none yet. One that cannot be read must not be overwritten. */
export const readPins = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '';
    throw new PlumbError('invalid_request', `${path}: cannot be read: ${explain(cause)}`, { cause });
  });

/** An older `.new` was left by a crash: writing never takes that long. */
const leftMs = 10_000;

/** Opens the file that will take the place of `path`, which nobody else does meanwhile. */
const openNew = async (path: string): Promise<FileHandle> => {
  for (;;) {
    try {
      return await open(`${path}.new`, 'wx', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const since = await stat(`${path}.new`).catch(() => undefined);
      if (since && Math.abs(Date.now() - since.mtimeMs) > leftMs) await rm(`${path}.new`, { force: true });
      else await wait(20);
    }
  }
};

const change = async (path: string, withPin: (text: string) => string): Promise<void> => {
  await makeFolder(dirname(path), 0o700);
  const real = await realpath(path).catch(() => path);
  const handle = await openNew(real);
  try {
    const before = await stat(real).catch(() => undefined);
    if (before) await handle.chown(before.uid, before.gid).catch(() => {}); // only root can do it; for others it is already their own
    if (before) await handle.chmod(before.mode & 0o777);
    await handle.writeFile(withPin(await readPins(real))); // as it is now, not as it was before a person thought about it
    await handle.sync();
    await rename(`${real}.new`, real);
  } catch (error) {
    await rm(`${real}.new`, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
};

/**
 * Changes a file of pins: completely or not at all, one after the other if there are several writers. It keeps its
 * place behind a symbolic link, its mode and its owner, for a runner may be someone else; a new one is its owner's
 * alone.
 *
 * @throws PlumbError `invalid_request` where it cannot be read or written
 */
export const storePins = (path: string, withPin: (text: string) => string): Promise<void> =>
  change(path, withPin).catch((cause: unknown) => {
    if (cause instanceof PlumbError) throw cause;
    throw new PlumbError('invalid_request', `${path}: cannot be written, nothing was pinned: ${explain(cause)}`, {
      cause,
    });
  });
