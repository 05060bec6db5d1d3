import { randomBytes } from 'node:crypto';
import { deviceOf, type Generation, isJobId, Job, type JobKind, type Outcome, streams, subjects } from '../bus.ts';
import { defined } from '../defined.ts';
import { explain, isOutcome, PlumbError } from '../errors.ts';
import { redactAll } from '../redact/redact-all.ts';
import { endOf } from '../steps.ts';
import { sha256 } from './payload.ts';
import { parseRecord } from './records.ts';
import type { Store } from './store.ts';

/** Sorts by time: milliseconds in base 36, then 80 random bits. */
export const newJobId = (now = Date.now()): string =>
  now.toString(36).padStart(9, '0') +
  BigInt(`0x${randomBytes(10).toString('hex')}`)
    .toString(36)
    .padStart(16, '0');

/** The job id of a message that names none: everyone who sees the message derives the same id. */
export const messageJobId = ({ at, stream = '', seq = 0 }: Omit<Generation, 'sha256'>): string => {
  const ms = Date.parse(at);
  const random = BigInt(`0x${sha256(Buffer.from(`${stream} ${seq}`)).slice(0, 20)}`);
  return `${(Number.isNaN(ms) ? Date.now() : ms).toString(36).padStart(9, '0')}${random.toString(36).padStart(16, '0')}`;
};

/** When a job was requested, from its id. */
export const jobTime = (id: string): Date => new Date(Number.parseInt(id.slice(0, 9), 36));

/** @throws PlumbError `invalid_request` for an invalid id: it becomes a subject, and a name on the device */
export const newJob = (device: string, kind: JobKind, id = newJobId()): Job => {
  if (!isJobId(id)) throw new PlumbError('invalid_request', `${device}: "${id.slice(0, 40)}" is not a job id`);
  const now = new Date().toISOString();
  return {
    id,
    device,
    kind,
    state: 'queued',
    createdAt: now,
    updatedAt: now,
    checks: [],
    warnings: [],
    steps: [{ step: 'queued', startedAt: now }],
  };
};

/**
 * Publishes the whole record; every string in it goes through the redaction, whoever made it.
 *
 * @param seq of the stored record that this one replaces; 0: there is none
 * @returns the sequence under which it is stored
 * @throws PlumbError `conflict` when someone else wrote in between
 */
export const putJob = async (store: Store, job: Job, seq = 0): Promise<number> => {
  try {
    const record = JSON.stringify(await redactAll(job));
    const ack = await store.js.publish(subjects.job(store.site, job.device, job.id), record, {
      expect: { lastSubjectSequence: seq },
    });
    return ack.seq;
  } catch (cause) {
    if (cause instanceof Error && /wrong last sequence/i.test(cause.message))
      throw new PlumbError('conflict', `job ${job.id} was written by someone else at the same time`, { cause });
    throw cause;
  }
};

/**
 * A record as it is stored, and when by the server's clock. `job` is undefined where there is none, or one of another form;
 * `seq` 0: there is none.
 */
export type StoredJob = { job: Job | undefined; seq: number; at?: Date };

export const getStoredJob = async (store: Store, id: string, device = '*'): Promise<StoredJob> => {
  const message = await store.jsm.streams.getMessage(streams.jobs(store.site), {
    last_by_subj: subjects.job(store.site, device, id),
  });
  if (!message) return { job: undefined, seq: 0 };
  return { job: parseRecord(Job, message.data), seq: message.seq, at: message.time };
};

export const getJob = async (store: Store, id: string, device = '*'): Promise<Job | undefined> =>
  (await getStoredJob(store, id, device)).job;

/** The error when one id belongs to several jobs: continuing could pick any of them. */
export const sharedId = (id: string): PlumbError =>
  new PlumbError('conflict', `${id} is the id of several jobs: someone gave it to the work of several devices`, {
    hint: `\`plumb jobs\` lists them; name the device of the one you mean, as in \`nats req SITE.DEVICE.cancel ${id}\``,
  });

/** The job of that id, whatever its device. @throws PlumbError `conflict` if several devices have one */
export const getOnlyJob = async (store: Store, id: string): Promise<Job | undefined> => {
  const filter = subjects.job(store.site, '*', id);
  const { state } = await store.jsm.streams.info(streams.jobs(store.site), { subjects_filter: filter });
  const [first, second] = Object.keys(state.subjects ?? {});
  if (second !== undefined) throw sharedId(id);
  return first === undefined ? undefined : getJob(store, id, deviceOf(first));
};

