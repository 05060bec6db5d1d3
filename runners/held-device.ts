import { type Generation, InventoryEntry } from '../core/bus.ts';
import { explain, PlumbError } from '../core/errors.ts';
import { isSameMessage } from '../core/generation.ts';
import { fetchIntent, type Intent, type IntentHead } from '../core/intents.ts';
import { getRecord } from '../core/records.ts';
import { type Attempted, attempt } from './attempt.ts';
import { attempted } from './attempted.ts';
import { Awaiting } from './awaiting.ts';
import { decide, whyNot } from './decide.ts';
import type { Holding, UnderWay } from './holding.ts';
import type { JobRecord } from './job-record.ts';
import { Nudge } from './nudge.ts';
import { closeNotTried, closeOrphans, recoverDevice } from './recover.ts';
import { rollback } from './rollback.ts';
import { SeenHeads } from './seen-heads.ts';
import { Sight } from './sight.ts';
import { backOffMs, lookEveryMs, mayHaveLeft, transient } from './try-again.ts';

/** The loop of one device that we hold: level-triggered, one change of the device at a time. */
export class HeldDevice {
  readonly holding: Holding;
  readonly awaiting: Awaiting;
  readonly sight: Sight;
  readonly #nudge = new Nudge();
  readonly #heads = new SeenHeads();
  #serial: Promise<unknown> = Promise.resolve();
  #underWay: UnderWay | undefined;
  #recovered = false;
  #tries = 0;
  /** What the source says of this device; undefined: it is not known. */
  #entry: InventoryEntry | undefined;
  /** Someone overrides the guards for this content, and for no other. */
  #force: { reason: string; sha256: string } | undefined;

  constructor(holding: Omit<Holding, 'recover'>) {
    this.holding = { ...holding, recover: () => this.#recover() };
    this.awaiting = new Awaiting(this.holding);
    this.sight = new Sight(this.holding, () => ({
      managed: this.#entry?.intended !== null,
      deploying: this.#underWay?.job,
      recovered: this.#recovered,
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
    const { lease, signal, log, device } = this.holding;
    const stop = AbortSignal.any([lease.signal, signal]);
    const looking = this.sight.lookOften(stop);
    while (!stop.aborted) {
      let waitMs = lookEveryMs;
      try {
        waitMs = await this.#serially(() => this.#evaluate());
      } catch (error) {
        if (stop.aborted) break;
        if (error instanceof PlumbError && error.code === 'lease_lost') lease.lose(error.message);
        this.sight.failure = explain(error);
        this.#recovered = false; // what this left on the device is looked for before anything else is done
        // a programming error says where; what NATS answers does not need it
        const bug = error instanceof TypeError || error instanceof RangeError;
        log.error({ device: device.name }, bug ? `a bug: ${error.stack}` : this.sight.failure);
        void this.sight.trouble(this.sight.failure);
        waitMs = backOffMs(this.#tries++);
      }
      await this.#nudge.wait(waitMs, stop);
    }
    await looking;
    await this.#serial; // a rollback under way is undone before the device is let go
  }

  /** Deploys what ran before a job and holds the device there; in order with deployments. */
  rollback(record: JobRecord, to: string | undefined): Promise<void> {
    return this.#serially(async () => {
      await rollback(this.holding, record, to, (underWay) => {
        this.#underWay = underWay;
      });
      this.sight.trustRecord();
      this.sight.lookSoon();
      this.#recovered = false; // whatever became of it, the next look is at the device
    }).finally(() => this.sight.show());
  }

  /**
   * Gives the present content another try.
   *
   * @param force the reason for overriding the guards
   * @throws PlumbError `conflict` while a job waits for an approval
   */
  async retry(force?: string): Promise<void> {
    const { device } = this.holding;
    const waiting = this.awaiting.job;
    if (waiting) {
      throw new PlumbError('conflict', `${device.name}: job ${waiting} waits for an approval`, {
        hint: `plumb approve ${waiting}, or plumb cancel ${waiting}`,
      });
    }
    this.#tries = 0;
    const intent = force ? await fetchIntent(this.holding.store, device.name) : undefined;
    this.#force = force && intent ? { reason: force, sha256: intent.generation.sha256 } : undefined;
    this.holding.warm.forgive();
    await this.holding.state.update({ attempt: null });
    this.nudge();
  }

  /** Gives a hold up: the source's text is deployed again. */
  async resume(): Promise<void> {
    const { state } = this.holding;
    const { hold, intent } = state.value;
    if (hold?.reason === 'publish') await state.update({ hold: null, released: hold.sha256 });
    else await state.update({ hold: null, attempt: hold && intent ? null : state.value.attempt });
    this.nudge();
  }

  /** Work that changes the device: never beside a deployment, or another change. */
  inOrder<T>(work: () => Promise<T>): Promise<T> {
    return this.#serially(work);
  }

  async #serially<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#serial.then(work).finally(() => {
      this.#underWay = undefined;
    });
    this.#serial = turn.catch(() => {});
    return turn;
  }

  async #recover(): Promise<void> {
    if (this.#recovered) return;
    const { warm, lease, device, log, store, state } = this.holding;
    const names = () => attempted(store, state.value);
    const lines = await warm.use((session) => recoverDevice(session, device.name, lease.epoch, lease.assert, names));
    for (const line of lines) log.info({ device: device.name }, line);
    if (state.value.trial) await state.update({ trial: null });
    this.#recovered = true;
  }

