import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isSettled, noteFree } from '../../../../cli/up/nats.ts';
import { connectNats } from '../../../../core/store/server/connect.ts';
import { startNatsServer } from '../../../../core/store/server/nats-server.ts';
import { openStore, type Store } from '../../../../core/store/store.ts';
import { folderOfTest } from '../../../folder.ts';

describe('the store that `plumb up` keeps', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await folderOfTest('settled');
  });
  afterEach(async () => {
    vi.useRealTimers();
  });

  const used = async (work: (store: Store) => Promise<unknown>) => {
    await using server = await startNatsServer(folder);
    const nc = await connectNats({ url: server.url, name: 'test' });
    await work(await openStore(nc, 'dc1'));
    await nc.close();
  };
  const hold = ({ lease }: Store) => lease.put('leaf1', '{"runner":"r","epoch":1}');

  it('is settled where it is new', async () => {
    expect(await isSettled(folder, 'dc1')).toBe(true);
  });

  it('is not where it was written to a moment ago, and is 10 s later', async () => {
    await used(hold);
    expect(await isSettled(folder, 'dc1')).toBe(false);
    vi.useFakeTimers({ now: Date.now() + 10_500, toFake: ['Date'] });
    expect(await isSettled(folder, 'dc1')).toBe(true);
  });

  it('is at once where nobody held a device when it was stopped, for one start', async () => {
    await used((store) => noteFree(folder, store));
    expect(await isSettled(folder, 'dc1')).toBe(true);
    expect(await isSettled(folder, 'dc1')).toBe(false);
  });

  it('is not where somebody held one when it was stopped', async () => {
    await used(async (store) => {
      await hold(store);
      await noteFree(folder, store);
    });
    expect(await isSettled(folder, 'dc1')).toBe(false);
  });
});
