import { existsSync, type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Repository } from './repository.ts';

/** The file that our hook touches, in the folder that all worktrees share. */
export const hintFile = 'plumb-hint';

/** Where a change of the branch shows as an event; packed refs and reftables included. Polling does not need them. */
export const hintFolders = ({ gitFolder, commonFolder, ref }: Repository): string[] => [
  ...new Set([commonFolder, gitFolder, dirname(join(commonFolder, ref)), join(commonFolder, 'reftable')]),
];

/** The same in the folder of a remote on this machine. */
export const remoteHintFolders = (folder: string, branch: string): string[] =>
  [folder, join(folder, '.git')].flatMap((at) => [at, dirname(join(at, 'refs/heads', branch)), join(at, 'reftable')]);

/** Calls back soon after something happens in any of the folders; says nothing where a system sends no events. */
export class Hints {
  readonly #folders: readonly string[];
  readonly #call: () => void;
  #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(folders: readonly string[], call: () => void) {
    this.#folders = folders;
    this.#call = call;
    this.#arm();
  }

  /** Watches the folders anew: git makes and removes the inner ones. What happened just before, the old watch may not have told. */
  rearm(): void {
    this.close();
    this.#arm();
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#call();
    }, 5);
  }

  #arm(): void {
    for (const folder of this.#folders) {
      if (!existsSync(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, (_, name) => {
          if (name?.endsWith('.lock') || name?.startsWith('index')) return; // git status touches the index
          this.#soon();
        });
        this.#watchers.push(watcher.on('error', () => watcher.close()));
      } catch {} // polling notices as well
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }
}
