import { writeFile } from 'node:fs/promises';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { buckets, headers, streams, subjects } from '../../../../core/bus.ts';
import { fetchIntent, publishIntent } from '../../../../core/store/intents.ts';
import { getJob, listJobs, newJobId } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import { natsForTest } from '../../../nats.ts';
import { racedStore } from '../../../raced.ts';
import { stateOf } from '../../api/harness.ts';
import {
  config,
  entryOf,
  eventually,
  inventoryOf,
  makeFolder,
  makeRepository,
  openFilesIn,
  openGitIn,
  published,
  watchSource,
  watchStore,
} from '../site.ts';

const byHand = 'hostname leaf1\n! by hand\n';

const giveUp = (store: Store, text: string) =>
  putRecord(
    store.state,
    'leaf1',
    stateOf('leaf1', { blocked: [{ sha256: sha256(text), why: 'given_up', since: new Date().toISOString() }] }),
  );

describe('a text that was published by hand', () => {
  it('stays until the source holds something new', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    site.store.nc.publish(subjects.intent('dc1', 'leaf1'), byHand);
    await site.story.until('held', ({ device }) => device === 'leaf1');
    await writeFile(folder.configPath('leaf2'), config('leaf2', 'two'));
    await site.story.until('published', ({ device, elapsedMs }) => device === 'leaf2' && elapsedMs !== undefined);
    expect(await published(site.store, 'leaf1')).toBe(byHand);
    await writeFile(folder.configPath('leaf1'), config('leaf1', 'two'));
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1', 'two')));
    const recorded = async () => (await entryOf(site.store, 'leaf1'))?.intended?.sha256;
    await eventually(async () => expect(await recorded()).toBe(sha256(config('leaf1', 'two'))));
  });

  it('stays over a restart of the watcher, and over a change that was missed it does not', async () => {
    await using nats = await natsForTest();
    await using folder = await makeFolder();
    const first = watchStore(nats.store, await openFilesIn(folder.folder));
    await first.watcher.ready;
    await first.watcher[Symbol.asyncDispose]();
    await publishIntent(nats.store, 'leaf1', byHand, {});
    const second = watchStore(nats.store, await openFilesIn(folder.folder));
    await second.story.until('held');
    expect(await published(nats.store, 'leaf1')).toBe(byHand);
    await second.watcher[Symbol.asyncDispose]();
    await writeFile(folder.configPath('leaf1'), config('leaf1', 'missed'));
    const third = watchStore(nats.store, await openFilesIn(folder.folder));
    await third.watcher.ready;
    expect(await published(nats.store, 'leaf1')).toBe(config('leaf1', 'missed'));
    await third.watcher[Symbol.asyncDispose]();
  });

  it('gives way once someone says resume, long before the next look', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    await publishIntent(site.store, 'leaf1', byHand, {});
    await site.story.until('held');
    site.story.forget();
    await giveUp(site.store, byHand);
    await site.story.until('published', ({ elapsedMs, device }) => device === 'leaf1' && elapsedMs === undefined);
    await eventually(async () => expect(await published(site.store, 'leaf1')).toBe(config('leaf1')));
  });
});

describe('a text that another one was published before, at the same moment', () => {
  it('leaves no job that waits: its record names the one that came first', async () => {
    await using nats = await natsForTest();
    await using folder = await makeFolder(['leaf1']);
    const first = `${byHand}! first\n`;
    let quicker = false;
    const store = racedStore(nats.store, 'leaf1', async () => {
      if (quicker) await publishIntent(nats.store, 'leaf1', first, { job: newJobId() });
      quicker = false;
    });
    const { watcher, story } = watchStore(store, await openFilesIn(folder.folder));
    await using _watcher = watcher;
    await watcher.ready;
    await publishIntent(nats.store, 'leaf1', byHand, {});
    await story.until('held');
    story.forget();
    quicker = true;
    await giveUp(nats.store, byHand);
    await story.until('held');
    const head = await fetchIntent(nats.store, 'leaf1');
    expect(head && Buffer.from(head.body).toString()).toBe(first);
    const { jobs } = await listJobs(nats.store, { devices: ['leaf1'] });
    const [newest] = jobs;
    await eventually(async () =>
      expect(await getJob(nats.store, newest?.id ?? '')).toMatchObject({
        state: 'finished',
        supersededBy: head?.meta.job,
        outcome: { kind: 'failed', code: 'superseded', detail: expect.stringContaining('was not published') },
      }),
    );
    await giveUp(nats.store, first);
    await story.until('published'); // under a job of its own
    const { meta } = (await fetchIntent(nats.store, 'leaf1')) ?? {};
    expect(meta?.job).not.toBe(newest?.id);
  });
});

