import { type Generation, InventoryEntry } from '../../core/bus.ts';
import { explain, failures, isBug, isOutcome } from '../../core/errors.ts';
import { asksFirst } from '../../core/inventory/four-eyes.ts';
import type { Policy } from '../../core/inventory/schema.ts';
import { oneAtATime } from '../../core/one-at-a-time.ts';
import { fetchIntent, type Intent, type IntentHead } from '../../core/store/intents.ts';
import { getJob } from '../../core/store/jobs.ts';
import { jobOfIntent } from '../../core/store/publish.ts';
import { getRecord } from '../../core/store/records.ts';
import { decide } from '../../core/wanted/decide.ts';
import { isSameMessage } from '../../core/wanted/generation.ts';
import { isStopped, type Newest, newestOf, type Source, sourceText } from '../../core/wanted/held.ts';
import { next } from '../../core/wanted/next.ts';
import { type Asked, AskedRollback } from '../holding/asked-rollback.ts';
import type { DeviceContext, UnderWay } from '../holding/device-context.ts';
import type { JobRecord } from '../holding/job-record.ts';
import { Awaiting } from '../lifecycle/approval.ts';
import { type Attempted, attempt } from '../lifecycle/attempt.ts';
import { LastUndo } from '../lifecycle/checks/last-undo.ts';
import { asFailure } from '../lifecycle/own-fault.ts';
import { rollback } from '../lifecycle/rollback.ts';
import { lookAgain } from './look-again.ts';
import { Nudge } from './nudge.ts';
import { Sight } from './observe.ts';
import { underPolicyOf } from './policy.ts';
import { Recovery } from './recovery.ts';
import { SeenHeads } from './texts/seen-heads.ts';
import { closeHeard, closeNotTried, closeReplaced } from './texts/unbegun.ts';
import { whyNot } from './texts/why-not.ts';
import { backOffMs, isTransient, lookEveryMs } from './try-again.ts';

const failureText = ({ code, detail }: { code: string; detail: string }): string => `${code}: ${detail}`;

/** Why the guards are overridden, and for which text. */
type Force = { reason: string; sha256: string };

/** The loop of one device that we hold: level-triggered, one change of the device at a time. */
export class DeviceLoop {
  readonly context: DeviceContext;
  readonly awaiting: Awaiting;
  readonly sight: Sight;
  readonly asked = new AskedRollback();
  readonly #nudge = new Nudge();
  readonly #heads = new SeenHeads();
  readonly #inTurn = oneAtATime();
  #underWay: UnderWay | undefined;
  #tries = 0;
  readonly #lastUndo = new LastUndo();
  readonly #recovery = new Recovery(() => this.context, this.#lastUndo);
  /** What the source says of this device; undefined: it is not known. */
  #entry: InventoryEntry | undefined;
  /** The text that `resume` names, as of the last look. */
  #source: string | undefined;
  /** A rollback that is in force and could not be compared with what runs. */
  #wentBack: { text: Intent; job: string } | undefined;
  /** Someone overrides the guards for this content, and for no other. */
  #force: Force | undefined;

