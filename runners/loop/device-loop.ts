import { explain, isBug, isOutcome } from '../../core/errors.ts';
import type { Policy } from '../../core/inventory/schema.ts';
import { oneAtATime } from '../../core/one-at-a-time.ts';
import { fetchIntent, type Intent, type IntentHead } from '../../core/store/intents.ts';
import { getJob } from '../../core/store/jobs.ts';
import { jobOfIntent } from '../../core/store/publish.ts';
import { decide } from '../../core/wanted/decide.ts';
import { type Newest, newestOf, type Source, sourceText } from '../../core/wanted/held.ts';
import { next } from '../../core/wanted/next.ts';
import { type Asked, AskedRollback } from '../holding/asked-rollback.ts';
import type { DeviceContext, UnderWay } from '../holding/device-context.ts';
import type { JobRecord } from '../holding/job-record.ts';
import { Awaiting } from '../lifecycle/approvals/awaiting.ts';
import { LastUndo } from '../lifecycle/checks/last-undo.ts';
import { modeFor } from '../lifecycle/mode.ts';
import { asFailure } from '../lifecycle/own-fault.ts';
import { rollback } from '../lifecycle/rollback.ts';
import { Deploying, type Force, failureText } from './deploying.ts';
import { lookAgain } from './look-again.ts';
import { Nudge } from './nudge.ts';
import { Sight } from './observe.ts';
import { Recovery } from './recovery.ts';
import { SourceEntry } from './source-entry.ts';
import { SeenHeads } from './texts/seen-heads.ts';
import { closeHeard, closeNotTried, closeReplaced } from './texts/unbegun.ts';
import { whyNot } from './texts/why-not.ts';
import { lookEveryMs, Tries } from './try-again.ts';

