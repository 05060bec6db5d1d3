import type { Generation, Said } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { isOlder, isSameMessage } from '../../core/generation.ts';
import type { Intent } from '../../core/store/intents.ts';
import { getStoredJob } from '../../core/store/jobs.ts';
import { jobOfIntent } from '../../core/store/publish.ts';
import { type Decision, type Held, next } from '../../core/wanted.ts';
import type { DeviceContext } from '../holding/device-context.ts';
import { JobRecord } from '../holding/job-record.ts';
import type { Approval } from './deployment.ts';

type Asked = { job: string; generation: Generation; approval: Approval; expiresMs: number; given: Said | undefined };

/** An approval, and who gave it. */
export type Given = { approval: Approval; said: Said };

/** The diff of a device that waits for an approval; the candidate is discarded meanwhile. */
export class Awaiting {
  readonly #context: DeviceContext;
  #asked: Asked | undefined;

  constructor(context: DeviceContext) {
    this.#context = context;
  }

  ask(job: string, generation: Generation, approval: Approval): void {
    const expiresMs = performance.now() + this.#context.device.policy.approvalSeconds * 1000;
    this.#asked = { job, generation, approval, expiresMs, given: undefined };
  }

  /** The job that waits; undefined: none does. */
  get job(): string | undefined {
    return this.#asked?.given ? undefined : this.#asked?.job;
  }

  /** Whether this very generation waits and nobody has approved it yet. */
  isAsked(generation: Generation): boolean {
    return this.#asked !== undefined && isSameMessage(this.#asked.generation, generation) && !this.#asked.given;
  }

  /** The approval that was given for this generation; it is used up, so that nobody cancels it any more. */
  take(generation: Generation): Given | undefined {
    const asked = this.#asked;
    if (!asked?.given || !isSameMessage(asked.generation, generation)) return undefined;
    this.#asked = undefined;
    return { approval: asked.approval, said: asked.given };
  }

  /**
   * @param intent, running what the approver saw, where it was said
   * @throws PlumbError `unknown_job`, or `conflict` when the approver saw something else
   */
  approve(job: string, who: Pick<Said, 'by' | 'at'>, intent?: string, running?: string): void {
    const { name } = this.#context.device;
    if (this.#asked?.job !== job)
      throw new PlumbError('unknown_job', `${name}: job ${job} does not wait for an approval`);
    const { approval } = this.#asked;
    if ((intent ?? approval.intent) !== approval.intent || (running ?? approval.running) !== approval.running) {
      throw new PlumbError('conflict', `${name}: the intent or the device changed since the diff that was approved`, {
        hint: `look at the diff again: plumb job ${job}`,
      });
    }
    this.#asked.given = { did: 'approve', ...who, sha256: approval.intent, runningSha256: approval.running };
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

  /** Ends a question that nobody answered in time, or that newer content or a rollback made pointless. */
  async expire(newest: Intent | undefined, decision: Decision): Promise<void> {
    if (!this.#asked) return;
    const { name } = this.#context.device;
    if (decision.kind === 'blocked') {
      await this.#end('superseded', `${name}: its text was taken back before the approval`);
    } else if (newest && isOlder(this.#asked.generation, newest.generation, Date.now())) {
      const supersededBy = jobOfIntent(newest);
      await this.#end('superseded', `${name}: a newer intent came before the approval`, { supersededBy });
    } else if (performance.now() > this.#asked.expiresMs) {
      await this.#end('expired', `${name}: nobody approved the diff in time`);
    }
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
