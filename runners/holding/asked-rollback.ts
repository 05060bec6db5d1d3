import type { Said } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { failure, type JobRecord } from './job-record.ts';

/** A rollback from its asking on, and what the device was to run then: it takes back nothing that came later. */
export type Asked = {
  who: Pick<Said, 'by' | 'at'>;
  abort: AbortController;
  record?: JobRecord;
  newest?: string | undefined;
  source?: string | undefined;
  /** The deployment that was the last one to whoever asked. */
  underWay?: string;
  /** begun: it looks at the device; kept: the device's record has it, and later words build on that. */
  phase: 'queued' | 'begun' | 'kept';
};

/** The one rollback that is asked for: words of people count in the order in which they are said, not of their turns. */
export class AskedRollback {
  #asked: Asked | undefined;

  /** @throws PlumbError `conflict` that names the one that has not ended: a second would take back what that went to */
  ask(device: string, who: Asked['who']): Asked {
    // whoever reads that a job has ended may ask at once, before its turn is given up
    if (this.#asked && this.#asked.record?.job.state !== 'finished') {
      const { record, who: first } = this.#asked;
      const job = record ? ` (job ${record.job.id})` : '';
      throw new PlumbError(
        'conflict',
        `${device}: a rollback by ${first.by} is already in progress${job}; nothing was started`,
        {
          hint: 'if it is still needed, try again when that one has ended',
        },
      );
    }
    this.#asked = { who, abort: new AbortController(), phase: 'queued' };
    return this.#asked;
  }

  /**
   * A later word ends the rollback where the device's record does not hold it yet.
   *
   * @param job of the rollback that alone is meant. @returns whether there was one to end
   */
  async end(device: string, word: Pick<Said, 'did' | 'by' | 'at'>, job?: string): Promise<boolean> {
    const asked = this.#asked;
    const { did, by, at } = word;
    if (!asked || asked.phase === 'kept' || at < asked.who.at) return false;
    if (job !== undefined && job !== asked.record?.job.id) return false;
    const why =
      did === 'cancel'
        ? new PlumbError('cancelled', `${device}: cancelled by ${by}`)
        : new PlumbError('superseded', `${device}: superseded by ${did} of ${by} at ${at}; nothing was changed`);
    this.over(asked);
    asked.record?.said({ did, by, at });
    asked.abort.abort(why);
    if (asked.phase === 'queued') await asked.record?.finish(failure(why));
    return true;
  }

  /** It has ended: another may be asked for. */
  over(asked: Asked): void {
    if (this.#asked === asked) this.#asked = undefined;
  }
}
