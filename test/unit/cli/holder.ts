import { headers as natsHeaders } from '@nats-io/transport-node';
import { type DeviceState, headers, type Job, requests, subjects, type Verb } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { getJob, newJob } from '../../../core/store/jobs.ts';
import { putRecord } from '../../../core/store/records.ts';
import type { Store } from '../../../core/store/store.ts';
import { storeJob } from '../../stored.ts';

type Asked = { device: string; payload: Record<string, unknown>; job: string | undefined };
export type Answers = Partial<Record<Verb, (asked: Asked) => unknown>>;

/** A state in which nothing is wrong. */
export const goodState = (device: string, more: Partial<DeviceState> = {}): DeviceState => {
  const at = new Date(Date.now() - 150 * 60_000).toISOString();
  const generation = { at, sha256: 'a'.repeat(64) };
  const job = newJob(device, 'deploy').id;
  return {
    version: 2,
    device,
    sync: 'in_sync',
    reason: '',
    intent: { generation },
    attempt: { generation, job, at, outcome: 'applied', count: 1 },
    applied: { generation, job, at, commit: '0123456789abcdef', runningSha256: 'b'.repeat(64) },
    changed: { at, runningSha256: 'b'.repeat(64) },
    trial: null,
    blocked: [],
    hand: null,
    said: null,
    bgp: { established: 2, expected: 2, at },
    session: { state: 'connected', error: '', at },
    lastJob: job,
    runner: 'r1',
    epoch: 1,
    updatedAt: at,
    ...more,
  };
};

/** Stands in for the runner that holds these devices: its records, and an answer for each verb that is given. */
export const holderOf = async (
  store: Store,
  devices: readonly string[],
  answers: Answers = {},
): Promise<AsyncDisposable> => {
  const startedAt = new Date().toISOString();
  const record = { runner: 'r1', version: '0', host: 'test', pid: 1, startedAt, devices, waiting: 0, jobs: 0 };
  const beat = () => putRecord(store.runners, 'r1', record);
  await beat();
  for (const device of devices) await putRecord(store.lease, device, { runner: 'r1', epoch: 1 });
  const subscriptions = devices.flatMap((device) =>
    (Object.keys(requests) as Verb[]).map((verb) => {
      const answer = answers[verb];
      return store.nc.subscribe(subjects.request(store.site, device, verb), {
        callback: (_, message) => {
          try {
            const job = message.headers?.get(headers.job) || undefined;
            if (!answer) throw new PlumbError('unsupported', `${device}: no ${verb}`);
            message.respond(JSON.stringify(answer({ device, payload: message.json(), job })));
          } catch (error) {
            const to = natsHeaders();
            to.set(headers.errorCode, error instanceof PlumbError ? error.code : 'invalid_request');
            to.set(headers.error, error instanceof Error ? error.message : String(error));
            message.respond('', { headers: to });
          }
        },
      });
    }),
  );
  await store.nc.flush();
  /** A lease without a time is one of an older release: it ends where it is not renewed. */
  const renew = async (device: string) => {
    const found = await store.lease.get(device);
    if (found?.operation !== 'PUT') return;
    await store.lease.update(device, found.value, found.revision).catch(() => {}); // a test has changed it meanwhile
  };
  let beaten: Promise<unknown> = Promise.resolve();
  const beats = setInterval(() => {
    beaten = beaten.then(beat).then(() => Promise.all(devices.map(renew)));
  }, 4_000).unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(beats);
      await beaten;
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
};

/** Ends a job as a runner would. */
export const finish = async (
  store: Store,
  device: string,
  id: string,
  outcome: Job['outcome'],
  more: Partial<Job> = {},
) => {
  const now = new Date().toISOString();
  const present = (await getJob(store, id, device)) ?? newJob(device, 'deploy', id);
  await storeJob(store, {
    ...present,
    ...more,
    state: 'finished',
    updatedAt: now,
    finishedAt: now,
    ...(outcome ? { outcome } : {}),
  });
};
