import { randomBytes } from 'node:crypto';
import { deviceOf, type Generation, isJobId, Job, type JobKind, streams, subjects } from './bus.ts';
import { PlumbError } from './errors.ts';
import { sha256 } from './payload.ts';
import { parseRecord } from './records.ts';
import { redactAll } from './redact-all.ts';
import type { Store } from './store.ts';

/** Sorts by time: milliseconds in base 36, then 80 random bits. */
export const newJobId = (now = Date.now()): string =>
  now.toString(36).padStart(9, '0') +
  BigInt(`0x${randomBytes(10).toString('hex')}`)
    .toString(36)
    .padStart(16, '0');

/** The id of the job of a message that names none: whoever sees the message calls its job the same. */
export const messageJobId = ({ at, stream = '', seq = 0 }: Omit<Generation, 'sha256'>): string => {
  const ms = Date.parse(at);
  const random = BigInt(`0x${sha256(Buffer.from(`${stream} ${seq}`)).slice(0, 20)}`);
  return `${(Number.isNaN(ms) ? Date.now() : ms).toString(36).padStart(9, '0')}${random.toString(36).padStart(16, '0')}`;
};

/** When a job was asked for, from its id. */
export const jobTime = (id: string): Date => new Date(Number.parseInt(id.slice(0, 9), 36));

/** @throws PlumbError `invalid_request` for an id that is none: it becomes a subject, and a name on the device */
export const newJob = (device: string, kind: JobKind, id = newJobId()): Job => {
  if (!isJobId(id)) throw new PlumbError('invalid_request', `${device}: "${id.slice(0, 40)}" is no id of a job`);
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

/** Publishes the whole record; every string in it goes through the redaction, whoever made it. */
export const putJob = async (store: Store, job: Job): Promise<void> => {
  await store.js.publish(subjects.job(store.site, job.device, job.id), JSON.stringify(redactAll(job)));
};

export const getJob = async (store: Store, id: string, device = '*'): Promise<Job | undefined> => {
  const message = await store.jsm.streams.getMessage(streams.jobs(store.site), {
    last_by_subj: subjects.job(store.site, device, id),
  });
  return message ? parseRecord(Job, message.data) : undefined;
};

/** Records that are fetched side by side while a list is made. */
const atOnce = 128;

export type JobQuery = { device?: string; state?: string; kind?: string; limit?: number; cursor?: string };

/**
 * Newest first.
 * @param query.cursor id of the last job of the page before
 */
export const listJobs = async (store: Store, query: JobQuery = {}): Promise<{ jobs: Job[]; cursor?: string }> => {
  const filter = subjects.jobs(store.site, query.device);
  const info = await store.jsm.streams.info(streams.jobs(store.site), { subjects_filter: filter });
  const limit = query.limit ?? 50;
  const ids = Object.keys(info.state.subjects ?? {})
    .map((subject) => ({ id: subject.split('.')[3] ?? '', device: deviceOf(subject) }))
    .filter(({ id }) => query.cursor === undefined || id < query.cursor)
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

/**
 * Each record of a job as it is published, the present one first; ends after the finished one.
 * @param job `*`: every job of the device (or of all devices), the new ones only, without end
 */
export const watchJob = async function* (
  store: Store,
  id: string,
  signal: AbortSignal,
  device = '*',
): AsyncGenerator<Job> {
  if (signal.aborted) return;
  const subscription = store.nc.subscribe(subjects.job(store.site, device, id));
  const stop = () => subscription.unsubscribe();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await store.nc.flush();
    let newest = '';
    const present = id === '*' ? undefined : await getJob(store, id, device);
    if (present) {
      newest = present.updatedAt;
      yield present;
      if (present.state === 'finished') return;
    }
    for await (const message of subscription) {
      const job = parseRecord(Job, message.data);
      if (!job || (id !== '*' && job.updatedAt < newest)) continue;
      yield job;
      if (id !== '*' && job.state === 'finished') return;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
};
