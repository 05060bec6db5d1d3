import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startApi } from '../../../../api/main.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { natsForTest } from '../../../nats.ts';
import { goodState, holderOf } from '../holder.ts';
import { plumb, repository } from '../terminal.ts';

describe('plumb doctor', () => {
  it('only warns of NATS where none is named and `plumb up` was not started yet', async () => {
    await using repo = await repository();
    const { out } = await plumb(repo.folder, ['doctor']);
    expect(out).toMatch(/^warn +nats +- +none is named, /m);
    expect(out).toContain('  nats → `plumb up` starts one\n');
    const named = await plumb(repo.folder, ['doctor'], { nats: 'nats://127.0.0.1:1' });
    expect(named.out).toMatch(/^fail +nats +nats:\/\/127\.0\.0\.1:1 /m);
  });

  it('takes the API of another Plumbline for what it is, also of a site of the same name', async () => {
    await using ours = await natsForTest();
    await using others = await natsForTest();
    await using repo = await repository();
    const lookAt = async (store: typeof ours.store, whose: string) => {
      const keyFile = join(repo.folder, whose, 'api-key');
      const listen = { listen: '127.0.0.1', port: 0, signal: new AbortController().signal };
      await using api = await startApi({ store, keyFile, ...listen, say: () => {} });
      await writeFile(join(repo.folder, 'plumbline.yml'), `api: { port: ${new URL(api.url).port} }\n`);
      return (await plumb(repo.folder, ['doctor'], { nats: ours.url })).out;
    };
    expect(others.store.site).toBe(ours.store.site);
    expect(await lookAt(ours.store, 'ours')).toMatch(/^ok +api +http:\S+ +of site dc1$/m);
    expect(await lookAt(others.store, 'theirs')).toMatch(
      new RegExp(`^warn +api +http:\\S+ +another Plumbline's API answers there, run by pid ${process.pid} `, 'm'),
    );
  });

  it('says how to pin the new host key of a device that its runner does not trust any more', async () => {
    await using nats = await natsForTest();
    await using repo = await repository();
    const facts = () => {
      throw new PlumbError('host_key_changed', 'leaf1: shows another host key than the pinned one');
    };
    await using _ = await holderOf(nats.store, ['leaf1'], { facts });
    await putRecord(nats.store.state, 'leaf1', goodState('leaf1'));
    const { out } = await plumb(repo.folder, ['doctor', 'leaf1'], { nats: nats.url });
    expect(out).toMatch(/^fail +login +leaf1 .*another host key/m);
    expect(out).toMatch(/^ {2}leaf1 login → .*`plumb trust leaf1` pins the new key$/m);
  });
});