/** The loop of one device that we hold: level-triggered, one change of the device at a time. */
export class DeviceLoop {
  readonly context: DeviceContext;
  readonly awaiting: Awaiting;
  readonly sight: Sight;
  readonly asked = new AskedRollback();
  /** Where people contradict each other the last word counts: one is kept before the next is looked at. */
  readonly inWords = oneAtATime();
  readonly #nudge = new Nudge();
  readonly #heads = new SeenHeads();
  readonly #inTurn = oneAtATime();
  #underWay: UnderWay | undefined;
  readonly #tries = new Tries();
  readonly #lastUndo = new LastUndo();
  readonly #recovery = new Recovery(
    () => this.context,
    this.#lastUndo,
    (job) => this.sight.expect(job),
  );
  readonly #entry = new SourceEntry(() => this.context);
  readonly #deploying: Deploying;
  /** The text that `resume` names, as of the last look. */
  #source: string | undefined;
  /** A rollback that is in force and could not be compared with what runs. */
  #wentBack: { text: Intent; job: string } | undefined;

  constructor(context: Omit<DeviceContext, 'recover'>) {
    this.context = { ...context, recover: () => this.#recovery.run() };
    this.awaiting = new Awaiting(this.context);
    this.sight = new Sight(this.context, () => ({
      managed: this.#entry.value?.intended !== null,
      source: this.#source,
      deploying: this.#underWay?.job,
      recovered: this.#recovery.done,
    }));
    this.#deploying = new Deploying({
      context: this.context,
      awaiting: this.awaiting,
      sight: this.sight,
      heads: this.#heads,
      entry: this.#entry,
      recovery: this.#recovery,
      lastUndo: this.#lastUndo,
      tries: this.#tries,
      began: (underWay) => {
        this.#underWay = underWay;
      },
      recover: () => this.#tryToRecover(),
    });
  }

  /** A newer message was seen on the device's subject, or something else changed: look again. */
  nudge(head?: IntentHead): void {
    if (head) this.#heads.add(head);
    this.#nudge.nudge();
  }

  /** The job that changes the device right now. */
  get underWay(): UnderWay | undefined {
    return this.#underWay;
  }

  /** Whether no job, trial or approval is under way on it, so that another runner may have it. */
  get isIdle(): boolean {
    const { warm, state } = this.context;
    return !this.#underWay && !warm.busy && state.value.trial === null && this.awaiting.job === undefined;
  }

  /** Runs until the lease is lost or the runner stops. */
  async run(): Promise<void> {
    const { lease, signal, log, device } = this.context;
    const stop = AbortSignal.any([lease.signal, signal]);
    const looking = this.sight.lookOften(stop);
    while (!stop.aborted) {
      let waitMs = lookEveryMs;
      try {
        waitMs = await this.inOrder(() => this.#evaluate());
      } catch (error) {
        if (stop.aborted) break;
        if (isOutcome(error, 'lease_lost')) lease.lose(error.message);
        this.sight.failure = explain(error);
        this.#recovery.done = false; // what this left on the device is looked for before anything else is done
        // a programming error says where; what NATS answers does not need it
        log.error({ device: device.name }, isBug(error) ? `a bug: ${error.stack}` : this.sight.failure);
        void this.sight.trouble(this.sight.failure);
        waitMs = this.#tries.again(isOutcome(error) || isBug(error) ? 'device' : 'nats');
      }
      await this.#nudge.wait(waitMs, stop);
    }
    await looking;
    await this.#inTurn(async () => {}); // a rollback under way is undone before the device is let go
  }

  /** Deploys what ran before a job and holds the device there; in order with deployments. */
  rollback(record: JobRecord, to: string | undefined, asked: Asked): Promise<void> {
    return this.inOrder(async () => {
      if (record.job.state === 'finished') return; // a later word was said before its turn
      const waiting = this.awaiting.job;
      if (waiting)
        record.warn(`job ${waiting} was waiting for an approval: the rollback withdraws its text and ends it`);
      const text = await rollback(this.context, record, { to, asked }, this.#lastUndo, (underWay) => {
        this.#underWay = underWay;
      });
      this.#wentBack = text && { text, job: record.job.id };
      if (record.job.outcome?.kind === 'failed') this.sight.expect(record.job.id);
      this.sight.trustRecord();
      this.sight.lookSoon();
      this.#recovery.done = false; // whatever became of it, the next look is at the device
    }).finally(() => {
      this.asked.over(asked);
      this.nudge(); // a diff that waits ends with it
      return this.sight.show();
    });
  }

  /** What failed is tried again at once. @param force overrides the guards for this text, and for no other */
  tryAgain(force: Force | undefined): void {
    this.#tries.over();
    this.#deploying.override(force);
  }

  /** The newest text on the device's subject, as it is right now. */
  async newest(): Promise<Newest | undefined> {
    const intent = await fetchIntent(this.context.store, this.context.device.name);
    return intent && newestOf(intent);
  }

  /** What the source holds, as it is right now. */
  source(): Promise<Source> {
    return this.#entry.read();
  }

  /** Something was thrown where nobody waits for it: what is under way ends with it, and the device is looked at anew. */
  fault(error: unknown): void {
    const why = asFailure(error, this.context, 'in the background');
    this.#recovery.done = false;
    this.sight.failure = explain(why);
    this.#underWay?.abort.abort(why);
    void this.context.warm.reset(explain(why));
    this.nudge();
  }

  /** Work that changes the device: never beside a deployment, or another change. */
  inOrder<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(() =>
      work().finally(() => {
        this.#underWay = undefined;
      }),
    );
  }

  /** One look at the newest intent, and what follows from it. @returns how long to wait for the next */
  async #evaluate(): Promise<number> {
    const { store, device, state } = this.context;
    await state.heal();
    const source = await this.source();
    const looked = await this.#heads.look(() => fetchIntent(store, device.name));
    const { newest: intent, isNew, skipped } = looked;
    const newest = intent && newestOf(intent);
    this.#source = sourceText(newest, source);
    const change = next(state.value, { kind: 'looked', newest, source, at: new Date().toISOString() });
    if (Object.keys(change).length > 0) await state.update(change);
    if (intent && skipped.length > 0) await closeHeard(this.context, skipped, intent, state.value, this.#source);
    if (intent && isNew) await closeReplaced(this.context, intent, state.value);
    const decision = decide(state.value, newest, source);
    this.sight.unclear = decision.kind === 'unclear' ? decision.why : '';
    this.sight.merges = modeFor(device, intent?.meta.mode) === 'merge';
    if (decision.kind !== 'deploy' && intent && isNew) {
      const { attempt } = state.value;
      const tried = attempt ? await getJob(store, attempt.job, device.name) : undefined;
      if (this.sight.failure === '' && tried?.outcome?.kind === 'failed')
        this.sight.failure = failureText(tried.outcome); // of a holder before us
      await closeNotTried(this.context, intent, attempt, whyNot(decision, state.value, this.#source, tried));
    }
    looked.dealt();
    await this.awaiting.expire(intent, decision);
    if (!this.#recovery.done) {
      const { attempt } = state.value;
      // where another text has come, or this one was taken back, nobody takes up again what was cut off
      const goesOn = decision.kind === 'deploy' && attempt?.generation.sha256 === newest?.generation.sha256;
      const cutOff = goesOn && ['awaiting', 'started'].includes(attempt?.outcome ?? '') ? attempt?.job : undefined;
      await this.#recovery.closeOrphans([cutOff, this.awaiting.asked, intent && jobOfIntent(intent)], intent);
    }
    if (decision.kind === 'deploy') this.#wentBack = undefined;
    else this.#deploying.withdraw();
    if (this.#wentBack) return this.#lookAgain(this.#wentBack.text, this.#wentBack.job, intent);
    switch (decision.kind) {
      case 'deploy':
        if (intent) return this.#deploying.deploy(intent, source, decision.count);
        break;
      case 'abandoned': {
        const { attempt } = state.value;
        this.sight.failure = `abandoned: ${attempt?.count} attempts of this content were interrupted by crashes; \`plumb retry ${device.name}\` tries again`;
        await state.update({ attempt: attempt && { ...attempt, outcome: 'abandoned' } });
        break;
      }
      case 'stale':
        this.context.log.warn({ device: device.name }, 'stale_intent: older than the last text tried, not deployed');
        break;
      case 'nothing':
        if (intent && state.value.attempt?.unseen) return this.#lookAgain(intent, state.value.attempt.job, intent);
        break;
      case 'blocked':
      case 'unclear':
      case 'stopped':
      case 'unmanaged':
        break;
      default:
        return decision satisfies never;
    }
    await this.sight.showIntent(intent);
    return this.#recovery.done ? lookEveryMs : this.#tryToRecover();
  }

  /** Ours, and that which was published with the text: what both allow. */
  get policy(): Policy {
    return this.#entry.context.device.policy;
  }

  async #lookAgain(text: Intent, job: string, intent: Intent | undefined): Promise<number> {
    try {
      this.sight.failure = await lookAgain(this.context, text, job);
      this.#wentBack = undefined;
      if (this.sight.failure === '') this.sight.trustRecord();
      this.#tries.over();
      await this.sight.showIntent(intent);
      return lookEveryMs;
    } catch (error) {
      if (!isOutcome(error) || error.code === 'lease_lost') throw error;
      await this.sight.showIntent(intent);
      return this.#tries.again();
    }
  }

  async #tryToRecover(): Promise<number> {
    try {
      await this.#recovery.run();
      this.#tries.over();
      this.sight.lookSoon(); // what a predecessor recorded is not trusted: whoever asks shall not wait for the next look
      return lookEveryMs;
    } catch (error) {
      if (!isOutcome(error)) throw error;
      await this.sight.show();
      return this.#tries.again();
    }
  }
}
