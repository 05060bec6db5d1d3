import { type JobKind, KeptId, limits, type Outcome } from '../../core/bus.ts';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { getStoredJob, isOfAnother, newJob } from '../../core/store/jobs.ts';
import { casRecord, getRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { cut, failure, JobRecord } from '../holding/job-record.ts';
import type { Turn } from '../holding/turn.ts';
import { asFailure } from '../lifecycle/own-fault.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';

/** Who asked, under which job, and until when an answer is waited for, by `performance.now()`. */
export type Asker = { job: string | undefined; author: string | undefined; untilMs: number };

/** What a holder answers; the keys of `core/store/ask.ts`'s callers. */
export type Answer = Record<string, unknown>;

const ofAnother = (device: string, id: string): PlumbError =>
  new PlumbError('conflict', `${device}: job ${id} belongs to another device`, { hint: 'use a new id, or none' });

/**
 * Keeps an id for this device that its asker made: two devices that are asked under the same one at the same moment find no
 * record of each other.
 *
 * @throws PlumbError `conflict` where another device was first
 */
const keepId = async ({ runners }: Store, id: string, device: string): Promise<void> => {
  const key = `job.${id}`;
  try {
    await casRecord(runners, key, { device } satisfies KeptId, 0);
  } catch (error) {
    if (!isOutcome(error, 'conflict')) throw error;
    if ((await getRecord(runners, KeptId, key))?.value.device !== device) throw ofAnother(device, id);
  }
};

/** The record of the work that was asked for, or a new one. @throws PlumbError `conflict` where that job is over, or another device's */
export const recordFor = async (
  { context }: DeviceLoop,
  kind: JobKind,
  asker: Asker,
  request: unknown,
): Promise<JobRecord> => {
  const { store, device } = context;
  const { job: known, seq } =
    asker.job === undefined ? { job: undefined, seq: 0 } : await getStoredJob(store, asker.job, device.name);
  if (known?.state === 'finished')
    throw new PlumbError('conflict', `${device.name}: job ${known.id} is already finished`);
  const job = known ?? newJob(device.name, kind, asker.job);
  if (asker.job !== undefined && seq === 0) {
    if (await isOfAnother(store, job.id, device.name)) throw ofAnother(device.name, job.id);
    await keepId(store, job.id, device.name);
  }
  const record = new JobRecord(context, job, seq);
  record.set({ request, ...(asker.author ? { author: asker.author } : {}) });
  return record;
};

/** An answer as its record keeps it: long texts are cut. */
const kept = (answer: Answer): Answer =>
  Object.fromEntries(
    Object.entries(answer).map(([key, value]) => {
      if (typeof value === 'string') return [key, cut(value)];
      const length = JSON.stringify(value)?.length ?? 0;
      return [key, length > limits.recordBytes ? `${length} characters of JSON, too many to store` : value];
    }),
  );

/** Its turn on the session: queued until it begins, and dropped once its asker has gone. */
const turnOf = (record: JobRecord, { author, untilMs }: Asker): Turn => ({
  what: `job ${record.job.id} (${record.job.kind}${author ? ` by ${author}` : ''})`,
  untilMs,
  waits: (behind) => record.detail(`queued behind ${behind}`),
  begins: () => record.step('running'),
});

/** Work of the device that is recorded as a job of its own and ends with an answer. */
export const recorded = async (
  loop: DeviceLoop,
  kind: JobKind,
  asker: Asker,
  request: unknown,
  work: (record: JobRecord, turn: Turn) => Promise<Answer>,
): Promise<Answer> => {
  const record = await recordFor(loop, kind, asker, request);
  try {
    const answer = await work(record, turnOf(record, asker));
    const outcome: Outcome = kind === 'diff' ? { kind: 'previewed' } : { kind: 'done' };
    record.set({ result: kept(answer) });
    await record.finish(outcome);
    return { ...answer, job: record.job.id };
  } catch (error) {
    const why = asFailure(error, loop.context, `doing "${kind}"`);
    await record.finish(failure(why));
    throw why;
  }
};