/**
 * Whether a job of that id is known for another device, and none for this one: an id from outside may be any device's.
 */
export const isOfAnother = async (store: Store, id: string, device: string): Promise<boolean> => {
  const message = await store.jsm.streams.getMessage(streams.jobs(store.site), {
    last_by_subj: subjects.job(store.site, '*', id),
  });
  if (!message || deviceOf(message.subject) === device) return false;
  return (await getStoredJob(store, id, device)).seq === 0;
};

/** Writes the record of work that nobody has started yet, again if it is there already. */
export const putQueued = async (store: Store, job: Job): Promise<void> => {
  const { job: found, seq } = await getStoredJob(store, job.id, job.device);
  if (found?.runner === undefined && found?.state !== 'finished') await putJob(store, job, seq);
};

/** A record that has come to its end. */
export const finished = (job: Job, outcome: Outcome): Job => {
  const now = new Date().toISOString();
  const steps = job.steps.map((step) => ({ endedAt: endOf(step.startedAt, now), ...step }));
  return {
    ...job,
    state: 'finished',
    outcome,
    updatedAt: now,
    finishedAt: now,
    steps: [...steps, { step: 'finished', startedAt: now, endedAt: now }],
  };
};

/** Work that nobody started for so long never will be: a successor continues another's work within 5 min. */
export const untakenMs = 10 * 60_000;

/** The outcome of such work. */
export const neverTaken = (device: string, afterMs = untakenMs): PlumbError =>
  new PlumbError(
    'abandoned',
    `${device}: no runner took it up within ${Math.round(afterMs / 60_000)} min: whatever queued it died before sending it, or the runner before starting it`,
    { hint: 'nothing was done; try again' },
  );

/**
 * Ends the record of work that nobody started. Once a runner has started it, only that runner, or its successor, ends
 * it.
 *
 * @param by the job whose text came instead, where there is one
 * @param mayEnd which records that are not finished may be ended
 */
export const endUntaken = async (
  store: Store,
  { id, device }: Pick<Job, 'id' | 'device'>,
  error: PlumbError,
  by?: string,
  mayEnd = ({ runner }: Job): boolean => runner === undefined,
): Promise<void> => {
  const { code, hint } = error;
  const outcome: Outcome = { kind: 'failed', code, detail: explain(error), ...defined({ hint }) };
  const { job, seq } = await getStoredJob(store, id, device);
  if (!job || job.state === 'finished' || !mayEnd(job)) return;
  await putJob(store, finished({ ...job, ...defined({ supersededBy: by }) }, outcome), seq).catch(
    (failure: unknown) => {
      // a runner started it, or someone else ended it, between the read and the write
      if (!isOutcome(failure, 'conflict')) throw failure;
    },
  );
};

/** The command that a job ran, as its record has it: with its secrets masked. */
export const commandOf = ({ kind, request }: Pick<Job, 'kind' | 'request'>): string | undefined =>
  kind === 'command' && typeof request === 'object' && request && 'command' in request
    ? String(request.command)
    : undefined;

/** How many records are fetched at once for a list. */
const atOnce = 128;

export type JobQuery = { devices?: readonly string[]; state?: string; kind?: string; limit?: number; cursor?: string };

/**
 * Newest first.
 * @param query.cursor id of the last job of the page before
 */
export const listJobs = async (store: Store, query: JobQuery = {}): Promise<{ jobs: Job[]; cursor?: string }> => {
  const wanted = query.devices && new Set(query.devices);
  const filter = subjects.jobs(store.site, query.devices?.length === 1 ? query.devices[0] : '*');
  const info = await store.jsm.streams.info(streams.jobs(store.site), { subjects_filter: filter });
  const limit = query.limit ?? 50;
  const ids = Object.keys(info.state.subjects ?? {})
    .map((subject) => ({ id: subject.split('.')[3] ?? '', device: deviceOf(subject) }))
    .filter(({ id, device }) => (query.cursor === undefined || id < query.cursor) && (wanted?.has(device) ?? true))
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  const jobs: Job[] = [];
  for (let from = 0; from < ids.length; from += atOnce) {
    const some = ids.slice(from, from + atOnce);
    const records = await Promise.all(some.map(({ id, device }) => getJob(store, id, device)));
    for (const job of records) {
      if (jobs.length === limit) return { jobs, cursor: jobs.at(-1)?.id ?? '' };
      if (!job || (query.state && job.state !== query.state) || (query.kind && job.kind !== query.kind)) continue;
      jobs.push(job);
    }
  }
  return { jobs };
};
