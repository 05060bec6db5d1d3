import { spawn, spawnSync } from 'node:child_process';
import { on, once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { InventoryEntry, streams } from '../../core/bus.ts';
import { connectNats } from '../../core/connect.ts';
import { fetchIntent, publishIntent } from '../../core/intents.ts';
import { type NatsServer, startNatsServer } from '../../core/nats-server.ts';
import { sha256 } from '../../core/payload.ts';
import { listRecords } from '../../core/records.ts';
import { openStore, type Store } from '../../core/store.ts';
import { natsForTest } from '../nats.ts';
import {
  config,
  eventually,
  type Folder,
  inventoryOf,
  makeFolder,
  openFilesIn,
  openGitIn,
  published,
  watchSource,
  watchStore,
} from '../unit/watcher/site.ts';

const program = fileURLToPath(new URL('watcher-process.mjs', import.meta.url));

/** A repository with two branches in which every configuration differs, made in one go. */
const twoBranches = async (count: number): Promise<Folder & { devices: string[] }> => {
  const devices = Array.from({ length: count }, (_, n) => `leaf${n + 1}`);
  const folder = await makeFolder([]);
  await rm(folder.path('inventory.yml'));
  await folder.git('init', '-q', '-b', 'main');
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const file = (path: string, text: string) => `M 100644 inline ${path}\n${data(text)}`;
  const branch = (name: string, note: string, from = '') => [
    `commit refs/heads/${name}\ncommitter Ann <ann@example.net> 1700000000 +0000\n${data(note)}${from}`,
    file('inventory.yml', inventoryOf(devices)),
    ...devices.map((device) => file(`intended/configs/${device}.cfg`, config(device, note))),
  ];
  const stream = [...branch('main', 'one'), ...branch('two', 'two', 'from refs/heads/main\n')].join('');
  const { status, stderr } = spawnSync('git', ['fast-import', '--quiet'], { cwd: folder.folder, input: stream });
  if (status !== 0) throw new Error(String(stderr));
  await folder.git('reset', '-q', '--hard', 'main');
  return Object.assign(folder, { devices });
};

const lastSeq = async (store: Store) => (await store.jsm.streams.info(streams.intent('dc1'))).state.last_seq;

const allAre = async (store: Store, devices: readonly string[], note: string) => {
  const entries = await listRecords(store.inventory, InventoryEntry);
  const texts = await Promise.all(devices.map((device) => published(store, device)));
  for (const [n, device] of devices.entries()) {
    const text = config(device, note);
    expect(texts[n]).toBe(text);
    expect(entries.get(device)?.intended?.sha256).toBe(sha256(text));
  }
};

describe('a checkout of 3,000 files', () => {
  it.each(['files', 'git'] as const)('is published with each device once (%s)', async (kind) => {
    await using folder = await twoBranches(3_000);
    const source = kind === 'git' ? await openGitIn(folder.folder) : await openFilesIn(folder.folder);
    await using site = await watchSource(source);
    const before = await lastSeq(site.store);
    if (kind === 'git') await folder.git('reset', '-q', '--hard', 'two');
    else await folder.git('checkout', '-q', 'two');
    await eventually(() => expect(site.story.of('published')).toHaveLength(6_000), 20_000);
    await allAre(site.store, folder.devices, 'two');
    expect(await lastSeq(site.store)).toBe(before + 3_000);
  });
});

describe('a watcher that is killed in the middle of a burst', () => {
  it.each(['files', 'git'])('is made good by the next one (%s)', async (kind) => {
    await using nats = await natsForTest();
    await using folder = await twoBranches(300);
    const start = () => {
      const env = { ...process.env, NATS_URL: nats.url };
      const child = spawn(process.execPath, [program, folder.folder, kind], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return { child, lines: on(createInterface(child.stdout), 'line', { close: ['close'] }) };
    };
    const first = start();
    let published = 0;
    for await (const [line] of first.lines) {
      const { kind: happened } = JSON.parse(line) as { kind: string };
      if (happened === 'ready')
        await folder.git(...(kind === 'git' ? ['reset', '-q', '--hard', 'two'] : ['checkout', '-q', 'two']));
      if (happened === 'published' && ++published === 400) first.child.kill('SIGKILL'); // 300 at the start
    }
    expect(published).toBeLessThan(600);
    const second = start();
    for await (const [line] of second.lines) if ((JSON.parse(line) as { kind: string }).kind === 'ready') break;
    await allAre(nats.store, folder.devices, 'two');
    second.child.kill('SIGTERM');
    await once(second.child, 'exit');
    expect(await lastSeq(nats.store)).toBe(600);
  });
});

describe('a nats-server that goes and comes', () => {
  const restartable = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumb-restart-'));
    let server: NatsServer = await startNatsServer(folder);
    const nc = await connectNats({ url: server.url, name: 'test' });
    const port = Number(new URL(server.url).port);
    return {
      folder,
      jetstream: join(folder, 'jetstream'),
      store: await openStore(nc, 'dc1'),
      stop: () => server[Symbol.asyncDispose](),
      start: async () => {
        const statuses = nc.status();
        server = await startNatsServer(folder, port);
        for await (const { type } of statuses) if (type === 'reconnect') return;
      },
      [Symbol.asyncDispose]: async () => {
        await nc.close();
        await server[Symbol.asyncDispose]();
        await rm(folder, { recursive: true, force: true });
      },
    };
  };

  it('gets what was saved meanwhile, also with an empty store', async () => {
    await using nats = await restartable();
    await using folder = await makeFolder();
    await using watcher = watchStore(nats.store, await openFilesIn(folder.folder)).watcher;
    await watcher.ready;
    await nats.stop();
    await writeFile(folder.configPath('leaf1'), config('leaf1', 'saved meanwhile'));
    await nats.start();
    const arrives = (device: string, note: string) =>
      eventually(async () => expect(await published(nats.store, device)).toBe(config(device, note)), 15_000);
    await arrives('leaf1', 'saved meanwhile');
    await nats.stop();
    await rm(nats.jetstream, { recursive: true });
    await nats.start();
    await arrives('leaf1', 'saved meanwhile');
    await arrives('leaf2', 'one');
  });

  it('gets the newest again where its store was restored from an older copy', async () => {
    await using nats = await restartable();
    await using folder = await makeFolder();
    await using watcher = watchStore(nats.store, await openFilesIn(folder.folder)).watcher;
    await watcher.ready;
    await publishIntent(nats.store, 'leaf2', 'hostname leaf2\n! by hand\n', {});
    await nats.stop();
    await cp(nats.jetstream, join(nats.folder, 'copy'), { recursive: true });
    await nats.start();
    for (const note of ['two', 'three']) {
      for (const device of ['leaf1', 'leaf2']) {
        await writeFile(folder.configPath(device), config(device, note));
        await eventually(async () => expect(await published(nats.store, device)).toBe(config(device, note)), 15_000);
      }
    }
    await nats.stop();
    await rm(nats.jetstream, { recursive: true });
    await cp(join(nats.folder, 'copy'), nats.jetstream, { recursive: true });
    await nats.start();
    for (const device of ['leaf1', 'leaf2'])
      await eventually(async () => expect(await published(nats.store, device)).toBe(config(device, 'three')), 15_000);
    expect((await fetchIntent(nats.store, 'leaf2'))?.meta.fromSource).toBe(true);
  });
});
