import type { Job } from '../bus.ts';
import { isOutcome, type PlumbError } from '../errors.ts';
import type { IntentMeta } from '../intent/meta.ts';
import { fetchMessage, type Intent, type IntentHead, publishIntent } from './intents.ts';
import { endUntaken, getJob, messageJobId, putQueued } from './jobs.ts';
import type { Store } from './store.ts';

/** How often another publisher may interfere. */
const tries = 5;

/** The job of a message: the one it names, or one derived from it. */
export const jobOf = ({ meta, ...message }: Pick<IntentHead, 'at' | 'stream' | 'seq' | 'meta'>): string =>
  meta.job ?? messageJobId(message);

export const jobOfIntent = ({ generation: { at, stream = '', seq = 0 }, meta }: Intent): string =>
  jobOf({ at, stream, seq, meta });

/**
 * Publishes an intent under a job whose record is written first, and which names the text that it replaces. So the
 * holder of the device finds every published text, even those published while no runner was up.
 *
 * @throws PlumbError `conflict` when others keep publishing, and what NATS answers
 */
export const publishUnder = async (
  store: Store,
  job: Job,
  text: string | Uint8Array,
  meta: IntentMeta,
): Promise<{ seq: number; sha256: string }> => {
  for (let tried = 1; ; tried++) {
    const head = await fetchMessage(store, job.device);
    await putQueued(store, { ...job, ...(head ? { replaces: jobOf(head) } : {}) });
    try {
      return await publishIntent(store, job.device, text, { ...meta, job: job.id }, head?.seq ?? 0);
    } catch (error) {
      if (!isOutcome(error, 'conflict')) throw error;
      if (tried < tries) continue;
      await endUntaken(store, job, error); // nothing was published that would end it
      throw error;
    }
  }
};

const waits = ({ runner, state }: Job): boolean => runner === undefined || state === 'awaiting';

/** Ends the job of a text that waits for a runner or an approval, and those of the texts that it replaced meanwhile. */
export const endWaiting = async (store: Store, device: string, newest: string, error: PlumbError): Promise<void> => {
  const seen = new Set<string>();
  for (let id: string | undefined = newest; id !== undefined && !seen.has(id); ) {
    seen.add(id);
    const job: Job | undefined = await getJob(store, id, device);
    if (!job || job.state === 'finished' || !waits(job)) return; // whoever began it deals with what was before it
    await endUntaken(store, job, error, undefined, waits);
    id = job.replaces;
  }
};
