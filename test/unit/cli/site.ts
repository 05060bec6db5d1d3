import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../../core/store/store.ts';
import { natsForTest } from '../../nats.ts';
import { type Answers, holderOf } from './holder.ts';
import { plumb, repository } from './terminal.ts';

type Site = AsyncDisposable & {
  store: Store;
  folder: string;
  run(argv: readonly string[], options?: Parameters<typeof plumb>[2]): ReturnType<typeof plumb>;
  /** A runner that answers so for these devices, until the site is gone. */
  hold(answers?: Answers, devices?: readonly string[]): Promise<void>;
};

/** A nats-server and a repository with the command line on both. @param inventory instead of the one with two devices */
export const siteForTest = async (inventory?: string): Promise<Site> => {
  const nats = await natsForTest();
  const repo = await repository();
  if (inventory !== undefined) await writeFile(join(repo.folder, 'inventory.yml'), inventory);
  const scopes: AsyncDisposable[] = [repo, nats];
  return {
    store: nats.store,
    folder: repo.folder,
    run: (argv, options = {}) => plumb(repo.folder, argv, { nats: nats.url, ...options }),
    hold: async (answers = {}, devices = ['leaf1', 'leaf2']) => {
      scopes.unshift(await holderOf(nats.store, devices, answers));
    },
    [Symbol.asyncDispose]: async () => {
      for (const scope of scopes) await scope[Symbol.asyncDispose]();
    },
  };
};
