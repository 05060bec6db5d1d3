import { type CheckResult, type Job, limits, type Outcome, type Said, type Step } from '../../core/bus.ts';
import { diffSize } from '../../core/diff/size.ts';
import { explain, type FailureCode, isOutcome, type PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact/redact.ts';
import { endOf } from '../../core/steps.ts';
import { finished, getStoredJob, putJob } from '../../core/store/jobs.ts';
import type { DeviceContext } from './device-context.ts';
import { isAhead } from './lease.ts';

/** @returns the text, cut to what a record may hold, with a note where it was cut */
export const cut = (text: string): string =>
  text.length <= limits.recordBytes
    ? text
    : `${text.slice(0, limits.recordBytes)}\n… cut, ${text.length} characters in all\n`;

/** The same for a diff; the note holds its figures, which cannot be counted any more. */
export const cutDiff = (diff: string): string =>
  diff.length <= limits.recordBytes ? diff : `${cut(diff).trimEnd()}: ${diffSize(diff)}\n`;

const mayChange: ReadonlySet<Job['kind']> = new Set<Job['kind']>(['deploy', 'rollback']);
/** Ends that somebody asked for. */
const byWord: ReadonlySet<FailureCode> = new Set<FailureCode>(['superseded', 'cancelled']);

/** A record that changes while we write it is looked at this often before we wait. */
const conflictTries = 3;

/** Of a detail: it stands in the device's record as well. */
const detailLength = 4096;

/** How an error ends a job. */
export const failure = (error: PlumbError): Outcome & { kind: 'failed' } => ({
  kind: 'failed',
  code: error.code,
  detail: redact(explain(error).slice(0, detailLength)),
  ...(error.hint ? { hint: redact(error.hint) } : {}),
  ...(error.line === undefined ? {} : { line: error.line }),
});

/** A record under our lease; where another lease was it, the change of hands is noted. */
const taken = (job: Job, { runner, epoch }: DeviceContext['lease']): Job => {
  const { runner: from, epoch: fromEpoch = 0, state: step, takeovers = [] } = job;
  if (step === 'finished') return job; // only something is added to it
  if (from === undefined || (from === runner && fromEpoch === epoch)) return { ...job, runner, epoch };
  const takeover = { at: new Date().toISOString(), step, from, fromEpoch, by: runner, epoch };
  return { ...job, runner, epoch, takeovers: [...takeovers, takeover] };
};

/**
 * The record of one job under way: each change of it is published whole, in order, the newest one at last. Nothing is
 * written once the lease is lost: the device's next holder goes on with the record, or ends it.
 */
export class JobRecord {
  job: Job;
  readonly #context: Pick<DeviceContext, 'store' | 'log' | 'lease'>;
  #seq: number;
  #publishing: Promise<void> | undefined;
  #dirty = false;

  /** @param seq of the stored record; 0: there is none yet */
  constructor(context: Pick<DeviceContext, 'store' | 'log' | 'lease'>, job: Job, seq = 0) {
    this.#context = context;
    this.job = taken(job, context.lease);
    this.#seq = seq;
  }

  /** Ends the step under way and begins the next. */
  step(step: Step): void {
    const now = new Date().toISOString();
    const current = this.job.steps.at(-1);
    if (current?.step === step) return;
    if (current && !current.endedAt) current.endedAt = endOf(current.startedAt, now);
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

  /** Ends the job; resolves as `stored` does. */
  async finish(outcome: Outcome): Promise<void> {
    this.job = finished(this.job, outcome);
    this.#logFailure(outcome);
    this.publish();
    await this.stored();
  }

  /** Resolves when the record is stored, or after 5 s without NATS: then it is stored when NATS is back. */
  async stored(): Promise<void> {
    await Promise.race([this.#publishing, new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
  }

  #logFailure(outcome: Outcome): void {
    const { kind, device, id: job } = this.job;
    if (outcome.kind !== 'failed' || !mayChange.has(kind) || byWord.has(outcome.code)) return;
    const { code, detail, hint = `\`plumb job ${job}\` shows all of it` } = outcome;
    const [why = ''] = detail.split('\n', 1);
    const said = why.startsWith(`${device}: `) ? why.slice(device.length + 2) : why; // the line names it already
    this.#context.log.warn({ device, job, code }, `${kind} failed: ${said}; ${hint}`);
  }

  publish(): void {
    if (this.#context.lease.signal.aborted) return;
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
    this.job = { ...rest, warnings: [...rest.warnings, 'the diff or the result was too large to store'] };
    this.#dirty = true;
    return true;
  }

  async #publishAll(): Promise<void> {
    const { store, lease, log } = this.#context;
    let conflicts = 0;
    while (this.#dirty) {
      this.#dirty = false;
      try {
        lease.assert();
        this.#seq = await putJob(store, this.job, this.#seq);
      } catch (error) {
        if (lease.signal.aborted) return;
        if (this.#shrink(error)) continue;
        this.#dirty = true; // the record is published again; the job itself goes on
        const conflict = isOutcome(error, 'conflict');
        if (conflict && ++conflicts <= conflictTries && (await this.#mayReplace())) continue;
        if (lease.signal.aborted) return;
        log.warn({ device: this.job.device, job: this.job.id }, `cannot publish the job: ${explain(error)}`);
        return;
      }
    }
  }

  /** Looks at what stands in our record's place: an older one of a restored store, none, or a newer holder's. */
  async #mayReplace(): Promise<boolean> {
    const { store, lease } = this.#context;
    const stored = await getStoredJob(store, this.job.id, this.job.device).catch(() => undefined);
    if (!stored) return false;
    const { job, seq } = stored;
    this.#seq = seq;
    if (job && isAhead(job, lease)) lease.lose(`${job.runner} wrote job ${job.id} under epoch ${job.epoch}`, job.epoch);
    return !lease.signal.aborted;
  }
}
