import type { Claim } from '../../../../core/bus.ts';
import { Sharing } from '../pool/sharing.ts';
import { never } from '../right.ts';
import type { Seen } from '../view.ts';
import { Asked } from './asked.ts';
import type { Ground } from './ground.ts';
import { isProven, type Kept, losesItsClaim, mayWrite, pauses } from './kept.ts';
import { LeftOver } from './left-over.ts';
import { Taking } from './taking.ts';

const beatIsLate = 'the heartbeat of this runner could not be written in time';
/** A beat that comes back by such a store proves nothing of what was claimed by the one before. */
const storeIsOlder = 'the lease store was restored to an older state, and the claim is made anew';

/** The claims of one runner: what it has, what it takes, what it gives up. */
export class Claims {
  readonly #on: Ground;
  readonly #kept = new Map<string, Kept>();
  readonly #asked: Asked;
  readonly #taking: Taking;
  readonly #sharing: Sharing;
  /** For whom a device is let go. */
  readonly #keptFor = new Map<string, string>();
  /** The highest epoch known of a device. */
  readonly #epochs: Map<string, number>;
  readonly #leftOver: LeftOver;

  constructor(on: Ground, epochs: Map<string, number>) {
    this.#on = on;
    this.#asked = new Asked(on);
    this.#taking = new Taking(on, this);
    this.#leftOver = new LeftOver(on, this);
    this.#sharing = new Sharing(on, this);
    this.#epochs = epochs;
  }

