import { type CheckResult, type Job, limits, type Outcome, type Said, type Step } from '../core/bus.ts';
import { explain, PlumbError } from '../core/errors.ts';
import { putJob } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import { redact } from '../core/redact.ts';
import type { Store } from '../core/store.ts';

/** @returns the text, cut to what a record may hold, with a note where it was cut */
export const cut = (text: string): string =>
  text.length <= limits.recordBytes
    ? text
    : `${text.slice(0, limits.recordBytes)}\n… cut, ${text.length} characters in all\n`;

/** Of a detail: it stands in the device's record as well. */
const detailLength = 4096;

/** How an error ends a job. What is not a PlumbError is a bug, and thrown on. */
export const failure = (error: unknown): Outcome & { kind: 'failed' } => {
  if (!(error instanceof PlumbError)) throw error;
  return {
    kind: 'failed',
    code: error.code,
    detail: redact(explain(error).slice(0, detailLength)),
    ...(error.hint ? { hint: redact(error.hint) } : {}),
    ...(error.line === undefined ? {} : { line: error.line }),
  };
};

/** The record of one job under way: each change of it is published whole, in order, the newest one at last. */
export class JobRecord {
  job: Job;
  readonly #store: Store;
  readonly #log: Log;
  #publishing: Promise<void> | undefined;
  #dirty = false;

  constructor(store: Store, job: Job, log: Log) {
    this.#store = store;
    this.job = job;
    this.#log = log;
  }

  /** Ends the step under way and begins the next. */
  step(step: Step): void {
    const now = new Date().toISOString();
    const current = this.job.steps.at(-1);
    if (current?.step === step) return;
    if (current && !current.endedAt) current.endedAt = now;
    this.job.state = step;
    this.job.steps.push({ step, startedAt: now });
    this.publish();
  }

  /** What the device said in the step under way. */
  detail(text: string): void {
    const current = this.job.steps.at(-1);
    if (current) current.detail = redact(cut(text));
    this.publish();
  }

  set(fields: Partial<Job>): void {
    Object.assign(this.job, fields);
    this.publish();
  }

  /** What a person said about this job. */
  said(said: Said): void {
    this.set({ said: [...(this.job.said ?? []), said] });
  }

  warn(text: string): void {
    if (!this.job.warnings.includes(text)) this.job.warnings.push(redact(text));
    this.publish();
  }

  checks(checks: readonly CheckResult[]): void {
    this.set({ checks: checks.map((check) => ({ ...check, detail: redact(check.detail) })) });
  }

  /** Ends the job; resolves when the record is stored, or after 5 s without NATS: then it is stored when NATS is back. */
  async finish(outcome: Outcome): Promise<void> {
    const now = new Date().toISOString();
    const current = this.job.steps.at(-1);
    if (current && !current.endedAt) current.endedAt = now;
    this.job.steps.push({ step: 'finished', startedAt: now, endedAt: now });
    Object.assign(this.job, { state: 'finished', outcome, finishedAt: now });
    this.publish();
    await Promise.race([this.#publishing, new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
  }

  publish(): void {
    this.job.updatedAt = new Date().toISOString();
    this.#dirty = true;
    this.#publishing ??= this.#publishAll().finally(() => {
      this.#publishing = undefined;
      if (this.#dirty) setTimeout(() => this.publish(), 1_000).unref();
    });
  }

  /** A record that is too large for the server would never be stored: its largest parts go. */
  #shrink(error: unknown): boolean {
    if (!/max_payload/.test(explain(error)) || (!this.job.diff && !this.job.result)) return false;
    const { diff: _diff, result: _result, ...rest } = this.job;
    this.job = { ...rest, warnings: [...rest.warnings, 'the diff or the result was too large to be kept'] };
    this.#dirty = true;
    return true;
  }

  async #publishAll(): Promise<void> {
    while (this.#dirty) {
      this.#dirty = false;
      try {
        await putJob(this.#store, this.job);
      } catch (error) {
        if (this.#shrink(error)) continue;
        this.#dirty = true; // the record is published again; the job itself goes on
        this.#log.warn({ device: this.job.device, job: this.job.id }, `cannot publish the job: ${explain(error)}`);
        return;
      }
    }
  }
}