  constructor(context: Omit<DeviceContext, 'recover'>) {
    this.context = { ...context, recover: () => this.#recovery.run() };
    this.awaiting = new Awaiting(this.context);
    this.sight = new Sight(this.context, () => ({
      managed: this.#entry?.intended !== null,
      source: this.#source,
      deploying: this.#underWay?.job,
      recovered: this.#recovery.done,
    }));
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
        waitMs = backOffMs(this.#tries++);
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
        record.warn(`job ${waiting} waits for an approval: a rollback takes its text back, too, and ends it`);
      const text = await rollback(this.context, record, { to, asked }, this.#lastUndo, (underWay) => {
        this.#underWay = underWay;
      });
      this.#wentBack = text && { text, job: record.job.id };
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
    this.#tries = 0;
    this.#force = force;
  }

  /** The newest text on the device's subject, as it is right now. */
  async newest(): Promise<Newest | undefined> {
    const intent = await fetchIntent(this.context.store, this.context.device.name);
    return intent && newestOf(intent);
  }

  /** What the source holds, as it is right now. */
  async source(): Promise<Source> {
    this.#entry = (await getRecord(this.context.store.inventory, InventoryEntry, this.context.device.name))?.value;
    return this.#entry && (this.#entry.intended?.sha256 ?? null);
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
    if (this.#wentBack) return this.#lookAgain(this.#wentBack.text, this.#wentBack.job, intent);
    switch (decision.kind) {
      case 'deploy':
        if (intent) return this.#deploy(intent, source, decision.count);
        break;
      case 'abandoned': {
        const { attempt } = state.value;
        this.sight.failure = `abandoned: ${attempt?.count} attempts of this content were cut off by crashes; \`plumb retry ${device.name}\` tries again`;
        await state.update({ attempt: attempt && { ...attempt, outcome: 'abandoned' } });
        break;
      }
      case 'stale':
        this.context.log.warn({ device: device.name }, 'stale_intent: older than what was tried last, not deployed');
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

  async #deploy(intent: Intent, source: Source, count: number): Promise<number> {
    const { state, warm } = this.context;
    const { generation } = intent;
    const last = state.value.attempt;
    if (this.awaiting.isAsked(generation)) {
      if (this.#asksFirst()) return this.#recovery.done ? lookEveryMs : this.#tryToRecover();
      this.awaiting.withdraw();
    }
    const again = last && isSameMessage(last.generation, generation) && isTransient(last.outcome);
    // a device that is away gets one failed job, not one a minute: it is waited for without
    if (again) {
      try {
        await warm.use((session) => session.alive());
      } catch (error) {
        if (!isOutcome(error)) throw error;
        await this.sight.showIntent(intent);
        return backOffMs(this.#tries++);
      }
    }
    await this.context.upToDate();
    await this.source(); // published before the text: its policy is that of the text's commit, or a newer one
    this.context.signal.throwIfAborted(); // with another entry the device is held anew, and the text looked at then
    if (isStopped(state.value)) return lookEveryMs; // said since it was decided
    const force = this.#force?.sha256 === generation.sha256 ? this.#force.reason : undefined;
    this.#force = undefined;
    const result = await attempt(underPolicyOf(this.context, this.#entry), {
      intent: force ? { ...intent, meta: { ...intent.meta, force } } : intent,
      source,
      count,
      given: this.awaiting.take(generation),
      replaced: this.awaiting.takeReplaced(),
      lastUndo: this.#lastUndo,
      newer: () => this.#heads.newerThan(intent),
      began: (underWay) => {
        this.#underWay = underWay;
        void this.sight.show();
      },
    });
    return this.#ended(result, generation);
  }

  /** Ours, and that which was published with the text: what both allow. */
  get policy(): Policy {
    return underPolicyOf(this.context, this.#entry).device.policy;
  }

  /** Whether a diff still needs a person's word: the policy may be another one by now. */
  #asksFirst(): boolean {
    const { device, state } = this.context;
    return asksFirst(device.policy) || state.value.applied === null || asksFirst(this.policy);
  }

  async #ended(result: Attempted, generation: Generation): Promise<number> {
    this.#underWay = undefined;
    if (result.kind === 'awaiting') {
      this.awaiting.ask(result.job, generation, result.approval);
      await this.sight.show();
      return lookEveryMs;
    }
    const { outcome } = result;
    const { unseen = false } = this.context.state.value.attempt ?? {};
    if (outcome.kind === 'failed' && (unseen || failures[outcome.code].left)) this.#recovery.done = false;
    this.sight.failure = outcome.kind === 'failed' ? failureText(outcome) : '';
    if (outcome.kind !== 'failed') this.sight.trustRecord();
    const again = outcome.kind === 'failed' && (unseen || isTransient(outcome.code));
    const wait = again ? backOffMs(this.#tries++) : lookEveryMs;
    if (outcome.kind !== 'failed') this.#tries = 0;
    this.sight.lookSoon();
    await this.sight.show();
    return this.#heads.some ? 0 : wait;
  }

  async #lookAgain(text: Intent, job: string, intent: Intent | undefined): Promise<number> {
    try {
      this.sight.failure = await lookAgain(this.context, text, job);
      this.#wentBack = undefined;
      if (this.sight.failure === '') this.sight.trustRecord();
      this.#tries = 0;
      await this.sight.showIntent(intent);
      return lookEveryMs;
    } catch (error) {
      if (!isOutcome(error) || error.code === 'lease_lost') throw error;
      await this.sight.showIntent(intent);
      return backOffMs(this.#tries++);
    }
  }

  async #tryToRecover(): Promise<number> {
    try {
      await this.#recovery.run();
      this.#tries = 0;
      this.sight.lookSoon(); // what a predecessor recorded is not trusted: whoever asks shall not wait for the next look
      return lookEveryMs;
    } catch (error) {
      if (!isOutcome(error)) throw error;
      await this.sight.show();
      return backOffMs(this.#tries++);
    }
  }
}
