import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeviceState } from '../../core/bus.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { getRecord, listRecords } from '../../core/store/records.ts';
import { connectNats } from '../../core/store/server/connect.ts';
import { type Role, roles } from '../../core/store/server/permissions.ts';
import { openStore, type Store } from '../../core/store/store.ts';
import { FakeDevice } from '../fake-device.ts';
import { natsVersion } from '../nats-versions.ts';
import { restrictedNats } from '../permissions/server.ts';
import { runnerForTest } from '../runner.ts';

const shipped = fileURLToPath(new URL('../../containerlab/nats.conf', import.meta.url));
const versions = await Promise.all(
  (['2.9.10', 'latest'] as const).map(async (one) => ({ one, is: await natsVersion(one) })),
);
const text = 'hostname leaf1\nrouter bgp 65001\n';
const soon = { timeout: 100_000 };

/** containerlab/nats.conf as it is, but for the port and the folder, which are this test's. */
const startShipped = async (program: string, folder: string): Promise<{ child: ChildProcess; url: string }> => {
  const config = join(folder, 'nats.conf');
  const conf = await readFile(shipped, 'utf8');
  const own = conf
    .replace('port: 4222', 'listen: "127.0.0.1:-1"')
    .replace('store_dir: /data', `store_dir: "${folder}/js"`);
  await writeFile(config, `${own}\nports_file_dir: "${folder}"\n`);
  const passwords = Object.fromEntries(
    ['operator', ...roles].map((role) => [`NATS_${role.toUpperCase()}_PASSWORD`, `p${role}`]),
  );
  const child = spawn(program, ['-c', config], {
    env: { PATH: process.env.PATH, ...passwords },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  child.stderr?.on('data', (part: Buffer) => {
    printed += part;
  });
  for (let tries = 0; tries < 400 && child.exitCode === null; tries++) {
    const found = await readFile(join(folder, `nats-server_${child.pid}.ports`), 'utf8').catch(() => '');
    if (found) return { child, url: (JSON.parse(found) as { nats: string[] }).nats[0] ?? '' };
    await wait(25); // it tells of its port by this file only
  }
  throw new Error(`it did not start: ${printed}`);
};

/** Deploys once, with each part as the user of its role, and has the viewer see it. */
const deploysOnce = async (open: (role: Role) => Promise<Store>): Promise<void> => {
  const device = new FakeDevice(text);
  const watcher = await open('watcher');
  await using _runner = await runnerForTest(await open('runner'), device);
  await publishIntent(watcher, 'leaf1', `${text}!\n`, { fromSource: true });
  await expect.poll(() => device.running, soon).toBe(`${text}!\n`);
  const viewer = await open('viewer');
  const sync = async () => (await listRecords(viewer.state, DeviceState)).get('leaf1')?.sync;
  await expect.poll(sync, soon).toBe('in_sync');
  const reply = await (await open('api')).nc.request('dc1.leaf1.rollback', 'last', { timeout: 10_000 });
  expect(reply.string()).toMatch(/^job: \w+$/);
  await expect.poll(() => device.running, soon).toBe(text);
  await expect.poll(async () => (await getRecord(viewer.state, DeviceState, 'leaf1'))?.value.runner, soon).toBeTruthy();
};

describe.each(versions)('nats-server $one', ({ one, is }) => {
  if (typeof is === 'string') return it.skip(`(skipped: ${is})`, () => {});
  const path = process.env.PATH;
  beforeAll(() => is.use());
  afterAll(() => void Object.assign(process.env, { PATH: path }));

  it('is the version that was asked for', () => {
    if (one === '2.9.10') expect(is.version).toBe('2.9.10');
    else expect(is.version).toMatch(/^2\.(?:1[1-9]|[2-9]\d)\./);
  });

  it('starts with the file for containerlab, and every role does its work', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumb-shipped-'));
    const { child, url } = await startShipped(is.program, folder);
    const stores: Store[] = [];
    try {
      await deploysOnce(async (role) => {
        const nc = await connectNats({ url, name: role, user: role, password: `p${role}`, role });
        expect(nc.info?.version).toBe(is.version);
        const store = await openStore(nc, 'dc1');
        stores.push(store);
        return store;
      });
    } finally {
      for (const { nc } of stores) await nc.close();
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('starts with what `plumb up` makes for it, and every role does its work', async () => {
    await using nats = await restrictedNats();
    await deploysOnce(nats.open);
  });
});
