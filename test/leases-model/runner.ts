import type { Claim, Heartbeat, Pool } from '../../core/bus.ts';
import type { Answer, Clock, LeaseBucket, Stored } from '../../runners/holding/leases/bucket.ts';
import { Tenure } from '../../runners/holding/leases/tenure.ts';
import { type Timing, timing as usual } from '../../runners/holding/leases/timing.ts';
import type { Draft } from './drafts.ts';
import type { ModelStore } from './store.ts';
import type { World } from './world.ts';

const wallMs = 1_800_000_000_000;

/** One runner with clocks of its own, the very code that decides, and a connection that can be cut, late or lossy. */
export class ModelRunner {
  readonly #world: World;
  readonly #store: ModelStore;
  readonly #rate: number;
  readonly #wallSkewMs: number;
  readonly #draft: Draft;
  /** Where it runs: another one that starts there later has the same devices. */
  readonly slot: number;
  readonly tenure: Tenure;
  /** What it has read of the records. */
  readonly #records = new Map<string, number>();
  readonly #held = new Map<string, number>();
  #queue: (Stored & { key: string })[] = [];
  #snapshot: Map<string, Stored> | undefined;
  #loading = false;
  #connection = 0;
  /** Of the store, when the connection was made. */
  #boot: number;
  isAlive = true;
  isLeaving = false;
  pausedMs = 0;
  cutMs = 0;

  constructor(world: World, slot: number, draft: Draft, timing: Partial<Timing> = {}) {
    this.slot = slot;
    this.#world = world;
    this.#store = world.store;
    this.#draft = draft;
    this.#boot = this.#store.boot;
    this.#rate = world.chance.between(0.9995, 1.0005);
    this.#wallSkewMs = world.chance.between(-3_600_000, 3_600_000);
    const clock: Clock = {
      now: () => world.events.nowMs * this.#rate,
      wall: () => wallMs + this.#wallSkewMs + world.events.nowMs,
      after: (ms, work) => this.#after(ms / this.#rate, work),
    };
    const all = { ...usual, ...timing };
    this.tenure = new Tenure({
      bucket: this.#bucket(),
      clock,
      timing: all,
      terms: { slot: `s${slot}`, since: '', weight: 1 + (slot % 2) },
      settled: false,
      newName: () => `r${world.names++}`,
      note: (what) => world.log(`${this.name}: ${what}`),
      work: {
        wanted: () => (this.isLeaving ? [] : world.devices),
        takes: () => true,
        busy: () => false,
        yields: (device) => {
          if (!this.mayWrite(device) || world.chance.happens(0.3)) return false; // a job is under way
          this.#held.delete(device);
          this.#after(world.chance.between(1, 500), () => this.tenure.claims.giveUp(device));
          return true;
        },
        held: (device, epoch) => this.#begins(device, epoch),
        lost: (device, why) => {
          world.log(`${this.name} loses ${device}: ${why}`);
          this.#held.delete(device);
        },
      },
    });
    draft.change?.(this.tenure);
    world.log(`${this.name} starts`);
    const tick = () => {
      this.tenure.step();
      this.#workOn();
      this.#after(all.lookMs / this.#rate, tick);
    };
    this.#after(world.chance.between(0, all.lookMs), tick);
    this.#after(1, () => this.#watch());
  }

  get name(): string {
    return this.tenure.name;
  }

  /** Whether a byte could leave for the device now: a process that is paused counts as able to. */
  mayWrite(device: string): boolean {
    const epoch = this.#held.get(device);
    return this.isAlive && epoch !== undefined && this.tenure.claims.mayWrite(device, epoch);
  }

  die(): void {
    this.isAlive = false;
    this.#store.hearers.delete(this);
    this.#world.log(`${this.name} is dead`);
  }

  /** Gives up what it has, one after the other, and says that it left. */
  leave(): void {
    this.isLeaving = true;
    for (const device of [...this.#held.keys()]) {
      this.#held.delete(device);
      this.tenure.claims.giveUp(device);
    }
    this.tenure.leave(() => {});
  }

  /** Others ask for what it has; then, or in time, it leaves. */
  drain(graceMs: number): void {
    this.tenure.drain();
    const untilMs = this.#world.events.nowMs + graceMs;
    const look = () => {
      if (this.#held.size > 0 && this.#world.events.nowMs < untilMs) this.#after(100, look);
      else {
        this.leave();
        this.#after(1_000, () => this.die());
      }
    };
    look();
  }

  hear(key: string, entry: Stored): void {
    this.#queue.push({ key, ...entry });
    this.#world.events.at(this.#world.events.nowMs + this.#store.latencyMs(), () => this.#drain());
  }

  /** Its watch tells nothing more, and does not end. */
  isStuck(): void {
    this.#store.hearers.delete(this);
  }

  disconnected(): void {
    this.#then(() => this.tenure.disconnected());
  }

  reconnected(): void {
    this.#boot = this.#store.boot;
    this.#connection++;
    this.#queue = [];
    this.#snapshot = undefined;
    this.#loading = false;
    this.#store.hearers.delete(this);
    this.tenure.reconnected();
  }

  /** As soon as the process runs and the network is whole. */
  #then(work: () => void): void {
    if (!this.isAlive) return;
    const { events, chance } = this.#world;
    if (this.pausedMs > events.nowMs) events.at(this.pausedMs + chance.between(0, 2), () => this.#then(work));
    else work();
  }

  #after(ms: number, work: () => void): void {
    const { events } = this.#world;
    events.at(events.nowMs + ms, () => this.#then(work));
  }

  #bucket(): LeaseBucket {
    return {
      write: (key, value, over, done) => this.#write(key, value, over, done),
      claim: (device, runner, least, over, done) => {
        const epoch = Math.max(least, (this.#world.records.get(device)?.epoch ?? 0) + 1);
        const claim = { runner, epoch, at: '' };
        this.#write(device, claim, over, (answer) => done(answer, epoch));
      },
      watch: ({ afresh } = { afresh: false }) => {
        if (afresh) this.#loading = false;
        this.#watch();
      },
      reconnect: () => {
        const connection = this.#connection;
        this.#after(50, () => {
          const { isUp } = this.#store;
          if (isUp && connection === this.#connection && this.cutMs <= this.#world.events.nowMs) this.reconnected();
        });
      },
    };
  }

  #write(key: string, value: Claim | Heartbeat | Pool, over: number, done: (answer: Answer) => void): void {
    const instead = this.#draft.write?.(this.tenure, key, value);
    if (instead) this.#after(1, () => done(instead));
    else
      this.#ask(
        () => this.#store.cas(key, value, over),
        (seq) => done(seq === undefined ? { kind: 'conflict' } : { kind: 'stored', seq }),
      );
  }

