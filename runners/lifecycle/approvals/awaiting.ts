import type { Generation, Job, Said } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import type { Intent } from '../../../core/store/intents.ts';
import { getStoredJob, putJob } from '../../../core/store/jobs.ts';
import { jobOfIntent } from '../../../core/store/publish.ts';
import type { Decision } from '../../../core/wanted/decide.ts';
import { isOlder, isSameMessage } from '../../../core/wanted/generation.ts';
import { blockOf, type Held } from '../../../core/wanted/held.ts';
import { next } from '../../../core/wanted/next.ts';
import type { DeviceContext } from '../../holding/device-context.ts';
import { JobRecord } from '../../holding/job-record.ts';
import type { Approval } from '../deployment.ts';
import { called, type Given, givenIn, isStale, lastApproval, wasCommitted, whyNoMore, wordMs } from './given.ts';
import { refuseOwn, refuseUnlike } from './refusals.ts';

type Asked = { job: string; generation: Generation; approval: Approval; expiresMs: number; given: Said | undefined };

/** When a job began to wait, by its record. */
const waitsSinceMs = ({ steps, updatedAt }: Job): number =>
  Date.parse(steps.findLast(({ step }) => step === 'awaiting')?.startedAt ?? updatedAt);

/** The diff of a device that waits for an approval; the candidate is discarded meanwhile. */
export class Awaiting {
  readonly #context: DeviceContext;
  #asked: Asked | undefined;
  /** A job that waited until a newer text took the place of its own. */
  #replaced: string | undefined;

  constructor(context: DeviceContext) {
    this.#context = context;
  }

  ask(job: string, generation: Generation, approval: Approval): void {
    const expiresMs = performance.now() + this.#context.device.policy.approvalSeconds * 1000;
    this.#asked = { job, generation, approval, expiresMs, given: undefined };
  }

  /**
   * Goes on with the question that an earlier holder of the device asked: the same job, the same diff, the same time to
   * answer it, and the answer where it was given.
   */
  async goOn(): Promise<void> {
    const { store, device, state } = this.#context;
    const { attempt } = state.value;
    if (attempt?.outcome !== 'awaiting') return;
    const { job, seq } = await getStoredJob(store, attempt.job, device.name);
    if (job?.state !== 'awaiting' || job.runningSha256 === undefined) return;
    const { generation } = attempt;
    const approval = { intent: generation.sha256, running: job.runningSha256 };
    const leftMs = device.policy.approvalSeconds * 1000 - (Date.now() - waitsSinceMs(job));
    const expiresMs = performance.now() + leftMs;
    this.#asked = { job: job.id, generation, approval, expiresMs, given: givenIn(job, approval) };
    await this.#lapse();
    const why = wasCommitted(job) ? whyNoMore(job) : undefined;
    if (why) await this.#warn(job, seq, why);
  }

  /** The job whose diff waits, approved or not; undefined: none does. */
  get asked(): string | undefined {
    return this.#asked?.job;
  }

