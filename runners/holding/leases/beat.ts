import { leaseKey } from '../../../core/bus.ts';
import type { Clock, LeaseBucket } from './bucket.ts';
import type { Right } from './right.ts';
import type { Timing } from './timing.ts';

const leaveTries = 40;
const leaveAgainMs = 50;

/** Writes the heartbeat of one runner: one request at a time, over what it wrote last. */
export class Beat {
  readonly #bucket: LeaseBucket;
  readonly #clock: Clock;
  readonly #timing: Timing;
  readonly #right: Right;
  readonly #key: string;
  #n = 0;
  #sentMs = -Infinity;
  /** The request under way. */
  #asked: symbol | undefined;
  #soon = false;
  /** Requests in a row that nobody answered. */
  #silent = 0;
  #ended = false;
  #failing = false;
  #isAway = false;
  #isDraining = false;
  #isLeaving = false;
  readonly #note: (what: string) => void;
  /** Of our entry: what the watch shows, or a later answer. */
  revision = 0;
  /** The greatest that came back by the watch. */
  seen = 0;

  /** @param note told when heartbeats begin to fail */
  constructor(
    runner: string,
    {
      bucket,
      clock,
      timing,
      note,
    }: { bucket: LeaseBucket; clock: Clock; timing: Timing; note: (what: string) => void },
    right: Right,
  ) {
    this.#note = note;
    this.#key = leaseKey.runner(runner);
    this.#bucket = bucket;
    this.#clock = clock;
    this.#timing = timing;
    this.#right = right;
  }

  /** Sends it where it is due. */
  step(): void {
    if (this.#clock.now() - this.#sentMs >= this.#timing.beatMs) this.#send();
  }

  /** Sends it now, or as soon as the request under way has its answer. */
  now(): void {
    if (this.#asked) this.#soon = true;
    else this.#send();
  }

  /** The connection was lost, or there is a new one: answers of before mean nothing. */
  anew({ away }: { away: boolean }): void {
    this.#isAway = away;
    this.#asked = undefined;
    this.#silent = 0;
  }

  /** From its next beat on it says that it is about to leave. */
  drain(): void {
    this.#isDraining = true;
  }

  /** The last word, once the request under way has its answer: it is written over what that one stored. */
  leave(done: () => void, tries = leaveTries): void {
    this.#isLeaving = true;
    const again = () => this.#clock.after(leaveAgainMs, () => this.leave(done, tries - 1));
    if (this.#asked && tries > 0) {
      again();
      return;
    }
    this.#ended = true;
    const at = new Date(this.#clock.wall()).toISOString();
    this.#bucket.write(this.#key, { left: true, at }, this.revision, (answer) => {
      if (answer.kind === 'conflict' && tries > 0) again();
      else done();
    });
  }

  end(): void {
    this.#ended = true;
  }

  #send(): void {
    if (this.#asked || this.#ended || this.#isAway || this.#isLeaving) return;
    this.#soon = false;
    const asked = Symbol();
    this.#asked = asked;
    this.#n = Math.max(this.#n, this.seen) + 1;
    const n = this.#n;
    this.#sentMs = this.#clock.now();
    this.#right.sending(n);
    const at = new Date(this.#clock.wall()).toISOString();
    const draining = this.#isDraining ? ({ draining: true } as const) : {};
    this.#bucket.write(this.#key, { n, at, ...draining }, this.revision, (answer) => {
      if (this.#asked !== asked || this.#ended) return; // too late: the watch tells what became of it
      this.#asked = undefined;
      this.#silent = 0;
      if (answer.kind === 'stored') {
        this.#failing = false;
        this.revision = Math.max(this.revision, answer.seq);
        this.#clock.after(this.#timing.answerMs, () => {
          if (!this.#ended && this.seen < n) this.#bucket.watch(); // stored and not heard of: the watch is dead
        });
        if (this.#soon) this.#send();
      } else if (answer.kind === 'conflict') this.#bucket.watch();
      else {
        this.#fails(answer.why);
        this.#clock.after(this.#timing.retryMs, () => this.now());
      }
    });
    this.#clock.after(this.#timing.answerMs, () => {
      if (this.#asked !== asked || this.#ended) return;
      this.#asked = undefined;
      this.#fails('no answer from NATS in time');
      this.#bucket.watch();
      if (++this.#silent >= 2) {
        this.#silent = 0;
        this.#bucket.reconnect();
      }
      this.#send();
    });
  }

  #fails(why: string): void {
    if (!this.#failing) this.#note(`cannot write the heartbeat: ${why}`);
    this.#failing = true;
  }
}
