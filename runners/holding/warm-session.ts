import { explain, isLost, isOutcome, PlumbError } from '../../core/errors.ts';
import { oneAtATime } from '../../core/one-at-a-time.ts';
import type { Session } from '../driver.ts';
import type { HeldLease } from './lease.ts';
import type { LoginGate } from './limits/login-gate.ts';
import { Place, type Turn } from './turn.ts';

/** Logs in; what it returns is the caller's to dispose. */
type OpenSession = (signal: AbortSignal) => Promise<Session>;

type Gate = Pick<LoginGate, 'turn' | 'failed' | 'worked' | 'tryNow'>;

/** Any login, at any time. */
const always: Gate = { turn: async () => {}, failed: explain, worked: () => {}, tryNow: () => {} };

const loginMs = 20_000;

/** Whether a session's place in the dialogue is not known any more. */
const spoils = (error: unknown) => !isOutcome(error) || error.code === 'lease_lost' || isLost(error);

/**
 * The one warm session on a device. Work on it runs in the order in which it was asked for; a session that broke is
 * replaced at the next use.
 */
export class WarmSession implements AsyncDisposable {
  readonly #open: OpenSession;
  readonly #lease: HeldLease;
  readonly #talks: (begins: boolean) => void;
  readonly #changed: (connected: boolean, error: string) => void;
  readonly #gate: Gate;
  #session: Session | undefined;
  readonly #inTurn = oneAtATime();
  #waiting = 0;
  /** What is done on it right now. */
  #doing: { what: string; since: string } | undefined;
  #disposed = false;
  /** The device refused our credentials: the same ones are not tried again, which would lock the account. */
  #refused: PlumbError | undefined;

  /**
   * @param changed called when the session comes up or is lost
   * @param talks called when something begins to be said to the device, a login included, and when that is over
   * @param gate asked before each login that can wait, and told how it went
   */
  constructor(
    open: OpenSession,
    lease: HeldLease,
    changed: (connected: boolean, error: string) => void,
    talks: (begins: boolean) => void = () => {},
    gate: Gate = always,
  ) {
    this.#gate = gate;
    this.#talks = talks;
    this.#open = open;
    this.#lease = lease;
    this.#changed = changed;
  }

  /** @throws PlumbError of logging in, or of the work; `timeout` where its turn did not come in time */
  use<T>(work: (session: Session) => Promise<T>, turn: Turn = { what: 'other work of its runner' }): Promise<T> {
    const place = new Place(this.#lease.device, turn, () => this.#now);
    if (this.busy) turn.waits?.(this.#now);
    this.#waiting++;
    const run = async () => {
      if (!turn.urgent) await this.#untilLogin();
      this.#talks(true);
      return this.#run(work, turn.what, place).finally(() => this.#talks(false));
    };
    const done = this.#inTurn(run).finally(() => {
      this.#doing = undefined;
      this.#waiting--;
    });
    return place.wait(done);
  }

  /** Where the next work needs a login. */
  async #untilLogin(): Promise<void> {
    if (this.#session || this.#refused || this.#disposed) return;
    this.#does('its turn to log in');
    await this.#gate.turn(this.#lease.signal);
  }

  get #now(): string {
    return this.#doing ? `${this.#doing.what} (since ${this.#doing.since})` : 'other work of its runner';
  }

  #does(what: string): void {
    this.#doing = { what, since: `${new Date().toISOString().slice(0, 19)}Z` };
  }

  /** Credentials that were refused may be right now. */
  forgive(): void {
    this.#refused = undefined;
    this.tryNow();
  }

  /** The next use logs in, however many logins have failed. */
  tryNow(): void {
    this.#gate.tryNow();
  }

  /** The same where nothing is on trial: when the limits of the runner let it. */
  async freshInTurn(signal: AbortSignal): Promise<Session> {
    await this.#gate.turn(AbortSignal.any([signal, this.#lease.signal]));
    return this.fresh(signal);
  }

  /** A session of its own, beside the warm one and at once: proof that logging in works. The caller disposes it. */
  fresh(signal: AbortSignal): Promise<Session> {
    return this.#open(AbortSignal.any([signal, this.#lease.signal, AbortSignal.timeout(loginMs)]));
  }

  /** Ends the session: whatever waits on it fails, and the next use logs in anew. */
  async reset(reason: string): Promise<void> {
    if (this.#session) await this.#lose(this.#session, reason);
  }

  /** Makes a session that was just proven the warm one. */
  adopt(session: Session): Promise<void> {
    return this.#inTurn(async () => {
      const old = this.#disposed ? session : this.#session;
      if (!this.#disposed) this.#keep(session);
      await old?.[Symbol.asyncDispose]();
    });
  }

  /** Whether something runs or waits on it. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  get connected(): boolean {
    return this.#session !== undefined;
  }

  async #run<T>(work: (session: Session) => Promise<T>, what: string, place: Place): Promise<T> {
    this.#lease.assert(); // what is asked for may be a change, whatever it is called
    if (this.#disposed) throw this.#letGo();
    place.check();
    if (!this.#session) {
      this.#does('a login');
      if (this.#refused) throw this.#refused;
      try {
        this.#keep(await this.fresh(this.#lease.signal));
        this.#gate.worked();
      } catch (error) {
        this.#changed(false, this.#gate.failed(error));
        if (isOutcome(error, 'unauthorized')) this.#refused = error;
        throw error;
      }
    }
    const session = this.#session;
    if (!session) throw new PlumbError('closed', 'the session was lost right after the login');
    place.begin();
    this.#does(what);
    try {
      return await work(session);
    } catch (error) {
      if (spoils(error)) await this.#lose(session, explain(error));
      throw this.#disposed && isOutcome(error, 'closed') ? this.#letGo(error) : error;
    }
  }

  /** It was not the device that hung up. */
  #letGo(cause?: PlumbError): PlumbError {
    const { device } = this.#lease;
    const why = `${device}: its runner released it before this was done: it is stopping, or the inventory entry changed`;
    return new PlumbError('closed', why, { cause, hint: 'try again: the next runner that holds the device answers' });
  }

  #keep(session: Session): void {
    this.#session = session;
    this.#changed(true, '');
    void session.closed.then((reason) => this.#lose(session, reason));
  }

  async #lose(session: Session, reason: string): Promise<void> {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#changed(false, reason);
    await session[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const session = this.#session;
    this.#session = undefined;
    await session?.[Symbol.asyncDispose]();
  }
}
