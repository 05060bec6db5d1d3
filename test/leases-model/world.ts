import { type Chance, chanceOf, Events } from './chance.ts';
import type { Draft } from './drafts.ts';
import { faultsOf } from './faults.ts';
import { ModelRunner } from './runner.ts';
import { type ModelRecord, ModelStore } from './store.ts';

const startMs = 16_000;
/** After the last fault all is well again after this. */
const quietMs = 75_000;
/** And no claim is written any more after this. */
const idleMs = 45_000;

export type Kind = 'mixed' | 'crash' | 'join';

/** One schedule: runners, devices, a store, and what happens to them. */
export class World {
  readonly events = new Events();
  readonly chance: Chance;
  readonly store: ModelStore;
  readonly records = new Map<string, ModelRecord>();
  readonly devices: string[];
  readonly runners: ModelRunner[] = [];
  readonly violations: string[] = [];
  /** From a crash to the first permitted write of another, in milliseconds. */
  readonly takeOversMs: number[] = [];
  readonly isLossy: boolean;
  readonly #draft: Draft;
  readonly #gone = new Map<string, { ms: number; by: ModelRunner }>();
  readonly log: (what: string) => void;
  /** Devices that came to another runner than the one before. */
  moves = 0;
  readonly #last = new Map<string, ModelRunner>();
  names = 0;
  recordSeq = 0;
  quietFromMs = 0;
  /** Devices that a runner took which came later. */
  joined = 0;

  constructor(seed: number, kind: Kind, draft: Draft, trace = false) {
    this.chance = chanceOf(seed);
    this.log = trace ? (what) => console.log((this.events.nowMs / 1_000).toFixed(3).padStart(9), what) : () => {};
    this.store = new ModelStore(this.events, this.chance);
    this.#draft = draft;
    this.isLossy = kind === 'mixed';
    this.devices = Array.from({ length: kind === 'join' ? 12 : 2 + this.chance.below(3) }, (_, at) => `d${seed}-${at}`);
    const count = kind === 'join' ? 3 : 2 + this.chance.below(2);
    for (let at = 0; at < count; at++) this.start();
    this.#copyOften();
    if (kind === 'crash') this.#crashOnce();
    else if (kind === 'join') this.#joinAndLeave(seed % 2 === 0);
    else this.#mix();
  }

  readonly violate = (what: string): void => {
    this.violations.push(`t=${(this.events.nowMs / 1_000).toFixed(3)} ${what}`);
  };

  get alive(): ModelRunner[] {
    return this.runners.filter(({ isAlive }) => isAlive);
  }