  /** One look at the newest intent, and what follows from it. @returns how long to wait for the next */
  async #evaluate(): Promise<number> {
    const { store, device, state } = this.holding;
    await state.heal();
    this.#entry = (await getRecord(store.inventory, InventoryEntry, device.name))?.value;
    const intent = await this.#heads.settle(store, () => fetchIntent(store, device.name));
    await this.awaiting.expire(intent);
    const { hold } = state.value;
    // the source took up what had been published by hand: nothing is held against it any more
    if (hold?.reason === 'publish' && hold.sha256 === this.#entry?.intended?.sha256) await state.update({ hold: null });
    const decision = decide(intent, state.value, this.#entry?.intended !== null);
    if (!this.#recovered) {
      const { attempt } = state.value;
      // where other content has come, nobody takes up again what was cut off
      const goesOn = !intent || attempt?.generation.sha256 === intent.generation.sha256;
      const cutOff =
        attempt?.outcome === 'awaiting' || (attempt?.outcome === 'started' && goesOn) ? attempt.job : undefined;
      await closeOrphans(store, device.name, [cutOff, intent?.meta.job], this.holding.lease.epoch, intent);
    }
    switch (decision.kind) {
      case 'deploy':
        if (intent) return this.#deploy(intent, decision.count);
        break;
      case 'abandoned': {
        const { attempt } = state.value;
        this.sight.failure = `abandoned: ${attempt?.count} attempts of this content were cut off by crashes; \`plumb retry ${device.name}\` tries again`;
        await state.update({ attempt: attempt && { ...attempt, outcome: 'abandoned' } });
        break;
      }
      case 'stale':
        this.holding.log.warn({ device: device.name }, 'stale_intent: older than what was tried last, not deployed');
        break;
      case 'held':
      case 'unmanaged':
      case 'nothing':
        break;
      default:
        return decision satisfies never;
    }
    await this.#showIntent(intent);
    if (intent) await closeNotTried(store, intent, whyNot(decision, state.value));
    return this.#recovered ? lookEveryMs : this.#tryToRecover();
  }

  async #deploy(intent: Intent, count: number): Promise<number> {
    const { state, warm } = this.holding;
    const { generation } = intent;
    const last = state.value.attempt;
    if (this.awaiting.isAsked(generation)) return lookEveryMs;
    const again = last && isSameMessage(last.generation, generation) && transient.has(last.outcome);
    // a device that is away gets one failed job, not one a minute: it is waited for without
    if (again) {
      try {
        await warm.use((session) => session.alive());
      } catch (error) {
        if (!(error instanceof PlumbError)) throw error;
        await this.#showIntent(intent);
        return backOffMs(this.#tries++);
      }
    }
    const force = this.#force?.sha256 === generation.sha256 ? this.#force.reason : undefined;
    this.#force = undefined;
    const result = await attempt(this.holding, {
      intent: force ? { ...intent, meta: { ...intent.meta, force } } : intent,
      count,
      approval: this.awaiting.take(generation),
      superseded: () => this.#heads.newerThan(intent),
      began: (underWay) => {
        this.#underWay = underWay;
        void this.sight.show();
      },
    });
    return this.#ended(result, generation);
  }

  async #ended(result: Attempted, generation: Generation): Promise<number> {
    this.#underWay = undefined;
    if (result.kind === 'awaiting') {
      this.awaiting.ask(result.job, generation, result.approval);
      await this.sight.show();
      return lookEveryMs;
    }
    const { outcome } = result;
    if (outcome.kind === 'failed' && mayHaveLeft.has(outcome.code)) this.#recovered = false;
    this.sight.failure = outcome.kind === 'failed' ? `${outcome.code}: ${outcome.detail}` : '';
    if (outcome.kind !== 'failed') this.sight.trustRecord();
    const wait = outcome.kind === 'failed' && transient.has(outcome.code) ? backOffMs(this.#tries++) : lookEveryMs;
    if (outcome.kind !== 'failed') this.#tries = 0;
    this.sight.lookSoon();
    await this.sight.show();
    return this.#heads.some ? 0 : wait;
  }

  async #tryToRecover(): Promise<number> {
    try {
      await this.#recover();
      this.#tries = 0;
      this.sight.lookSoon(); // what a predecessor recorded is not trusted: whoever asks shall not wait for the next look
      return lookEveryMs;
    } catch (error) {
      if (!(error instanceof PlumbError)) throw error;
      await this.sight.show();
      return backOffMs(this.#tries++);
    }
  }

  async #showIntent(intent: Intent | undefined): Promise<void> {
    const { state } = this.holding;
    const { generation, meta } = intent ?? {};
    const shown = state.value.intent?.generation;
    if (generation && shown ? !isSameMessage(generation, shown) : generation !== shown) {
      const from = {
        ...(meta?.commit ? { commit: meta.commit } : {}),
        ...(meta?.source ? { source: meta.source } : {}),
      };
      await state.update({ intent: generation ? { generation, ...from } : null });
    }
    await this.sight.show();
  }
}
