import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { buckets, streams } from '../../../../core/bus.ts';
import { fetchIntent } from '../../../../core/store/intents.ts';
import { connectNats } from '../../../../core/store/server/connect.ts';
import { startNatsServer } from '../../../../core/store/server/nats-server.ts';
import { natsAccounts } from '../../../../core/store/server/permissions.ts';
import { openStore } from '../../../../core/store/store.ts';
import { natsForTest } from '../../../nats.ts';
import {
  collectIntents,
  config,
  entryOf,
  eventually,
  inventoryOf,
  makeFolder,
  makeRepository,
  openFilesIn,
  openGitIn,
  published,
  watchStore,
} from '../site.ts';

/** A text that does not compress, so that it goes to the object store. */
const noise = (bytes: number) => `${randomBytes(bytes).toString('base64').slice(0, bytes)}\n`;

describe('two watchers of one site', () => {
  it('publish each change once and leave each other alone', async () => {
    await using nats = await natsForTest();
    await using folder = await makeFolder();
    const one = watchStore(nats.store, await openFilesIn(folder.folder));
    const two = watchStore(nats.store, await openFilesIn(folder.folder));
    await Promise.all([one.watcher.ready, two.watcher.ready]);
    const lastSeq = async () => (await nats.store.jsm.streams.info(streams.intent('dc1'))).state.last_seq;
    const before = await lastSeq();
    const seen = collectIntents(nats.store);
    await nats.store.nc.flush();
    for (let n = 0; n < 5; n++) {
      await writeFile(folder.configPath('leaf1'), config('leaf1', `change ${n}`));
      await eventually(async () => expect(await published(nats.store, 'leaf1')).toBe(config('leaf1', `change ${n}`)));
    }
    expect(await lastSeq()).toBe(before + 5);
    expect(new Set(seen.map(({ text }) => text)).size).toBe(5);
    await one.watcher[Symbol.asyncDispose]();
    await two.watcher[Symbol.asyncDispose]();
  });

  it('do not fight where one of them is behind', async () => {
    await using nats = await natsForTest();
    await using ahead = await makeRepository();
    await using behind = await makeFolder();
    await ahead.git('clone', '-q', ahead.folder, `${behind.folder}/clone`);
    const late = watchStore(nats.store, await openGitIn(`${behind.folder}/clone`));
    const ready = watchStore(nats.store, await openGitIn(ahead.folder));
    await Promise.all([late.watcher.ready, ready.watcher.ready]);
    await ahead.write('intended/configs/leaf1.cfg', config('leaf1', 'newer'));
    const commit = await ahead.commitAll('newer');
    await late.story.until('held', ({ device }) => device === 'leaf1');
    expect((await fetchIntent(nats.store, 'leaf1'))?.meta.commit).toBe(commit);
    // started anew it does not know better than its branch; the one that is ahead puts it right
    await late.watcher[Symbol.asyncDispose]();
    const again = watchStore(nats.store, await openGitIn(`${behind.folder}/clone`));
    await again.watcher.ready;
    await eventually(async () => expect(await published(nats.store, 'leaf1')).toBe(config('leaf1', 'newer')));
    await again.story.until('held', ({ device }) => device === 'leaf1');
    expect(await published(nats.store, 'leaf1')).toBe(config('leaf1', 'newer'));
    await again.watcher[Symbol.asyncDispose]();
    await ready.watcher[Symbol.asyncDispose]();
  });
});

describe('a watcher with the permissions of its role', () => {
  it('can do all that it has to', async () => {
    await using home = await makeFolder([]); // goes after the server
    const users = natsAccounts('dc1', [{ role: 'watcher', user: 'watcher', password: 'secret' }]);
    await using server = await startNatsServer(home.folder, 0, users);
    const nc = await connectNats({
      url: server.url,
      user: 'watcher',
      password: 'secret',
      name: 'test',
      role: 'watcher',
    });
    const store = await openStore(nc, 'dc1');
    await using repository = await makeFolder(['leaf1', 'leaf2']);
    const { watcher, story } = watchStore(store, await openFilesIn(repository.folder));
    await watcher.ready;
    await repository.write('inventory.yml', inventoryOf(['leaf1']));
    await eventually(async () => expect(await entryOf(store, 'leaf2')).toBeUndefined());
    await repository.write('intended/configs/leaf1.cfg', noise(1_500_000));
    await story.until('published', ({ elapsedMs }) => elapsedMs !== undefined);
    expect((await published(store, 'leaf1'))?.length).toBe(1_500_001);
    await watcher[Symbol.asyncDispose]();
    expect(story.of('problem').filter(({ about }) => about === 'nats')).toEqual([]);
    await nc.close();
  });
});

describe('a text in the object store', () => {
  it('is published again where the object is lost', async () => {
    await using nats = await natsForTest();
    await using folder = await makeFolder(['leaf1']);
    const text = noise(1_500_000);
    await folder.write('intended/configs/leaf1.cfg', text);
    const first = watchStore(nats.store, await openFilesIn(folder.folder));
    await first.watcher.ready;
    await first.watcher[Symbol.asyncDispose]();
    await nats.store.jsm.streams.delete(`OBJ_${buckets.bodies('dc1')}`);
    const second = watchStore(nats.store, await openFilesIn(folder.folder));
    await second.watcher.ready;
    expect(await published(nats.store, 'leaf1')).toBe(text);
    await second.watcher[Symbol.asyncDispose]();
  });
});
