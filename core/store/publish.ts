import type { Job } from '../bus.ts';
import { isOutcome } from '../errors.ts';
import type { IntentMeta } from '../intent/meta.ts';
import { fetchMessage, type Intent, type IntentHead, publishIntent } from './intents.ts';
import { messageJobId, putQueued } from './jobs.ts';
import type { Store } from './store.ts';

/** How often another publisher may come in between. */
const tries = 5;

/** The job of a message, which it names or which is named after it. */
export const jobOf = ({ meta, ...message }: Pick<IntentHead, 'at' | 'stream' | 'seq' | 'meta'>): string =>
  meta.job ?? messageJobId(message);

export const jobOfIntent = ({ generation: { at, stream = '', seq = 0 }, meta }: Intent): string =>
  jobOf({ at, stream, seq, meta });

/**
 * Publishes an intent under a job whose record is there before it, and names the text that it takes the place of. So
 * whoever holds the device finds every text that was published, also those that nobody was there to see.
 *
 * @throws PlumbError `conflict` when others publish all the time, and what NATS answers
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
      if (!isOutcome(error, 'conflict') || tried === tries) throw error;
    }
  }
};
