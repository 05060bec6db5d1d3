import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { leaseKey, subjects } from '../../../../core/bus.ts';
import { ask } from '../../../../core/store/ask.ts';
import { newJobId } from '../../../../core/store/jobs.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import { natsForTest } from '../../../nats.ts';
import { stateOf } from '../../api/harness.ts';

const runner = {
  runner: 'r1',
  version: 'test',
  host: 'here',
  pid: 1,
  startedAt: new Date().toISOString(),
  devices: [],
  waiting: 1,
  jobs: 0,
};

const beat = () => ({ n: 1, at: new Date().toISOString() });

const letGo = (store: Store) =>
  Promise.all([
    putRecord(store.state, 'leaf1', stateOf('leaf1', { runner: 'r1' })),
    putRecord(store.lease, leaseKey.runner('r1'), beat()),
  ]);

describe.concurrent('what is asked of a device', () => {
  it('that its runner has let go and takes again is answered once it has', async () => {
    await using nats = await natsForTest();
    await letGo(nats.store);
    const answer = ask(nats.store, 'leaf1', 'command', { command: 'show version' });
    await wait(300); // nobody is there
    const taken = nats.store.nc.subscribe(subjects.request('dc1', 'leaf1', 'command'), {
      callback: (_, message) => void message.respond(JSON.stringify({ output: 'taken' })),
    });
    expect(await answer).toEqual({ output: 'taken' });
    taken.unsubscribe();
  });

  it('that its runner does not take again says which runner that is', async () => {
    await using nats = await natsForTest();
    await letGo(nats.store);
    const say = () => putRecord(nats.store.lease, leaseKey.runner('r1'), beat()).catch(() => {}); // it is over
    const beats = setInterval(say, 200);
    const asked = ask(nats.store, 'leaf1', 'resume', {}, { retakenMs: 300 }).finally(() => clearInterval(beats));
    await expect(asked).rejects.toMatchObject({
      code: 'no_runner',
      message: expect.stringMatching(
        /^leaf1: no runner holds it: r1 held it last, is up \(last heard from \d\.\d s ago\), and did not take it again within 0\.3 s/,
      ),
    });
  });

  it('whose runner was killed says how long ago that was heard, and not that it is up', async ({ expect }) => {
    await using nats = await natsForTest();
    await letGo(nats.store);
    await putRecord(nats.store.runners, 'r1', runner); // as it stays there for half a minute
    const asked = ask(nats.store, 'leaf1', 'approve', { job: newJobId() }, { retakenMs: 3_500 });
    await expect(asked).rejects.toMatchObject({
      code: 'no_runner',
      message: expect.stringMatching(
        /: r1 held it last and was last heard from (?:[3-9]|\d\d)\.\d s ago: it is dead or cut off/,
      ),
    });
  });

  it('whose runner was buried is refused with that', async ({ expect }) => {
    await using nats = await natsForTest();
    await letGo(nats.store);
    const at = new Date().toISOString();
    await putRecord(nats.store.lease, leaseKey.runner('r1'), { buried: { by: 'r2', over: 1, at } });
    const asked = ask(nats.store, 'leaf1', 'resume', {}, { retakenMs: 300 });
    await expect(asked).rejects.toMatchObject({
      message: expect.stringMatching(/last heard from 1\d\.\d s ago: it is dead/),
    });
  });

  it('that nobody held is refused at once', async () => {
    await using nats = await natsForTest();
    const beganMs = performance.now();
    await expect(ask(nats.store, 'leaf1', 'resume', {})).rejects.toMatchObject({ code: 'no_runner' });
    expect(performance.now() - beganMs).toBeLessThan(4_000);
  });
});
