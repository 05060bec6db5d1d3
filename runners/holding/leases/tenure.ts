import { leaseKey } from '../../../core/bus.ts';
import { Beat } from './beat.ts';
import type { Clock, LeaseBucket, Stored } from './bucket.ts';
import { dueBurials } from './burial.ts';
import { Claims } from './claims/claims.ts';
import type { Work } from './claims/ground.ts';
import { Peers, type Terms } from './pool/peers.ts';
import { Right } from './right.ts';
import type { Timing } from './timing.ts';
import { LeaseView } from './view.ts';

type TenureOptions = {
  bucket: LeaseBucket;
  clock: Clock;
  timing: Timing;
  work: Work;
  /** What this runner is for. */
  terms: Terms;
  /** Makes a name that was never used. */
  newName: () => string;
  /** The store is new: nobody can hold anything by it. */
  settled: boolean;
  /** Told what a person should know. */
  note: (what: string) => void;
};

/**
 * One runner's right to its devices. It beats, hears what the bucket says, and decides: what it may write to, whom to bury,
 * what to claim and to give up. All of it is here and in the files beside it, without a socket or a timer of its own.
 */
export class Tenure {
  readonly bucket: LeaseBucket;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly work: Work;
  readonly #options: TenureOptions;
  readonly #epochs = new Map<string, number>();
  readonly #buryingMs = new Map<string, number>();
  name = '';
  view = new LeaseView();
  right: Right;
  claims: Claims;
  peers: Peers;
  isDraining = false;
  startedMs: number;
  settledMs: number;
  knownMs: number;
  #beat: Beat;
  #isLoaded = false;
  #leaving = false;
  #isAway = false;

