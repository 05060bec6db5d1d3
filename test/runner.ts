import { pino } from 'pino';
import { DeviceState, type Job } from '../core/bus.ts';
import type { IntentMeta } from '../core/intent/meta.ts';
import { type Device, defaultPolicy, type Inventory, type Policy } from '../core/inventory/schema.ts';
import { publishIntent } from '../core/store/intents.ts';
import { watchJob } from '../core/store/job-watch.ts';
import { newJob, putJob } from '../core/store/jobs.ts';
import { getRecord } from '../core/store/records.ts';
import type { Store } from '../core/store/store.ts';
import { type RunnerHandle, type RunnerOptions, startRunner } from '../runners/main.ts';
import type { FakeDevice } from './fake-device.ts';

export const deviceForTest = (policy: Partial<Policy> = {}, name = 'leaf1'): Device => ({
  name,
  host: '127.0.0.1',
  platform: 'generic',
  transport: undefined,
  port: undefined,
  credentials: { username: 'admin', password: { literal: 'not-a-secret' } },
  role: undefined,
  groups: [],
  vars: {},
  policy: { ...defaultPolicy, firstDeployment: 'auto', pollSeconds: 1, ...policy },
  options: {},
});

/** A runner that holds one faked device. */
export const runnerForTest = (
  store: Store,
  device: Pick<FakeDevice, 'driver'>,
  policy: Partial<Policy> = {},
  more: Partial<RunnerOptions> = {},
): Promise<RunnerHandle> => {
  const entry = deviceForTest(policy);
  const inventory: Inventory = { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([[entry.name, entry]]) };
  const log = pino({ level: process.env.PLUMB_TEST_LOG ?? 'silent' });
  return startRunner({
    store,
    inventory,
    driverFor: () => device.driver,
    knownHosts: '/dev/null',
    log,
    version: 'test',
    settled: true,
    ...more,
  });
};

/** Publishes an intent under a job of its own. @returns the job's id */
export const publishForTest = async (store: Store, text: string, meta: IntentMeta = {}): Promise<string> => {
  const job = newJob('leaf1', 'deploy');
  await putJob(store, job);
  await publishIntent(store, 'leaf1', text, { fromSource: true, ...meta, job: job.id });
  return job.id;
};

/** Publishes an intent and resolves with its job once it reached `state`. */
export const deployForTest = async (
  store: Store,
  text: string,
  meta: IntentMeta = {},
  state = 'finished',
): Promise<Job> => jobAt(store, await publishForTest(store, text, meta), state);

/** Resolves with the job once it reached `state`. */
export const jobAt = (store: Store, id: string, state = 'finished'): Promise<Job> =>
  jobWhen(store, id, (job) => job.state === state || job.steps.some(({ step }) => step === state), `"${state}"`);

/** Resolves with the job once its record is as wanted: the record keeps each step, however short it was. */
export const jobWhen = async (store: Store, id: string, wanted: (job: Job) => boolean, what = 'that'): Promise<Job> => {
  let last: Job | undefined;
  for await (const job of watchJob(store, id, AbortSignal.timeout(100_000))) {
    last = job;
    if (wanted(job)) return job;
  }
  throw new Error(`job ${id} never came to ${what}: ${JSON.stringify(last?.steps)}`);
};

/** Of a job that waited for an approval, was approved, and waits once more. */
export const askedAgain = ({ steps }: Job): boolean => steps.filter(({ step }) => step === 'awaiting').length > 1;

/** Resolves with the device's record once it is as wanted. */
export const stateWhen = async (store: Store, wanted: (state: DeviceState) => boolean): Promise<DeviceState> => {
  const watch = await store.state.watch({ key: 'leaf1' });
  const late = setTimeout(() => watch.stop(), 100_000);
  try {
    for await (const _ of watch) {
      const state = (await getRecord(store.state, DeviceState, 'leaf1'))?.value;
      if (state && wanted(state)) return state;
    }
  } finally {
    clearTimeout(late);
    watch.stop();
  }
  throw new Error('the device never came to that state');
};
