import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { subjects } from '../../../../core/bus.ts';
import { ask } from '../../../../core/store/ask.ts';
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

const letGo = (store: Store) =>
  Promise.all([
    putRecord(store.state, 'leaf1', stateOf('leaf1', { runner: 'r1' })),
    putRecord(store.runners, 'r1', runner),
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
    const asked = ask(nats.store, 'leaf1', 'resume', {}, { retakenMs: 300 });
    await expect(asked).rejects.toMatchObject({
      code: 'no_runner',
      message: 'leaf1: no runner holds it: r1 held it last, is up, and has not taken it again within 0.3 s',
    });
  });

  it('that nobody held is refused at once', async () => {
    await using nats = await natsForTest();
    const beganMs = performance.now();
    await expect(ask(nats.store, 'leaf1', 'resume', {})).rejects.toMatchObject({ code: 'no_runner' });
    expect(performance.now() - beganMs).toBeLessThan(4_000);
  });
});
