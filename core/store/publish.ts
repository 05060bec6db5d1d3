import type { Job } from '../bus.ts';
import { isOutcome } from '../errors.ts';
import type { IntentMeta } from '../intent/meta.ts';
import { fetchMessage, type Intent, type IntentHead, publishIntent } from './intents.ts';
import { endUntaken, messageJobId, putQueued } from './jobs.ts';
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