describe('a watcher and its store', () => {
  it('publishes nothing that is there already, at its start and at each look', async () => {
    await using nats = await natsForTest();
    await using folder = await makeFolder();
    const first = watchStore(nats.store, await openFilesIn(folder.folder));
    await first.watcher.ready;
    await first.watcher[Symbol.asyncDispose]();
    const { state } = await nats.store.jsm.streams.info(streams.intent('dc1'));
    const records = (await nats.store.inventory.status()).streamInfo.state.last_seq;
    const second = watchStore(nats.store, await openFilesIn(folder.folder));
    await second.watcher.ready;
    await second.watcher[Symbol.asyncDispose]();
    expect((await nats.store.jsm.streams.info(streams.intent('dc1'))).state.last_seq).toBe(state.last_seq);
    expect((await nats.store.inventory.status()).streamInfo.state.last_seq).toBe(records);
  });

  it('does not believe a header that claims our hash over another text', async () => {
    await using folder = await makeFolder();
    await using nats = await natsForTest();
    const to = natsHeaders();
    to.set(headers.origin, 'source');
    to.set(headers.sha256, sha256(config('leaf1')));
    await nats.store.js.publish(subjects.intent('dc1', 'leaf1'), 'something else', { headers: to });
    const { watcher } = watchStore(nats.store, await openFilesIn(folder.folder));
    await watcher.ready;
    expect(await published(nats.store, 'leaf1')).toBe(config('leaf1'));
    await watcher[Symbol.asyncDispose]();
  });

  it('heals a crash between the text and its record', async () => {
    await using nats = await natsForTest();
    await using folder = await makeFolder();
    await publishIntent(nats.store, 'leaf1', config('leaf1'), { fromSource: true }, 0);
    const { watcher } = watchStore(nats.store, await openFilesIn(folder.folder));
    await watcher.ready;
    expect((await entryOf(nats.store, 'leaf1'))?.intended?.sha256).toBe(sha256(config('leaf1')));
    await watcher[Symbol.asyncDispose]();
  });

  it('takes a device that left the inventory out of the bucket, also one that left while it was down', async () => {
    await using nats = await natsForTest();
    await using folder = await makeFolder(['leaf1', 'leaf2', 'leaf3']);
    const first = watchStore(nats.store, await openFilesIn(folder.folder));
    await first.watcher.ready;
    await folder.write('inventory.yml', inventoryOf(['leaf1', 'leaf2']));
    await eventually(async () => expect(await entryOf(nats.store, 'leaf3')).toBeUndefined());
    expect(await published(nats.store, 'leaf3')).toBe(config('leaf3'));
    await first.watcher[Symbol.asyncDispose]();
    await folder.write('inventory.yml', inventoryOf(['leaf1']));
    const second = watchStore(nats.store, await openFilesIn(folder.folder));
    await second.watcher.ready;
    expect(await entryOf(nats.store, 'leaf2')).toBeUndefined();
    expect(await entryOf(nats.store, 'leaf1')).toBeDefined();
    await second.watcher[Symbol.asyncDispose]();
  });

  it('rebuilds a stream and buckets that were deleted under it', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    await site.store.jsm.streams.delete(streams.intent('dc1'));
    await site.store.inventory.destroy();
    await eventually(async () => expect(await published(site.store, 'leaf2')).toBe(config('leaf2')));
    await eventually(async () => expect(await entryOf(site.store, 'leaf2')).toBeDefined());
  });
});

describe('a commit that changes a device and its policy', () => {
  it('brings the policy first: whoever begins the text finds it', async () => {
    await using folder = await makeRepository(['leaf1']);
    await using site = await watchSource(await openGitIn(folder.folder));
    const order: string[] = [];
    const hear = (subject: string, what: string) =>
      site.store.nc.subscribe(subject, {
        callback: (_, message) =>
          void order.push(message.string().includes('"approval":"manual"') || what === 'text' ? what : ''),
      });
    hear(`$KV.${buckets.inventory('dc1')}.leaf1`, 'policy');
    hear(subjects.intent('dc1', 'leaf1'), 'text');
    await folder.write(
      'inventory.yml',
      inventoryOf(['leaf1']).replace('leaf1: {}', 'leaf1: { policy: { approval: manual } }'),
    );
    await folder.write('intended/configs/leaf1.cfg', config('leaf1', 'two'));
    await folder.commitAll('both');
    await eventually(() => expect(order).toContain('text'));
    expect(order.slice(0, 2)).toEqual(['policy', 'text']);
  });
});
