import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Lease } from '../../core/bus.ts';
import { isOutcome } from '../../core/errors.ts';
import { casRecord, getRecord } from '../../core/store/records.ts';
import { connectNats } from '../../core/store/server/connect.ts';
import { openStore } from '../../core/store/store.ts';
import { streamConfigs } from '../../core/store/streams.ts';
import { natsCluster } from '../nats-cluster.ts';
import { natsVersion } from '../nats-versions.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const [oldest, newest] = await Promise.all([natsVersion('2.9.10'), natsVersion('latest')]);
const why = (version: typeof oldest) => (typeof version === 'string' ? ` (skipped: ${version})` : '');

describe('a cluster of three servers', () => {
  it.skipIf(typeof oldest === 'string')(`of 2.9.10 is refused by name with replicas${why(oldest)}`, async () => {
    if (typeof oldest === 'string') return;
    await using cluster = await natsCluster(oldest.program);
    const nc = await connectNats({ url: cluster.urls.join(','), name: 'test' });
    await openStore(nc, 'dc1'); // without replicas there is one writer of each stream
    await expect(openStore(nc, 'dc2', 3)).rejects.toMatchObject({
      code: 'nats_unavailable',
      message: expect.stringMatching(
        /^127\.0\.0\.1:\d+: nats-server 2\.9\.10 with 3 replicas: several writers may win/,
      ),
      hint: 'every server of the cluster needs 2.9.21 or newer; or give the streams one replica',
    });
    await nc.close();
    const folder = await mkdtemp(join(tmpdir(), 'plumb-doctor-'));
    await writeFile(join(folder, 'inventory.yml'), 'site: dc2\ndevices: {}\n');
    const env = { ...process.env, NATS_URL: cluster.urls.join(',') };
    const said = await promisify(execFile)(process.execPath, [main, 'doctor', '--folder', folder], { env }).catch(
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );
    expect(said).toMatchObject({ code: 1 });
    expect(said.stdout).toMatch(/fail +nats .*nats-server 2\.9\.10 with 3 replicas: several writers may win/);
    expect(said.stdout).toMatch(/nats → every server of the cluster needs 2\.9\.21 or newer/);
    await rm(folder, { recursive: true });
  });

  it.skipIf(typeof newest === 'string')(
    `of the newest has one winner of each compare-and-set${why(newest)}`,
    async () => {
      if (typeof newest === 'string') return;
      await using cluster = await natsCluster(newest.program);
      const stores = await Promise.all(
        [...cluster.urls, ...cluster.urls].map(async (url) =>
          openStore(await connectNats({ url, name: 'test' }), 'dc1', 3),
        ),
      );
      const [store] = stores;
      if (!store) throw new Error('no store');
      for (const { name } of streamConfigs('dc1'))
        expect((await store.jsm.streams.info(name)).config.num_replicas).toBe(3);
      const stored = async () => (await getRecord(store.lease, Lease, 'leaf1'))?.revision ?? 0;
      let revision = 0;
      let decided = 0;
      for (let round = 0; round < 200; round++) {
        const before = revision;
        const tries = stores.map(({ lease }, epoch) =>
          casRecord(lease, 'leaf1', { runner: `r${epoch}`, epoch } satisfies Lease, before),
        );
        const ends = await Promise.allSettled(tries);
        const won = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
        expect(won.length).toBeLessThanOrEqual(1);
        decided += won.length;
        // servers without time choose another leader, and some writers are not answered: then what is stored says who won
        revision = won[0] ?? (await stored());
        const lost = ends.filter((end) => end.status === 'rejected' && isOutcome(end.reason, 'conflict'));
        if (revision === before) expect(lost).toEqual([]); // nobody loses to nobody
      }
      expect(decided).toBeGreaterThan(100);
      await expect.poll(stored).toBe(revision); // any of the three may answer
      for (const { nc } of stores) await nc.close();
    },
  );
});
