import { type BgpDay, type BgpFlap, limits } from '../../../core/bus.ts';
import { explain, isOutcome } from '../../../core/errors.ts';
import { oneAtATime } from '../../../core/one-at-a-time.ts';
import { dayOf, getBgpDay, putBgpDay } from '../../../core/store/bgp/days.ts';
import { sha256 } from '../../../core/store/payload.ts';
import type { DeviceContext } from '../../holding/device-context.ts';
import { isAhead } from '../../holding/lease.ts';
import type { Bgp } from '../../shapes.ts';
import { hasMoved, lastLookOf, makeRoom, nextDay, noteLook, notePrefixes, noteStates } from './day.ts';
import { seenOf } from './ends.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Prefixes are counted no more often than that. */
const countMs = 15 * 60_000;
/** Looks that may be missing before nobody can say how the sessions were meanwhile. */
const missed = 3;
/** A clock that was set back by more begins a new record. */
const backMs = 60_000;

type Context = Pick<DeviceContext, 'store' | 'device' | 'lease' | 'log'>;

/**
 * Keeps how the BGP sessions of a device were: written when one changes, when looking at it begins or ends, and else once an
 * hour, each device at its own minute.
 */
export class BgpHistory {
  readonly #context: Context;
  readonly #clock: () => number;
  readonly #inTurn = oneAtATime();
  readonly #phaseMs: number;
  #day: BgpDay | undefined;
  #name = '';
  #seq = 0;
  #writtenMs = 0;
  /** The last look of ours; undefined: none since the device answered again. */
  #lookedMs: number | undefined;
  /** Told by no message yet. */
  #flaps: BgpFlap[] = [];
  #due = false;
  #isTroubled = false;

  constructor(context: Context, clock: () => number = Date.now) {
    this.#context = context;
    this.#clock = clock;
    this.#phaseMs = Number.parseInt(sha256(Buffer.from(context.device.name)).slice(0, 8), 16) % hourMs;
  }

  /** The sessions as they were just read. */
  look(bgp: Bgp): Promise<void> {
    return this.#safely(async () => {
      const day = await this.#open();
      const nowMs = Math.max(this.#clock(), lastLookOf(day) ?? 0);
      const seen = seenOf(bgp);
      const longestMs = (missed * this.#context.device.policy.pollSeconds + 5) * 1000;
      const goesOn = this.#lookedMs !== undefined && nowMs - this.#lookedMs <= longestMs;
      const { flaps, isNew } = noteStates(day, seen, nowMs);
      noteLook(day, nowMs, goesOn);
      this.#lookedMs = nowMs;
      this.#flaps = [...this.#flaps, ...flaps];
      const sinceCountMs = nowMs - Date.parse(day.counted.at(-1) ?? new Date(0).toISOString());
      const isHour = this.#hour(nowMs) !== this.#hour(this.#writtenMs);
      const mayCount = sinceCountMs >= countMs;
      this.#due ||= isNew || !goesOn || isHour || (mayCount && hasMoved(day, seen));
      if (!this.#due) return;
      if (isHour || mayCount) notePrefixes(day, seen, nowMs);
      day.open = true;
      await this.#write(nowMs);
    });
  }

  /** From the last look on nobody knows: the device does not answer, or its holder leaves it. */
  close(): Promise<void> {
    return this.#safely(async () => {
      this.#lookedMs = undefined;
      if (!this.#day?.open) return;
      this.#day.open = false;
      this.#due = true;
      await this.#write(lastLookOf(this.#day) ?? this.#clock());
    });
  }

  #hour(ms: number): number {
    return Math.floor((ms + this.#phaseMs) / hourMs);
  }

  /** What NATS does not take is written with the next look. */
  #safely(work: () => Promise<void>): Promise<void> {
    const { log, device } = this.#context;
    return this.#inTurn(async () => {
      try {
        await work();
        this.#isTroubled = false;
      } catch (error) {
        if (isOutcome(error, 'lease_lost')) return;
        if (!this.#isTroubled) log.warn({ device: device.name }, `BGP sessions are not recorded: ${explain(error)}`);
        this.#isTroubled = true;
      }
    });
  }

  /** Today's record, or what the last one ended with. */
  async #open(): Promise<BgpDay> {
    const { store, device, lease } = this.#context;
    const { runner, epoch } = lease;
    const nowMs = this.#clock();
    if (this.#day && nowMs > (lastLookOf(this.#day) ?? 0) - backMs) return this.#day;
    this.#name = dayOf(nowMs);
    const today = await getBgpDay(store, device.name, this.#name);
    const before = today.day ?? (await getBgpDay(store, device.name, dayOf(nowMs - dayMs))).day;
    const isUsable = before !== undefined && !isAhead(before, lease) && (lastLookOf(before) ?? 0) <= nowMs + backMs;
    const blank = { version: 1, device: device.name, seen: [], counted: [], sessions: [], flaps: [] } as const;
    const last = isUsable ? (today.day ?? nextDay(before)) : undefined;
    this.#seq = today.seq;
    this.#lookedMs = undefined;
    this.#day = structuredClone({ ...(last ?? blank), runner, epoch, open: false, flaps: [] }) as BgpDay;
    return this.#day;
  }

  async #write(nowMs: number): Promise<void> {
    const { store, device, lease } = this.#context;
    if (!this.#day) return;
    if (dayOf(nowMs) > this.#name) {
      this.#name = dayOf(nowMs);
      this.#seq = 0;
      this.#day = nextDay(this.#day);
    }
    this.#day.flaps = this.#flaps;
    makeRoom(this.#day, limits.bgpDayBytes);
    for (let tries = 1; ; tries++) {
      lease.assert();
      try {
        this.#seq = await putBgpDay(store, this.#name, this.#day, this.#seq);
        break;
      } catch (error) {
        if (!isOutcome(error, 'conflict') || tries === 2) throw error;
        const found = await getBgpDay(store, device.name, this.#name);
        if (found.day && isAhead(found.day, lease)) return; // a newer holder writes it
        this.#seq = found.seq;
      }
    }
    this.#writtenMs = nowMs;
    this.#flaps = [];
    this.#due = false;
  }
}
