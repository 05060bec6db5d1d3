import type { Job } from '../../core/bus.ts';
import { explain, PlumbError } from '../../core/errors.ts';
import { endUntaken, newJob, putQueued } from '../../core/store/jobs.ts';
import { endWaiting } from '../../core/store/publish.ts';
import type { Store } from '../../core/store/store.ts';
import type { Complaints } from './complaints.ts';
import type { Heads } from './heads.ts';

/** The jobs of texts that are about to be published: each has its record before, and ends where its text never was. */
export class QueuedJobs {
  readonly #store: Store;
  readonly #complaints: Complaints;
  readonly #heads: Heads;
  /** Another try goes on with the same job. */
  readonly #queued = new Map<string, { sha256: string; job: Job }>();

  constructor({ store, complaints, heads }: { store: Store; complaints: Complaints; heads: Heads }) {
    this.#store = store;
    this.#complaints = complaints;
    this.#heads = heads;
  }

  /** The record of what is about to be published: whoever skips the text finds it there, and says so. */
  async queue(device: string, sha256: string, fields: Partial<Job>): Promise<Job> {
    const known = this.#queued.get(device);
    if (known?.sha256 !== sha256) await this.end(device, 'the source has a newer one');
    const job: Job = { ...(this.#queued.get(device)?.job ?? newJob(device, 'deploy')), ...fields };
    this.#queued.set(device, { sha256, job });
    await this.#write(() => putQueued(this.#store, job));
    return job;
  }

  /** The text is on the device's subject: the job ends with it. */
  published(device: string): void {
    this.#queued.delete(device);
  }

  /**
   * Ends the job of a text that is not going to be published, if there is one.
   *
   * @param why undefined: the text on the device's subject stays in its place
   */
  async end(device: string, why?: string): Promise<void> {
    const job = this.#queued.get(device)?.job;
    if (!job) return;
    const head = await this.#heads.fetch(device); // it was published after all where only the answer was lost
    if (head?.job !== job.id) {
      const what = why ?? `that of job ${head?.job} was published first`;
      const error = new PlumbError('superseded', `${device}: its text was not published: ${what}`);
      await this.#write(() => endUntaken(this.#store, job, error, why === undefined ? head?.job : undefined));
    }
    this.#queued.delete(device);
  }

  /**
   * The device is no longer in the inventory: nobody begins or approves what waits for it.
   *
   * @param tried the job that a runner tried last
   */
  async removed(device: string, tried: string | undefined): Promise<void> {
    const error = new PlumbError(
      'cancelled',
      `${device}: it was removed from the inventory, or renamed, while this waited`,
      {
        hint: 'nothing was done; if it comes back, its text is deployed under a new job',
      },
    );
    const newest = (await this.#heads.fetch(device))?.job;
    for (const id of new Set([this.#queued.get(device)?.job.id, newest, tried]))
      if (id !== undefined) await this.#write(() => endWaiting(this.#store, device, id, error));
    this.#queued.delete(device);
  }

  /** A record is history, and holds up no text. */
  async #write(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#complaints.solved('jobs');
    } catch (error) {
      if (!/permissions violation/i.test(explain(error))) throw error;
      const problem = new PlumbError('nats_unavailable', `what is published has no record: ${explain(error)}`, {
        hint: 'give our NATS user the permissions of the role `watcher` (docs/subjects.md)',
      });
      this.#complaints.tell('jobs', problem);
    }
  }
}
