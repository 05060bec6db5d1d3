import type { DeviceState, Job } from '../../../core/bus.ts';
import type { FailureCode } from '../../../core/errors.ts';
import { type Intent, type IntentHead, withOwnJob } from '../../../core/store/intents.ts';
import { getJob, getStoredJob, jobTime, newJob } from '../../../core/store/jobs.ts';
import { jobOf, jobOfIntent } from '../../../core/store/publish.ts';
import { isSameMessage } from '../../../core/wanted/generation.ts';
import { blockOf } from '../../../core/wanted/held.ts';
import { JobRecord } from '../../holding/job-record.ts';
import type { Recording } from '../../holding/recover.ts';
import { whyHeld } from './why-not.ts';

// Each text that was published ends in a record, also where nobody was there to begin it. Its publisher has queued a job
// before it, which names the one that it took the place of: from the newest text the way leads back over all of them.

/** The record of a job that nobody began; a message that names no job, or whose record is lost, gets one. */
const unbegun = async (recording: Recording, device: string, id: string): Promise<JobRecord | undefined> => {
  const { job: found, seq } = await getStoredJob(recording.store, id, device);
  if (found?.state === 'finished' || found?.runner !== undefined) return undefined;
  const asked = jobTime(id).toISOString();
  const steps: Job['steps'] = [{ step: 'queued', startedAt: asked }];
  return new JobRecord(recording, found ?? { ...newJob(device, 'deploy', id), createdAt: asked, steps }, seq);
};

const supersede = (record: JobRecord, by: string): Promise<void> => {
  const detail = `${record.job.device}: the text of job ${by} came before this one was begun`;
  record.set({ supersededBy: by });
  return record.finish({ kind: 'failed', code: 'superseded', detail });
};

/**
 * Whether it is certain that nobody dealt with a job whose record is not there: it may have expired, or been lost. What was
 * tried is known by name, too: the clocks of whoever published it and whoever tried it may differ.
 */
const isLater = (id: string, { attempt, applied }: Tried): boolean => {
  if (id === attempt?.job || id === applied?.job) return false;
  const dealtMs = [attempt?.at, applied?.at].flatMap((at) => (at ? [Date.parse(at)] : []));
  return dealtMs.length > 0 && jobTime(id).getTime() > Math.max(...dealtMs);
};

type Tried = Pick<DeviceState, 'attempt' | 'applied'>;

/** Reports the texts that the newest one took the place of before anyone began them; the last first. */
export const closeReplaced = async (recording: Recording, newest: Intent, tried: Tried): Promise<void> => {
  const { device } = newest;
  const by = jobOfIntent(newest);
  const known = new Set([by]);
  const { store } = recording;
  for (let id = (await getJob(store, by, device))?.replaces; id !== undefined && !known.has(id); ) {
    known.add(id);
    const found = await getJob(store, id, device);
    const record = found || isLater(id, tried) ? await unbegun(recording, device, id) : undefined;
    if (!record) return; // whoever began it has dealt with what was before it
    await supersede(record, by);
    id = record.job.replaces;
  }
};

/** Reports the texts that were heard of and are older than the newest one. @param taken what people took back */
export const closeHeard = async (
  recording: Recording,
  heads: readonly IntentHead[],
  newest: Intent,
  taken: Pick<DeviceState, 'device' | 'blocked'>,
  source: string | undefined,
): Promise<void> => {
  for (const each of heads) {
    const head = await withOwnJob(recording.store, each);
    const record = head.at === '' && !head.meta.job ? undefined : await unbegun(recording, head.device, jobOf(head));
    if (!record) continue;
    const by = blockOf(taken, head.meta.sha256);
    if (!by) await supersede(record, jobOfIntent(newest));
    else {
      // the watcher was quick to put the source's text over it: that is not the reason
      const detail = `${head.device}: not deployed: ${whyHeld(by, head.device, source)}`;
      await record.finish({ kind: 'failed', code: 'conflict', detail });
    }
  }
};

/** Answers the job of an intent that is not deployed, so that nobody waits for it for ever. */
export const closeNotTried = async (
  recording: Recording,
  intent: Intent,
  attempt: DeviceState['attempt'],
  { code, detail }: { code: FailureCode; detail: string },
): Promise<void> => {
  if (attempt && isSameMessage(attempt.generation, intent.generation)) return; // it was
  const record = await unbegun(recording, intent.device, jobOfIntent(intent));
  for (const warning of intent.meta.warnings ?? []) record?.warn(warning);
  await record?.finish({ kind: 'failed', code, detail: `${intent.device}: not deployed: ${detail}` });
};