  /** The job that waits for a word, where its text is not taken back; undefined: none does. */
  get job(): string | undefined {
    const asked = this.#asked;
    return !asked || asked.given || blockOf(this.#context.state.value, asked.generation.sha256) ? undefined : asked.job;
  }

  /** Whether this very generation waits and nobody has approved it yet. */
  isAsked(generation: Generation): boolean {
    return this.#asked !== undefined && isSameMessage(this.#asked.generation, generation) && !this.#asked.given;
  }

  /** No word is needed any more: the diff is deployed without one. */
  withdraw(): void {
    this.#asked = undefined;
  }

  /** The job that a newer text has ended while it waited, once: the newer one's record says so. */
  takeReplaced(): string | undefined {
    const replaced = this.#replaced;
    this.#replaced = undefined;
    return replaced;
  }

  /** The approval that was given for this generation; it is used up, so that nobody cancels it any more. */
  take(generation: Generation): Given | undefined {
    const asked = this.#asked;
    if (!asked?.given || isStale(asked.given) || !isSameMessage(asked.generation, generation)) return undefined;
    this.#asked = undefined;
    return { approval: asked.approval, said: asked.given };
  }

  /**
   * Keeps the approval in the record of the job, so that it outlives this holder, and lets the job go on.
   *
   * @param seen what the approver saw, where it was said
   * @throws PlumbError `unknown_job`, `conflict` when the approver saw something else, `refused` for who may be the author
   */
  async approve(job: string, who: Pick<Said, 'by' | 'at'>, seen: Partial<Approval>, fourEyes: boolean): Promise<void> {
    const { store, device, lease } = this.#context;
    const { name } = device;
    const asked = this.#asked;
    const notAsked = new PlumbError('unknown_job', `${name}: job ${job} is not waiting for an approval`);
    if (asked?.job !== job) throw notAsked;
    refuseUnlike(name, asked, seen);
    const { approval } = asked;
    const said: Said = { did: 'approve', ...who, sha256: approval.intent, runningSha256: approval.running };
    const stored = await getStoredJob(store, job, name);
    if (stored.job?.state !== 'awaiting') throw notAsked;
    if (fourEyes) refuseOwn(stored.job, who.by);
    lease.assert();
    await putJob(store, { ...stored.job, said: [...(stored.job.said ?? []), said] }, stored.seq);
    if (this.#asked !== asked) throw notAsked; // it was cancelled, or expired, in this very moment
    asked.given = said;
  }

  /** @returns whether a job of this id was waiting */
  async cancel(job: string, who: Pick<Said, 'by' | 'at'>): Promise<boolean> {
    if (this.#asked?.job !== job) return false;
    const { device, state } = this.#context;
    const { sha256 } = this.#asked.generation;
    const change = next(state.value, { kind: 'cancel', job, sha256, ...who });
    const said: Said = { did: 'cancel', ...who, sha256 };
    const detail = `${device.name}: cancelled by ${who.by} while it waited for an approval`;
    await this.#end('cancelled', detail, { change, said });
    return true;
  }

  /** Ends a question that nobody answered in time, or whose text was replaced, taken back or dropped by the source. */
  async expire(newest: Intent | undefined, decision: Decision): Promise<void> {
    await this.#lapse();
    if (!this.#asked) return;
    const { name } = this.#context.device;
    if (decision.kind === 'unmanaged') {
      await this.#end('superseded', `${name}: the source dropped its text before it was deployed`);
    } else if (decision.kind === 'blocked') {
      await this.#end('superseded', `${name}: its text was withdrawn ${await this.#before()}`);
    } else if (newest && isOlder(this.#asked.generation, newest.generation, Date.now())) {
      const supersededBy = jobOfIntent(newest);
      this.#replaced = this.#asked.job;
      await this.#end('superseded', `${name}: a newer intent arrived ${await this.#before()}`, { supersededBy });
    } else if (!this.#asked.given && performance.now() > this.#asked.expiresMs) {
      const anew = (await this.#before()) === 'before the approval' ? '' : ' anew';
      await this.#end('expired', `${name}: nobody approved the diff${anew} in time`);
    }
  }

  /** Puts a word back that nobody acted on in time: the device was held meanwhile, or busy, or nobody held it. */
  async #lapse(): Promise<void> {
    const asked = this.#asked;
    if (!asked?.given || !isStale(asked.given)) return;
    const { given } = asked;
    asked.given = undefined;
    const { store, device } = this.#context;
    const { job, seq } = await getStoredJob(store, asked.job, device.name);
    if (job?.state !== 'awaiting') return;
    const why = `${called(given)} was not acted on within ${wordMs / 1000} s and no longer counts`;
    await this.#warn(job, seq, `${why}: \`plumb approve ${job.id}\` approves it again`);
  }

  async #warn(job: Job, seq: number, why: string): Promise<void> {
    const record = new JobRecord(this.#context, job, seq);
    record.warn(why);
    await record.stored();
  }

  /** What a job was ended before: nobody is to read that there was no approval where one was given. */
  async #before(): Promise<string> {
    if (this.#asked?.given) return 'before the approval was acted on';
    const { store, device } = this.#context;
    const { job } = await getStoredJob(store, this.#asked?.job ?? '', device.name);
    return job && lastApproval(job) ? 'while it waited to be approved again' : 'before the approval';
  }

  async #end(
    code: 'cancelled' | 'superseded' | 'expired',
    detail: string,
    { change = {}, said, supersededBy }: { change?: Partial<Held>; said?: Said; supersededBy?: string } = {},
  ): Promise<void> {
    const asked = this.#asked;
    this.#asked = undefined;
    if (!asked) return;
    const { store, device, state } = this.#context;
    const ended = { kind: 'ended', job: asked.job, outcome: code, at: new Date().toISOString() } as const;
    await state.update({ ...change, ...next({ ...state.value, ...change }, ended) });
    const { job, seq } = await getStoredJob(store, asked.job, device.name);
    if (!job || job.state === 'finished') return;
    const record = new JobRecord(this.#context, job, seq);
    if (said) record.said(said);
    if (supersededBy) record.set({ supersededBy });
    await record.finish({ kind: 'failed', code, detail });
  }
}
