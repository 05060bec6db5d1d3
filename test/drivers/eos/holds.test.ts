import { describe, expect, it } from 'vitest';
import { buildApp } from '../../../api/app.ts';
import type { Job } from '../../../core/bus.ts';
import { ask } from '../../../core/store/ask.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { natsForTest } from '../../nats.ts';
import { jobAt, stateWhen } from '../../runner.ts';
import { makeFolder, openFilesIn, watchStore } from '../../unit/watcher/site.ts';
import { held } from '../held.ts';

const key = 'plumb_key-of-the-tests-0123456789abcdef';
const config = (note: string) =>
  'hostname leaf1\n!\nusername admin privilege 15 role network-admin secret sha512 $6$abc$def\n!\n' +
  `interface Ethernet1\n   description ${note}\n!\n${[2, 3, 4, 5, 6].map((port) => `interface Ethernet${port}\n   description spare\n!\n`).join('')}end\n`;

/** While the text by hand runs its check is never done: it stays a trial. */
const policy = { probes: [{ command: 'show running-config', contains: 'by hand', not: true }] };

describe('a switch whose text was sent by REST and cancelled while it was checked', () => {
  it('gets the text of the source by a rollback and a resume, never the cancelled one', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    await using folder = await makeFolder(['leaf1']);
    await folder.write('intended/configs/leaf1.cfg', config('by source'));
    await using _watcher = watchStore(store, await openFilesIn(folder.folder)).watcher;
    await using all = await held(store, 'ssh', { platform: 'eos', config: config('before') }, { policy });
    const { sim } = all;
    const app = await buildApp({ store, apiKeyHash: sha256(key), version: 'test' });
    const call = async (method: 'POST' | 'DELETE' | 'GET', url: string, payload?: object) => {
      const reply = await app.inject({
        method,
        url: `/api/v1/${url}`,
        headers: { authorization: `Bearer ${key}` },
        ...(payload ? { payload } : {}),
      });
      expect(reply.statusCode).toBeLessThan(300);
      return reply.json<Job>();
    };
    await stateWhen(store, ({ sync }) => sync === 'in_sync');
    expect(sim.running).toContain('by source');

    const sent = await call('POST', 'devices/leaf1/configure', { config: config('by hand') });
    await jobAt(store, sent.id, 'checking');
    expect(sim.running).toContain('by hand');
    await call('DELETE', `jobs/${sent.id}`);
    expect(await jobAt(store, sent.id)).toMatchObject({
      outcome: { code: 'cancelled' },
      author: 'key:api-key',
      claimed: true,
      said: [{ did: 'cancel', by: 'key:api-key', sha256: sha256(config('by hand')) }],
    });
    await stateWhen(store, ({ sync }) => sync === 'in_sync');
    expect(sim.running).toContain('by source');

    const back = await call('POST', 'devices/leaf1/rollback', {});
    expect(await jobAt(store, back.id)).toMatchObject({
      outcome: { kind: 'applied' },
      said: [{ did: 'rollback', by: 'key:api-key', sha256: sha256(config('by source')) }],
    });
    expect(sim.running).toContain('before');
    const { reason } = await stateWhen(store, ({ sync }) => sync === 'out_of_sync');
    expect(reason).toContain('`plumb resume leaf1` deploys it again');

    await ask(store, 'leaf1', 'resume', {}, { author: 'bob' });
    const { blocked, lastJob } = await stateWhen(store, ({ sync }) => sync === 'in_sync');
    expect(sim.running).toContain('by source');
    expect(blocked).toMatchObject([{ sha256: sha256(config('by hand')), why: 'cancelled', job: sent.id }]);
    expect(await call('GET', `jobs/${lastJob}`)).toMatchObject({ said: [{ did: 'resume', by: 'bob' }] });
    await app.close();
  });
});
