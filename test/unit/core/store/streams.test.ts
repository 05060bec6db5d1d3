import { describe, expect, it } from 'vitest';
import { explain } from '../../../../core/errors.ts';
import { openStore } from '../../../../core/store/store.ts';
import { streamConfigs } from '../../../../core/store/streams.ts';
import { natsForTest } from '../../../nats.ts';

const configOf = async ({ store }: Awaited<ReturnType<typeof natsForTest>>, name: string) =>
  (await store.jsm.streams.info(name)).config;

describe('the streams of a site', () => {
  it('are made again as they were when they were deleted', async () => {
    await using nats = await natsForTest();
    for (const { name } of streamConfigs('dc1')) {
      const before = await configOf(nats, name);
      await nats.store.jsm.streams.delete(name);
      await nats.store.ensure();
      expect(await configOf(nats, name)).toEqual(before);
    }
  });

  it('that nobody answers for are named: JetStream is not said to be off', async () => {
    await using nats = await natsForTest();
    await nats.store.jsm.streams.delete('KV_dc1-state'); // to whoever writes, as between two leaders
    const error = await nats.store.state.put('leaf1', '{}').catch((error: unknown) => error);
    expect(explain(error)).toBe(
      "no responders: the stream of '$KV.dc1-state.leaf1' has no leader right now, or is gone",
    );
  });

  it('that take in what is not theirs, or keep it for too long, are put right', async () => {
    await using nats = await natsForTest();
    const { jsm, lease } = nats.store;
    const name = 'KV_dc1-lease';
    const ours = await configOf(nats, name);
    const { duplicate_window, ...rest } = ours;
    await lease.put('leaf1', '{}');
    for (const harm of [
      { subjects: ['$KV.dc1-lease.>', 'dc1.*.rollback'] },
      { max_age: 10e9, duplicate_window: 10e9 },
    ]) {
      await jsm.streams.update(name, { ...ours, ...harm });
      await nats.store.ensure();
      const { duplicate_window, ...now } = await configOf(nats, name);
      expect(now).toEqual(rest);
      expect((await lease.get('leaf1'))?.string()).toBe('{}');
    }
  });

  it('that send on to a subject of somebody else, or to nobody, are put right or refused by name', async () => {
    await using nats = await natsForTest();
    const { jsm, nc } = nats.store;
    const name = 'KV_dc1-lease';
    const { republish: told, ...ours } = await configOf(nats, name);
    for (const harm of [{ republish: { src: '$KV.dc1-lease.>', dest: 'dc1.leaf1.>' } }, {}]) {
      await jsm.streams.delete(name);
      await jsm.streams.add({ ...ours, name, ...harm });
      if (nc.info?.version.startsWith('2.9.')) {
        const words = /^stream "KV_dc1-lease" has a different "republish" from what Plumbline sets, and it cannot/;
        await expect(openStore(nc, 'dc1')).rejects.toMatchObject({ message: expect.stringMatching(words) });
      } else {
        await openStore(nc, 'dc1');
        expect((await configOf(nats, name)).republish).toEqual(told);
      }
    }
  });

  it('that cannot be put right are refused by name', async () => {
    await using nats = await natsForTest();
    const { jsm, nc } = nats.store;
    await jsm.streams.add({ name: 'elsewhere', subjects: ['elsewhere'] });
    await jsm.streams.delete('KV_dc1-state');
    await jsm.streams.add({ name: 'KV_dc1-state', mirror: { name: 'elsewhere' } });
    await expect(openStore(nc, 'dc1')).rejects.toMatchObject({
      code: 'nats_unavailable',
      message: expect.stringMatching(
        /^stream "KV_dc1-state" has a different "subjects" from what Plumbline sets, and it cannot/,
      ),
    });
  });
});
