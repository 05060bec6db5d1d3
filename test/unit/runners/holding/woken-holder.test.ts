import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Heartbeat, type Job, leaseKey, type Step } from '../../../../core/bus.ts';
import { getStoredJob } from '../../../../core/store/jobs.ts';
import { putRecord } from '../../../../core/store/records.ts';
import type { Store } from '../../../../core/store/store.ts';
import type { Candidate, Driver, Session, Trial } from '../../../../runners/driver.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { jobAt, publishForTest, runnerForTest, stateWhen } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = `${old} neighbor 10.0.0.0\n`;

/** Where the first runner is stopped: before or after its n-th exchange of a kind with the device. */
type Moment = { point: string; nth: number; step: Step };
const moments: Moment[] = [
  { point: 'before load', nth: 1, step: 'loading' },
  { point: 'after diff', nth: 1, step: 'diffing' },
  { point: 'before open', nth: 2, step: 'diffing' },
  { point: 'before commit', nth: 1, step: 'committing' },
  { point: 'after commit', nth: 1, step: 'committing' },
  { point: 'before open', nth: 3, step: 'checking' },
  { point: 'before confirm', nth: 1, step: 'confirming' },
  { point: 'after confirm', nth: 1, step: 'confirming' },
  { point: 'before load', nth: 2, step: 'reading_back' },
  { point: 'after diff', nth: 2, step: 'reading_back' },
];

const changes = /commit|confirm|undo/;

/** The device as one runner sees it, which is stopped at a moment and says what it did to the device after that. */
const stoppedAt = (device: FakeDevice, { point, nth }: Moment) => {
  const after: string[] = [];
  let count = 0;
  let stop = () => {};
  let wake = () => {};
  let isStopped = false;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const at = async (here: string) => {
    if (isStopped && changes.test(here)) after.push(here);
    if (here !== point || ++count !== nth) return;
    isStopped = true;
    stop();
    await woken;
  };
  let isAwake = false;
  const watched = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    await at(`before ${name}`);
    const result = await work();
    await at(`after ${name}`);
    return result;
  };
  const trial = (of: Trial): Trial => ({
    ...of,
    confirm: (...given) => watched('confirm', () => of.confirm(...given)),
    undo: (...given) => watched('undo', () => of.undo(...given)),
  });
  const candidate = (of: Candidate): Candidate => ({
    ...of,
    diff: () => watched('diff', () => of.diff()),
    commit: (options) => watched('commit', async () => trial(await of.commit(options))),
  });
  const session = (of: Session): Session => ({
    ...of,
    load: (...given) => watched('load', async () => candidate(await of.load(...given))),
    pending: async (known) => {
      const found = await of.pending(known);
      return found && trial(found);
    },
  });
  const { driver: plain } = device;
  const driver: Driver = {
    ...plain,
    open: (...given) => watched('open', async () => session(await plain.open(...given))),
  };
  return {
    driver,
    stopped,
    wake: () => {
      isAwake = true;
      wake();
    },
    woken,
    isStopped: () => isStopped && !isAwake,
    after,
  };
};

type Seen = ReturnType<typeof stoppedAt>;

/** What a runner has of its bus while it is stopped: it says nothing and hears nothing, and its requests have timed out by then. */
const asleep = (store: Store, { isStopped, woken }: Seen): Store => {
  const bound = <T extends object>(of: T, mine: Partial<T>): T =>
    new Proxy(of, {
      get: (target, name) => {
        const value: unknown = Reflect.get(name in mine ? mine : target, name);
        return typeof value === 'function' ? value.bind(name in mine ? mine : target) : value;
      },
    });
  const { js, nc } = store;
  return {
    ...store,
    js: bound(js, {
      publish: (subject, ...rest) =>
        isStopped() && subject.startsWith('$KV.dc1-lease.')
          ? woken.then(() => Promise.reject(new Error('timeout')))
          : js.publish(subject, ...rest),
    }),
    nc: bound(nc, {
      subscribe: (subject, options) =>
        nc.subscribe(subject, {
          ...options,
          callback: (...heard) =>
            void (isStopped() ? woken : Promise.resolve()).then(() => options?.callback?.(...heard)),
        }),
      flush: async () => {
        if (isStopped()) await woken;
        await nc.flush();
      },
      reconnect: async () => {},
    }),
  };
};

/** Lets 20 s pass for every runner that is there. */
const letTimePass = (): void => {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 20_000);
};

/** As another runner says it that heard nothing for 10 s. */
const bury = async (store: Store, runner: string): Promise<void> => {
  const buried = { by: 'another', over: 0, at: new Date().toISOString() };
  await putRecord(store.lease, leaseKey.runner(runner), { buried } satisfies Heartbeat);
};

describe('a holder that wakes up after its lease has lapsed', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(moments)(
    '$point $nth finds its job done by another, and touches neither the device nor a record',
    async (moment) => {
      await using nats = await natsForTest();
      const device = new FakeDevice(old);
      const seen = stoppedAt(device, moment);
      await using first = await runnerForTest(asleep(nats.store, seen), seen);
      const { name } = first;
      await stateWhen(nats.store, ({ runner }) => runner === name);
      const id = await publishForTest(nats.store, wanted);
      await seen.stopped;
      await jobAt(nats.store, id, moment.step);
      letTimePass();
      await bury(nats.store, name);
      await using second = await runnerForTest(nats.store, device);
      const job = await jobAt(nats.store, id);
      expect(['applied', 'unchanged']).toContain(job.outcome?.kind);
      expect(job.takeovers).toMatchObject([{ step: moment.step, from: name, by: second.name, epoch: job.epoch }]);
      await stateWhen(nats.store, ({ sync, runner }) => sync === 'in_sync' && runner === second.name);
      const { seq } = await getStoredJob(nats.store, id);
      const said: string[] = [];
      for (const subject of ['dc1.leaf1.job.*', '$KV.dc1-state.leaf1']) {
        nats.store.nc.subscribe(subject, {
          callback: (_, message) => void said.push(message.json<{ runner?: string }>().runner ?? 'nobody'),
        });
      }
      await nats.store.nc.flush();
      seen.wake();
      await expect.poll(() => first.devices()).toEqual([]);
      await first[Symbol.asyncDispose]();
      await nats.store.nc.flush();
      expect(seen.after).toEqual([]);
      expect(said).not.toContain(name);
      expect((await getStoredJob(nats.store, id)).seq).toBe(seq);
      expect([device.running, device.startup, device.trial]).toEqual([wanted, wanted, undefined]);
    },
  );

  it('takes its own job up anew where nobody else did', async () => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    const moment: Moment = { point: 'before open', nth: 3, step: 'checking' };
    const seen = stoppedAt(device, moment);
    const timing = { settleMs: 200 };
    await using runner = await runnerForTest(asleep(nats.store, seen), seen, {}, { timing });
    await stateWhen(nats.store, ({ runner: by }) => by === runner.name);
    const id = await publishForTest(nats.store, wanted);
    await seen.stopped;
    await jobAt(nats.store, id, moment.step);
    letTimePass();
    seen.wake();
    const job: Job = await jobAt(nats.store, id);
    expect(job).toMatchObject({
      outcome: { kind: 'applied' },
      takeovers: [{ step: 'checking', from: runner.name, by: runner.name }],
    });
    expect([device.running, device.startup, device.trial]).toEqual([wanted, wanted, undefined]);
  });
});
