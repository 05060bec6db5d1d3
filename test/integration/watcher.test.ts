import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fetchIntent, publishIntent } from '../../core/store/intents.ts';
import { allAre, lastSeq, twoBranches } from '../branches.ts';
import { natsForTest, restartableNats } from '../nats.ts';
import { config, eventually, makeFolder, openFilesIn, published, watchStore } from '../unit/watcher/site.ts';

const program = fileURLToPath(new URL('watcher-process.mjs', import.meta.url));

const shifted = fileURLToPath(new URL('../shifted-clock.mjs', import.meta.url));

/** A watcher of a folder in a process of its own; `aheadMs`: of everyone else's clock; `diesAfter` so many publications. */
const watcherProcess = (folder: string, kind: string, url: string, { aheadMs = 0, diesAfter = 0 } = {}) => {
  const NODE_OPTIONS = [process.env.NODE_OPTIONS ?? '', ...(aheadMs === 0 ? [] : [`--import ${shifted}`])].join(' ');
  const env = { ...process.env, NATS_URL: url, NODE_OPTIONS, PLUMB_TEST_CLOCK: String(aheadMs) };
  const argv = [program, folder, kind, ...(diesAfter ? [String(diesAfter)] : [])];
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, lines: on(createInterface(child.stdout), 'line', { close: ['close'] }) };
};

const hourMs = 3_600_000;

describe.each([hourMs, -hourMs])('a watcher whose clock is off by %d ms', (aheadMs) => {
  it.each(['files', 'git'])('publishes what changes at once, and only that (%s)', async (kind) => {
    await using nats = await natsForTest();
    await using folder = await twoBranches(3);
    const { child, lines } = watcherProcess(folder.folder, kind, nats.url, { aheadMs });
    let changedAtMs = 0;
    const seen: string[] = [];
    for await (const [line] of lines) {
      const { kind: happened, device } = JSON.parse(line) as { kind: string; device?: string };
      if (happened === 'ready') {
        changedAtMs = performance.now();
        await folder.git(...(kind === 'git' ? ['reset', '-q', '--hard', 'two'] : ['checkout', '-q', 'two']));
      }
      if (happened === 'published' && device) seen.push(device);
      if (seen.length === 6) break;
    }
    expect(performance.now() - changedAtMs).toBeLessThan(10_000);
    await eventually(() => allAre(nats.store, folder.devices, 'two'));
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(await lastSeq(nats.store)).toBe(6);
  });
});

describe('a watcher that is killed in the middle of a burst', () => {
  it.each(['files', 'git'])('is made good by the next one (%s)', async (kind) => {
    await using nats = await natsForTest();
    await using folder = await twoBranches(300);
    const start = (diesAfter = 0) => watcherProcess(folder.folder, kind, nats.url, { diesAfter });
    const first = start(400); // 300 at the start
    let published = 0;
    for await (const [line] of first.lines) {
      const { kind: happened } = JSON.parse(line) as { kind: string };
      if (happened === 'ready')
        await folder.git(...(kind === 'git' ? ['reset', '-q', '--hard', 'two'] : ['checkout', '-q', 'two']));
      if (happened === 'published') published++;
    }
    expect(published).toBe(400);
    const second = start();
    for await (const [line] of second.lines) if ((JSON.parse(line) as { kind: string }).kind === 'ready') break;
    await allAre(nats.store, folder.devices, 'two');
    second.child.kill('SIGTERM');
    await once(second.child, 'exit');
    expect(await lastSeq(nats.store)).toBe(600);
  });
});

describe('a nats-server that goes and comes', () => {
  it('gets what was saved meanwhile, also with an empty store', async () => {
    await using nats = await restartableNats();
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
    await rm(join(nats.folder, 'jetstream'), { recursive: true });
    await nats.start();
    await arrives('leaf1', 'saved meanwhile');
    await arrives('leaf2', 'one');
  });

  it('gets the newest again where its store was restored from an older copy', async () => {
    await using nats = await restartableNats();
    await using folder = await makeFolder();
    await using watcher = watchStore(nats.store, await openFilesIn(folder.folder)).watcher;
    await watcher.ready;
    await publishIntent(nats.store, 'leaf2', 'hostname leaf2\n! by hand\n', {});
    await nats.stop();
    await cp(join(nats.folder, 'jetstream'), join(nats.folder, 'copy'), { recursive: true });
    await nats.start();
    for (const note of ['two', 'three']) {
      for (const device of ['leaf1', 'leaf2']) {
        await writeFile(folder.configPath(device), config(device, note));
        await eventually(async () => expect(await published(nats.store, device)).toBe(config(device, note)), 15_000);
      }
    }
    await nats.stop();
    await rm(join(nats.folder, 'jetstream'), { recursive: true });
    await cp(join(nats.folder, 'copy'), join(nats.folder, 'jetstream'), { recursive: true });
    await nats.start();
    for (const device of ['leaf1', 'leaf2'])
      await eventually(async () => expect(await published(nats.store, device)).toBe(config(device, 'three')), 15_000);
    expect((await fetchIntent(nats.store, 'leaf2'))?.meta.fromSource).toBe(true);
  });
});