  constructor(options: TenureOptions) {
    this.#options = options;
    this.bucket = options.bucket;
    this.clock = options.clock;
    this.timing = options.timing;
    this.work = options.work;
    ({ right: this.right, beat: this.#beat, claims: this.claims, peers: this.peers } = this.#begin());
    this.startedMs = this.clock.now();
    const { now } = this.clock;
    this.settledMs = options.settled ? -Infinity : now() + this.timing.settleMs;
    this.knownMs = options.settled ? -Infinity : now();
  }

  /** Everything that the bucket holds, as read anew. */
  loaded(entries: ReadonlyMap<string, Stored>): void {
    if (this.#leaving || this.#isAway) return;
    const { view, claims } = this;
    const wentBack = view.load(entries, this.clock.now());
    const own = view.runners.get(this.name);
    if (own?.value && 'buried' in own.value) {
      this.#buried(own.value.buried.by);
      return;
    }
    const n = this.#ownBeat();
    this.#beat.revision = own?.seq ?? 0; // what the store shows, not the highest seen: an answer of one before may come late
    if (n < this.#beat.seen) this.broken(n === 0 ? 'our heartbeat is gone' : 'our heartbeat is an older one');
    else if (wentBack !== undefined) this.broken(`the entry of ${wentBack} is an older one`);
    for (const [device, seen] of view.devices) claims.saw(device, seen);
    const missing = claims.missing();
    if (missing !== undefined) this.broken(`our claim of ${missing} is gone`);
    if (own && n > 0) this.#cameBack(n, own.seq);
    this.#isLoaded = true;
    this.#beat.now();
    this.step();
  }

  /** One entry that was stored, in the order of the log. */
  heard(key: string, entry: Stored): void {
    if (this.#leaving && key === leaseKey.runner(this.name)) this.#beat.revision = entry.seq; // the last word goes over it
    if (this.#leaving || this.#isAway) return;
    const { view } = this;
    view.put(key, entry, this.clock.now());
    const seen = view.devices.get(key);
    const runner = leaseKey.runnerOf(key);
    if (seen) {
      this.claims.saw(key, seen);
      if (seen.value?.to === this.name) this.step(); // it waits for us
    } else if (leaseKey.poolOf(key) !== undefined) {
      if (this.right.holds) this.claims.yield();
    } else if (runner === this.name) this.#heardOurs(entry.seq);
    else if (runner !== undefined && view.isGone(runner)) this.step(); // its devices are free
  }

  /** The connection to NATS was lost: what was asked by it, and what is answered later, means nothing. */
  disconnected(): void {
    this.#isAway = true;
    this.claims.forgetAsked();
    this.#beat.anew({ away: true });
  }

  /** There is a new one, and whatever may have happened to the store meanwhile. */
  reconnected(): void {
    if (this.#leaving) return;
    this.#isAway = false;
    this.claims.forgetAsked();
    this.#beat.anew({ away: false });
    this.#settle();
    this.bucket.watch({ afresh: true });
  }

  /** The store is not the one that took our last beat, or keeps things otherwise: what we had is claimed anew. */
  broken(why: string): void {
    this.#options.note(`the lease store was restored to an older state (${why}): claiming all held devices again`);
    this.claims.storeWentBack();
    this.#beat.revision = this.view.runners.get(this.name)?.seq ?? 0;
    this.#beat.seen = this.#ownBeat();
    this.right.forget();
    this.#settle();
    this.#beat.now();
  }

  /** To be called every `lookMs`, and whenever something may be due. */
  step(): void {
    if (this.#leaving || !this.#isLoaded) return;
    this.#beat.step();
    this.claims.tell();
    if (this.#isAway || !this.right.holds) return; // without a right of our own nobody is buried, and nothing taken
    this.peers.look(this.view, this.claims.count);
    this.claims.step();
    this.#bury();
  }

  beat(): void {
    this.#beat.now();
  }

  /** Nothing more is taken, and others ask for what we have. */
  drain(): void {
    this.isDraining = true;
    this.#beat.drain();
    this.#beat.now();
  }

  /** Frees all that remains. */
  leave(done: () => void): void {
    this.#leaving = true;
    this.#beat.leave(done);
  }

  #begin(): { right: Right; beat: Beat; claims: Claims; peers: Peers } {
    this.name = this.#options.newName();
    const right = new Right(this.clock, this.timing.rightMs);
    const beat = new Beat(this.name, this.#options, right);
    if (this.isDraining) beat.drain();
    const peers = new Peers(this.name, this.#options.terms, this.work.takes);
    return { right, beat, claims: new Claims(this, this.#epochs), peers };
  }

  #heardOurs(seq: number): void {
    const own = this.view.runners.get(this.name)?.value;
    if (own && 'buried' in own) this.#buried(own.buried.by);
    else if (!own || !('n' in own)) this.broken('our heartbeat was deleted');
    else {
      this.#beat.revision = seq;
      this.#cameBack(own.n, seq);
    }
  }

  #ownBeat(): number {
    const own = this.view.runners.get(this.name)?.value;
    return own && 'n' in own ? own.n : 0;
  }

  /** Our own beat came back: all before it has been heard, so what we keep is ours. */
  #cameBack(n: number, seq: number): void {
    const { right, claims } = this;
    this.#beat.seen = Math.max(this.#beat.seen, n);
    const { lapsed } = right;
    if (!right.cameBack(n)) return;
    if (lapsed) {
      claims.pauseAll('the heartbeat of this runner came too late');
      this.#settle();
    }
    claims.proven(seq);
    this.step();
  }

  /** What was somebody's right by a store or a time that we have not seen shall be over before anything new is written. */
  #settle(): void {
    const nowMs = this.clock.now();
    this.knownMs = nowMs;
    this.settledMs = nowMs + this.timing.settleMs;
    this.view.restart(nowMs);
    this.claims.settle();
    this.clock.after(this.timing.settleMs + 1, () => this.step());
  }

  #bury(): void {
    const { view, name, clock, timing, bucket } = this;
    const nowMs = clock.now();
    for (const { runner, over } of dueBurials(view, name, nowMs, timing)) {
      if (nowMs - (this.#buryingMs.get(runner) ?? -Infinity) < timing.answerMs) continue;
      this.#buryingMs.set(runner, nowMs);
      const buried = { by: name, over, at: new Date(clock.wall()).toISOString() };
      bucket.write(leaseKey.runner(runner), { buried }, over, (answer) => {
        if (answer.kind === 'stored') this.#options.note(`runner ${runner} sent no heartbeat: its devices are free`);
        else bucket.watch(); // it lives, or somebody else was first
      });
    }
  }

  /** Others may have taken everything: we begin as if we had just been started. */
  #buried(by: string): void {
    const before = this.name;
    this.claims.dropAll(`${by} received no heartbeat of this runner for too long`);
    this.#beat.end();
    ({ right: this.right, beat: this.#beat, claims: this.claims, peers: this.peers } = this.#begin());
    this.startedMs = this.clock.now();
    this.#options.note(
      `${by} received no heartbeat of this runner for too long: it continues as ${this.name}, formerly ${before}`,
    );
    this.view = new LeaseView();
    this.#isLoaded = false;
    this.#settle();
    this.bucket.watch();
  }
}