  get devices(): string[] {
    return [...this.#kept].flatMap(([device, { told }]) => (told ? [device] : []));
  }

  /** @param epoch under which it was begun to be worked on */
  mayWrite(device: string, epoch: number): boolean {
    const kept = this.#kept.get(device);
    return kept?.told === true && kept.epoch === epoch && mayWrite(kept, this.#on.right, this.#on.clock);
  }

  /** Whether the claim stands in the store that we know; false while only what is left of an earlier right is used up. */
  counts(device: string): boolean {
    return this.#kept.get(device)?.counts === true;
  }

  /** Whether the right to it goes on for as long as beats come back; false while it is what is left of an earlier one. */
  lasts(device: string): boolean {
    const kept = this.#kept.get(device);
    return kept !== undefined && isProven(kept, this.#on.clock);
  }

  /** What the bucket says of a device now. */
  saw(device: string, { seq, value }: Seen<Claim>): void {
    const kept = this.#kept.get(device);
    if (!kept) return; // looked at in `step`: what it says counts, not that it was said
    const isOurs = value?.runner === this.#on.name;
    const epoch = value?.epoch ?? 0;
    if (isOurs && epoch === kept.epoch) {
      if (kept.again || kept.seq === Infinity) this.#isStored(kept, seq);
    } else if (kept.again && epoch < kept.epoch) return;
    else if (epoch < kept.epoch && !isOurs) this.#on.broken(`an older claim of ${device} has reappeared`);
    else this.#drop(device, `${value?.runner || 'nobody'} holds it`, epoch);
  }

  /** @returns a device whose claim the bucket has not any more */
  missing(): string | undefined {
    return [...this.#kept].find(([device, kept]) => !kept.again && !this.#on.view.devices.has(device))?.[0];
  }

  /** A beat of ours that was stored as `seq` came back. */
  proven(seq: number): void {
    for (const kept of this.#kept.values()) if (!kept.again && kept.seq < seq) kept.counts = true;
  }

  storeWentBack(): void {
    for (const kept of this.#kept.values()) losesItsClaim(kept, this.#on.right, this.#on.clock);
  }

  /** We settle anew: what does not count yet waits for the end of that. */
  settle(): void {
    for (const kept of this.#kept.values()) if (!kept.counts) kept.fromMs = Math.max(kept.fromMs, this.#on.settledMs);
  }

  /** Answers to what was asked before mean nothing any more. */
  forgetAsked(): void {
    this.#asked.forget();
  }

  /** Work on all of them ends; the claims stay. */
  pauseAll(why: string): void {
    for (const device of this.#kept.keys()) this.pause(device, why);
  }

  /** @param why what is told; by default, what made its right lapse */
  pause(device: string, why = this.#on.right.holds ? storeIsOlder : beatIsLate): void {
    const kept = this.#kept.get(device);
    if (!kept) return;
    const { told } = kept;
    pauses(kept);
    if (told) this.#on.work.lost(device, why);
  }

  /** Work on all of them ends, and none is ours. */
  dropAll(why: string): void {
    for (const device of this.#kept.keys()) this.#drop(device, why, 0);
  }

  /** Work on it ends; where the bucket still says that it is ours, it is claimed anew, beyond `epoch` where one was found. */
  lose(device: string, why: string, epoch: number): void {
    this.#leftOver.raise(device, epoch > 0);
    this.#drop(device, why, epoch);
  }

  /** It was worked on, and is for others now. */
  giveUp(device: string): void {
    const { view, bucket } = this.#on;
    const kept = this.#kept.get(device);
    if (kept) this.#epochs.set(device, Math.max(kept.epoch, this.#epochs.get(device) ?? 0));
    this.#kept.delete(device);
    const seen = view.devices.get(device);
    const over = Math.max(seen?.seq ?? 0, kept && kept.seq !== Infinity ? kept.seq : 0);
    this.#leftOver.givenUp(device);
    const epoch = kept?.epoch ?? seen?.value?.epoch ?? 0;
    const to = this.#keptFor.get(device);
    this.#keptFor.delete(device);
    const free = { runner: '', epoch, at: this.#at(), ...(to === undefined ? {} : { to }) };
    bucket.write(device, free, over, (answer) => {
      if (answer.kind === 'conflict') bucket.watch();
    });
  }

  /** Tells of what may be worked on now, and of what may not any more. */
  tell(): void {
    const { right, clock, work } = this.#on;
    for (const [device, kept] of this.#kept) {
      const may = mayWrite(kept, right, clock);
      if (kept.told && !may) this.pause(device);
      if (kept.told || !may || work.busy(device)) continue;
      kept.told = true;
      work.held(device, kept.epoch);
    }
  }

  /** Compares what the bucket says with what we keep. Only for those who have a right. */
  step(): void {
    const wanted = new Set(this.#on.work.wanted());
    this.#writeAgain(wanted);
    this.#leftOver.step(wanted);
    this.#taking.step(wanted);
    this.#sharing.step(wanted);
  }

  #at(): string {
    return new Date(this.#on.clock.wall()).toISOString();
  }

  #isStored(kept: Kept, seq: number): void {
    kept.again = false;
    kept.seq = seq;
    this.#on.beat();
  }

  #drop(device: string, why: string, epoch: number): void {
    const kept = this.#kept.get(device);
    if (!kept) return;
    this.#kept.delete(device);
    this.#keptFor.delete(device);
    this.#epochs.set(device, Math.max(epoch, kept.epoch, this.#epochs.get(device) ?? 0));
    if (kept.told) this.#on.work.lost(device, why);
  }

  #writeAgain(wanted: ReadonlySet<string>): void {
    const { view, name, bucket } = this.#on;
    for (const [device, kept] of this.#kept) {
      if (!kept.told && !wanted.has(device) && !this.#on.work.busy(device)) {
        this.giveUp(device);
        continue;
      }
      if (!kept.again || this.#asked.has(device)) continue;
      const seen = view.devices.get(device);
      const epoch = seen?.value?.epoch ?? 0;
      const isOurs = seen?.value?.runner === name;
      if (epoch > kept.epoch || (epoch === kept.epoch && !isOurs)) {
        this.#drop(device, `${seen?.value?.runner || 'nobody'} holds it`, epoch);
      } else if (seen && isOurs && epoch === kept.epoch) this.#isStored(kept, seen.seq);
      else {
        const claim = { runner: name, epoch: kept.epoch, at: this.#at() };
        bucket.write(
          device,
          claim,
          seen?.seq ?? 0,
          this.#asked.about(device, (stored) => {
            const now = this.#kept.get(device);
            if (now?.again && now.epoch === claim.epoch) this.#isStored(now, stored);
          }),
        );
      }
    }
  }

  /** Whether it is ours, or about to be. */
  has(device: string): boolean {
    return this.#kept.has(device) || this.#asked.has(device);
  }

  /** Whether it is worked on. */
  holds(device: string): boolean {
    const kept = this.#kept.get(device);
    return kept?.told === true && !kept.again;
  }

  keepFor(device: string, runner: string): void {
    this.#keptFor.set(device, runner);
  }

  /** Lets go of what others ask for, and should have. */
  yield(): void {
    this.#sharing.yield();
  }

  get count(): number {
    return this.#kept.size + this.#asked.size;
  }

  get underWay(): number {
    return this.#asked.size;
  }

  /** Writes that it is ours, over what the bucket says of it now. */
  claim(device: string): void {
    const { view, name, bucket, clock } = this.#on;
    const seen = view.devices.get(device);
    const known = Math.max(seen?.value?.epoch ?? 0, this.#epochs.get(device) ?? 0);
    const least = Math.max(known + 1, Math.floor(clock.wall() / 1000));
    const answered = this.#asked.about(device, (seq, epoch) => {
      this.#leftOver.taken(device);
      this.#taking.taken(device);
      const fromMs = Math.max(clock.now(), this.#on.settledMs);
      this.#kept.set(device, { epoch, seq, counts: false, again: false, fromMs, grace: never, told: false });
      const now = view.devices.get(device);
      if (now && now.seq > seq) this.saw(device, now);
      this.#on.beat();
    });
    bucket.claim(device, name, least, seen?.seq ?? 0, answered);
  }
}
