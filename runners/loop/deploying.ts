import type { Generation } from '../../core/bus.ts';
import { failures, isOutcome } from '../../core/errors.ts';
import { asksFirst } from '../../core/inventory/four-eyes.ts';
import type { Intent } from '../../core/store/intents.ts';
import { isSameMessage } from '../../core/wanted/generation.ts';
import { isStopped, type Source } from '../../core/wanted/held.ts';
import type { DeviceContext, UnderWay } from '../holding/device-context.ts';
import type { Awaiting } from '../lifecycle/approvals/awaiting.ts';
import { type Attempted, attempt } from '../lifecycle/attempt/attempt.ts';
import type { LastUndo } from '../lifecycle/checks/last-undo.ts';
import type { Sight } from './observe.ts';
import type { Recovery } from './recovery.ts';
import type { SourceEntry } from './source-entry.ts';
import type { SeenHeads } from './texts/seen-heads.ts';
import { isTransient, lookEveryMs, type Tries } from './try-again.ts';

/** How a failure is shown. */
export const failureText = ({ code, detail }: { code: string; detail: string }): string => `${code}: ${detail}`;

/** Why the guards are overridden, and for which text. */
export type Force = { reason: string; sha256: string };

/** What deploying stands on: the device, and what is known and kept of it. */
type Ground = {
  readonly context: DeviceContext;
  readonly awaiting: Awaiting;
  readonly sight: Sight;
  readonly heads: SeenHeads;
  readonly entry: SourceEntry;
  readonly recovery: Recovery;
  readonly lastUndo: LastUndo;
  readonly tries: Tries;
  /** A deployment is under way, or none any more. */
  began(underWay: UnderWay | undefined): void;
  /** Looks for what was left on the device. @returns how long to wait for the next look */
  recover(): Promise<number>;
};

/** Brings one text to one device, and tells what follows from how that ended. */
export class Deploying {
  readonly #on: Ground;
  /** Someone overrides the guards for this content, and for no other. */
  #force: Force | undefined;

  constructor(on: Ground) {
    this.#on = on;
  }

  /** @param force overrides the guards for this text, and for no other */
  override(force: Force | undefined): void {
    this.#force = force;
  }

  /** Nothing is to be deployed now: no slot is kept for it. */
  withdraw(): void {
    const { context, sight } = this.#on;
    sight.waiting = '';
    context.slots.giveBack(context.device.name);
  }

  /** @returns how long to wait for the next look */
  async deploy(intent: Intent, source: Source, count: number): Promise<number> {
    const { sight } = this.#on;
    sight.waiting = '';
    try {
      return await this.#deploy(intent, source, count);
    } finally {
      if (sight.waiting === '') this.withdraw();
    }
  }

  async #deploy(intent: Intent, source: Source, count: number): Promise<number> {
    const { context, awaiting, sight, heads, recovery, tries, entry } = this.#on;
    const { state, warm } = context;
    const { generation } = intent;
    const last = state.value.attempt;
    if (awaiting.isAsked(generation)) {
      if (this.#asksFirst()) return recovery.done ? lookEveryMs : this.#on.recover();
      awaiting.withdraw();
    }
    const again = last && isSameMessage(last.generation, generation) && isTransient(last.outcome);
    // a device that is away gets one failed job, not one a minute: it is waited for without
    if (again) {
      try {
        await warm.use((session) => session.alive());
      } catch (error) {
        if (!isOutcome(error)) throw error;
        await sight.showIntent(intent);
        return tries.again();
      }
    } else warm.tryNow(); // somebody wants it now
    sight.waiting = context.slots.take(context.device.name);
    if (sight.waiting !== '') {
      await sight.showIntent(intent);
      return lookEveryMs; // or sooner: it is woken when a slot is free
    }
    await context.upToDate();
    await entry.read(); // published before the text: its policy is that of the text's commit, or a newer one
    context.signal.throwIfAborted(); // with another entry the device is held anew, and the text looked at then
    if (isStopped(state.value)) return lookEveryMs; // said since it was decided
    context.lease.lasts();
    const force = this.#force?.sha256 === generation.sha256 ? this.#force.reason : undefined;
    this.#force = undefined;
    const result = await attempt(entry.context, {
      intent: force ? { ...intent, meta: { ...intent.meta, force } } : intent,
      source,
      count,
      given: awaiting.take(generation),
      replaced: awaiting.takeReplaced(),
      lastUndo: this.#on.lastUndo,
      newer: () => heads.newerThan(intent),
      began: (underWay) => {
        this.#on.began(underWay);
        void sight.show();
      },
    });
    return this.#ended(result, generation);
  }

  /** Whether a diff still needs a person's word: the policy may be another one by now. */
  #asksFirst(): boolean {
    const { context, entry } = this.#on;
    const { device, state } = context;
    return asksFirst(device.policy) || state.value.applied === null || asksFirst(entry.context.device.policy);
  }

  async #ended(result: Attempted, generation: Generation): Promise<number> {
    const { context, awaiting, sight, heads, recovery, tries } = this.#on;
    this.#on.began(undefined);
    if (result.kind === 'awaiting') {
      awaiting.ask(result.job, generation, result.approval);
      await sight.show();
      return lookEveryMs;
    }
    const { outcome } = result;
    const { unseen = false } = context.state.value.attempt ?? {};
    if (outcome.kind === 'failed' && (unseen || failures[outcome.code].left)) recovery.done = false;
    sight.failure = outcome.kind === 'failed' ? failureText(outcome) : '';
    if (outcome.kind !== 'failed') sight.trustRecord();
    else sight.expect(result.job);
    const again = outcome.kind === 'failed' && (unseen || isTransient(outcome.code));
    const wait = again ? tries.again() : lookEveryMs;
    if (outcome.kind !== 'failed') tries.over();
    sight.lookSoon();
    await sight.show();
    return heads.some ? 0 : wait;
  }
}
