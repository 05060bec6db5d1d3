import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A lock that outlives the last event by this much belongs to an open editor or a crash, not to a checkout. */
const patienceMs = 2_000;

/** The git folder of a working tree; undefined where there is none. */
const gitFolderOf = async (folder: string): Promise<string | undefined> => {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = await stat(join(at, '.git')).catch(() => undefined);
    if (found?.isDirectory()) return join(at, '.git');
    if (found?.isFile()) {
      const text = await readFile(join(at, '.git'), 'utf8').catch(() => '');
      const target = /^gitdir: (.+)$/m.exec(text)?.[1];
      return target ? resolve(at, target) : undefined;
    }
    if (dirname(at) === at) return undefined;
  }
};

/** Tells when a checkout has finished: half of it is not what anyone intends. */
export const watchCheckouts = async (folder: string) => {
  const gitFolder = await gitFolderOf(folder);
  const lock = gitFolder ? join(gitFolder, 'index.lock') : undefined;
  let lastEventMs = performance.now();
  return {
    /** Something in the folders that we watch was touched. */
    touched: (): void => {
      lastEventMs = performance.now();
    },
    /** Resolves at once unless git holds its lock on the working tree. */
    finished: async (signal: AbortSignal): Promise<void> => {
      if (!lock) return;
      while (performance.now() - lastEventMs < patienceMs) {
        if (!(await stat(lock).catch(() => undefined))) return;
        signal.throwIfAborted();
        await wait(20, undefined, { ref: false });
      }
    },
  };
};

export type Checkouts = Awaited<ReturnType<typeof watchCheckouts>>;