  start(): void {
    const taken = new Set(this.alive.map(({ slot }) => slot));
    const slot = [0, 1, 2, 3].find((one) => !taken.has(one)) ?? 4;
    this.runners.push(new ModelRunner(this, slot, this.#draft, this.#draft.timing));
  }

  crash(runner: ModelRunner): void {
    for (const device of this.devices) {
      if (runner.mayWrite(device)) this.#gone.set(device, { ms: this.events.nowMs, by: runner });
    }
    runner.die();
  }

  /** A runner may write to a device from now on. */
  holds(runner: ModelRunner, device: string): void {
    this.log(`${runner.name} holds ${device}`);
    const gone = this.#gone.get(device);
    if (gone && gone.by !== runner) this.takeOversMs.push(this.events.nowMs - gone.ms);
    this.#gone.delete(device);
    if (this.#last.get(device) !== runner) this.moves++;
    this.#last.set(device, runner);
  }

  /** Plays it to its end. @returns what was wrong, one at a time */
  play(): readonly string[] {
    const untilMs = () =>
      Math.max(
        this.quietFromMs,
        this.store.stoppedMs,
        this.store.slowMs,
        ...this.alive.map(({ pausedMs, cutMs }) => Math.max(pausedMs, cutMs)),
      ) + quietMs;
    let idleFrom: number | undefined;
    while (this.violations.length === 0 && this.events.next(untilMs())) {
      this.#lookForTwo();
      if (this.events.nowMs > untilMs() - quietMs + idleMs) idleFrom ??= this.store.claims;
    }
    if (this.violations.length > 0) return this.violations;
    if (idleFrom !== undefined && this.store.claims > idleFrom)
      this.violate(`${this.store.claims - idleFrom} claims were written at idle`);
    for (const device of this.devices) this.#lookAtEnd(device);
    return this.violations;
  }

  #lookForTwo(): void {
    for (const device of this.devices) {
      const able = this.runners.filter((runner) => runner.mayWrite(device));
      if (able.length > 1) this.violate(`${device} may be written to by ${able.map(({ name }) => name).join(' and ')}`);
    }
  }

  #lookAtEnd(device: string): void {
    const [holder, ...others] = this.runners.filter((runner) => runner.mayWrite(device));
    const claim = this.store.entries.get(device)?.value as { runner: string } | undefined;
    if (!holder || others.length > 0)
      this.violate(`${device} has ${others.length + (holder ? 1 : 0)} holders at the end; ${JSON.stringify(claim)}`);
    else if (claim?.runner !== holder.name)
      this.violate(`${holder.name} holds ${device}, and the store says ${claim?.runner}`);
  }

  #copyOften(): void {
    this.store.copy();
    this.events.at(this.events.nowMs + this.chance.between(100, 1_000), () => this.#copyOften());
  }

  #crashOnce(): void {
    this.quietFromMs = startMs + 30_000;
    this.events.at(startMs + this.chance.between(5_000, 10_000), () => {
      const [runner] = this.alive.slice(this.chance.below(this.alive.length));
      if (runner && this.alive.length > 1) this.crash(runner);
    });
  }

  /** A fourth runner comes, and goes again with a word or without: each device moves once, and once back. */
  #joinAndLeave(crashes: boolean): void {
    const owners = () =>
      new Map(this.devices.map((device) => [device, this.alive.find((one) => one.mayWrite(device))]));
    const differ = (one: ReturnType<typeof owners>, other: ReturnType<typeof owners>) =>
      this.devices.filter((device) => one.get(device) !== other.get(device)).length;
    let before = owners();
    const at = (ms: number, work: () => void) => this.events.at(startMs + ms, work);
    this.quietFromMs = startMs + 220_000;
    at(60_000, () => {
      before = owners();
      this.moves = 0;
      this.start();
    });
    at(160_000, () => {
      const joined = this.alive.at(-1);
      const count = differ(before, owners());
      if (this.moves !== count) this.violate(`${this.moves} moves for ${count} devices when a runner came`);
      if (this.devices.some((device) => owners().get(device) !== before.get(device) && !joined?.mayWrite(device)))
        this.violate('a device moved between runners that were there before');
      this.joined += count;
      this.moves = 0;
      if (crashes && joined) this.crash(joined);
      else joined?.drain(30_000);
    });
    at(215_000, () => {
      if (differ(before, owners()) > 0) this.violate('the devices are not back where they were');
      if (this.moves > this.joined) this.violate(`${this.moves} moves for ${this.joined} devices when a runner went`);
    });
  }

  #mix(): void {
    const faults = Object.values(faultsOf(this, this.#draft));
    const count = 1 + this.chance.below(6);
    let atMs = startMs;
    for (let left = count; left > 0; left--) {
      this.events.at(atMs, () => {
        const fault = faults[this.chance.below(faults.length)];
        const lastsMs = fault && this.alive.length > 0 ? fault() : 0;
        this.quietFromMs = Math.max(this.quietFromMs, this.events.nowMs + lastsMs);
      });
      this.quietFromMs = atMs;
      atMs += this.chance.happens(0.3) ? this.chance.between(0, 1_000) : this.chance.between(0, 15_000);
    }
  }
}