  /** A request: late, lost, or with its answer lost; answers may also come after the connection became another one. */
  #ask<T>(work: () => T, answered: (answer: T) => void): void {
    const { events, chance } = this.#world;
    const store = this.#store;
    const boot = this.#boot;
    const arrive = (): void => {
      const { nowMs } = events;
      if (this.cutMs > nowMs) {
        if (chance.happens(0.5)) events.at(this.cutMs + store.latencyMs(), arrive); // kept by TCP, or lost
        return;
      }
      if (store.stoppedMs > nowMs) {
        events.at(store.stoppedMs + chance.between(0, 10), arrive);
        return;
      }
      if (!store.isUp || boot !== store.boot) {
        // sent after the reconnect, and nobody hears the answer
        if (chance.happens(0.3)) events.at(nowMs + chance.between(100, 3_000), () => void (store.isUp && work()));
        return;
      }
      const answer = work();
      if (this.#world.isLossy && chance.happens(0.02)) return;
      const back = (): void => {
        if (this.cutMs <= events.nowMs) this.#then(() => answered(answer));
        else if (chance.happens(0.5)) events.at(this.cutMs + store.latencyMs(), back);
      };
      events.at(nowMs + store.latencyMs(), back);
    };
    events.at(events.nowMs + store.latencyMs(), arrive);
  }

  #watch(): void {
    if (this.#loading) return;
    this.#loading = true;
    this.#queue = [];
    this.#store.hearers.delete(this);
    const connection = this.#connection;
    this.#ask(
      () => {
        if (connection !== this.#connection || !this.#loading) return;
        this.#queue = [];
        this.#snapshot = new Map(this.#store.entries);
        this.#store.hearers.add(this);
        this.#world.events.at(this.#world.events.nowMs + this.#store.latencyMs(), () => this.#drain());
      },
      () => {},
    );
    this.#after(2_000, () => {
      if (!this.#loading || connection !== this.#connection) return;
      this.#loading = false;
      this.#watch();
    });
  }

  #drain(): void {
    const { events } = this.#world;
    if (!this.isAlive) return;
    const laterMs = Math.max(this.pausedMs + 1, this.cutMs + this.#store.latencyMs());
    if (Math.max(this.pausedMs, this.cutMs) > events.nowMs) {
      events.at(laterMs, () => this.#drain());
      return;
    }
    const snapshot = this.#snapshot;
    this.#snapshot = undefined;
    const queue = this.#queue;
    this.#queue = [];
    if (snapshot) {
      this.#loading = false;
      this.tenure.loaded(snapshot);
    }
    for (const { key, ...entry } of queue) this.tenure.heard(key, entry);
  }

  #begins(device: string, epoch: number): void {
    this.#held.set(device, epoch);
    this.#world.holds(this, device);
    this.#writeRecord(device, epoch);
  }

  #workOn(): void {
    for (const [device, epoch] of this.#held)
      if (this.#world.chance.happens(0.1) && this.mayWrite(device)) this.#writeRecord(device, epoch);
  }

  /** The record of a device: by compare-and-set, and never over one of a newer epoch. */
  #writeRecord(device: string, epoch: number, tries = 3): void {
    const { records, violate } = this.#world;
    const { name } = this;
    const over = this.#records.get(device) ?? 0;
    this.#ask(
      () => {
        const old = records.get(device);
        if ((old?.seq ?? 0) !== over) return { old };
        if (old && old.epoch > epoch) violate(`record of ${device}: epoch ${epoch} over ${old.epoch}`);
        const seq = ++this.#world.recordSeq;
        records.set(device, { seq, epoch, by: name });
        return { seq, old };
      },
      ({ seq, old }) => {
        if (seq !== undefined) this.#records.set(device, seq);
        else if (this.#held.get(device) !== epoch || !this.mayWrite(device))
          return; // without a right nothing is tried again
        else if (old && (old.epoch > epoch || (old.epoch === epoch && old.by !== name))) {
          this.#held.delete(device);
          this.tenure.claims.lose(device, 'its record has a newer epoch', old.epoch);
        } else {
          this.#records.set(device, old?.seq ?? 0);
          if (tries > 0) this.#writeRecord(device, epoch, tries - 1);
        }
      },
    );
  }
}
