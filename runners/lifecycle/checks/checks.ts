import { setTimeout as wait } from 'node:timers/promises';
import type { CheckResult, Mode } from '../../../core/bus.ts';
import { explain, failures, isOutcome } from '../../../core/errors.ts';
import type { Policy } from '../../../core/inventory/schema.ts';
import type { Driver, HealthName, Session } from '../../driver.ts';
import type { WarmSession } from '../../holding/warm-session.ts';
import type { Bgp } from '../../shapes.ts';
import { type BgpSample, type BgpVerdict, hasSessions, judgeBgp, settleMs, takenSessions } from './bgp.ts';
import { judgeSent, prefixesOf } from './bgp-sent.ts';
import { type Health, readHealth } from './health.ts';
import { type Excused, type HealthSample, healthNames, judgeHealth } from './health-check.ts';
import { checkLogin } from './login.ts';
import { checkProbe } from './probe.ts';
import { type TakenAway, takenAway } from './taken-away.ts';

/** A device as it was before the commit. */
export type Before = { config: string; bgp: Bgp; health: Health };

/** Looks at all that the checks compare, on the session of before. */
export const lookBefore = async (
  { driver, policy }: { driver: Driver; policy: Policy },
  session: Session,
  config: string,
): Promise<Before> => {
  const [bgp, health] = await Promise.all([
    driver.capabilities.getters.includes('bgp') ? session.bgp() : {},
    readHealth(driver, session, healthNames(policy.checks)),
  ]);
  return { config, bgp, health };
};

type Checking = {
  driver: Driver;
  policy: Policy;
  before: Before;
  /** The text that was deployed, and how; '' where nothing was. */
  intent: string;
  mode: Mode;
  /** Parts of the change take effect this much later. */
  lateMs: number;
  /** Monotonic; past it the undo must begin. */
  deadlineMs: number;
  signal: AbortSignal;
  /** Called with the new connection once it is logged in: what it reads is asked for first. */
  loggedIn?: (session: Session) => Promise<void>;
  /** Called with each new finding, for the job record. */
  found: (checks: readonly CheckResult[]) => void;
};

export type Checked = { ok: boolean; checks: CheckResult[]; session: Session | undefined };

const pollMs = 500;
/** While sessions of BGP are waited for, the rest is asked for less often. */
const healthEveryMs = 3_000;

/** What was seen since the commit, and what follows from it. */
class Looks {
  readonly #checking: Checking;
  readonly #bgp: BgpSample[] = [];
  readonly #health: HealthSample[] = [];
  /** What ran after the commit, as the device prints it; read when something is lost. */
  #after: { config: string; taken: TakenAway } | undefined;
  #lostMs: number | undefined;

  constructor(checking: Checking) {
    this.#checking = checking;
  }

  /** Asks once more. */
  async look(session: Session): Promise<{ kind: BgpVerdict['kind']; checks: CheckResult[] }> {
    const lastMs = this.#health.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
    const isDue = performance.now() - lastMs >= healthEveryMs;
    await Promise.all([this.#lookAtSessions(session), isDue ? this.#lookAtHealth(session) : undefined]);
    const proven = this.#sessions(this.#excused()).every(({ kind }) => kind === 'proven');
    if (proven && !isDue) await this.#lookAtHealth(session);
    let verdicts = this.#judge();
    if (verdicts.some(({ asksIntent }) => asksIntent)) {
      this.#lostMs ??= performance.now();
      // a session that was reset comes back by itself in a moment
      if (verdicts.some(({ kind }) => kind === 'failed') || performance.now() - this.#lostMs >= settleMs) {
        const config = await this.#afterCommit(session);
        this.#after = { config, taken: takenAway(this.#checking.before.config, config) };
        verdicts = this.#judge();
      }
    }
    const kinds = verdicts.map(({ kind }) => kind);
    const kind = kinds.includes('failed') ? 'failed' : kinds.includes('open') ? 'open' : 'proven';
    return { kind, checks: verdicts.flatMap(({ checks }) => checks) };
  }

  async #lookAtSessions(session: Session): Promise<void> {
    if (hasSessions(this.#checking.before.bgp)) this.#bgp.push({ bgp: await session.bgp(), atMs: performance.now() });
  }

  async #lookAtHealth(session: Session): Promise<void> {
    const { before, driver } = this.#checking;
    const names = (Object.keys(before.health) as HealthName[]).filter((name) => this.#canLose(name));
    if (names.length > 0)
      this.#health.push({ health: await readHealth(driver, session, names), atMs: performance.now() });
  }

  #canLose(name: HealthName): boolean {
    const told = this.#checking.before.health[name];
    return told !== undefined && 'vitals' in told && Object.values(told.vitals).some(({ count }) => count > 0);
  }

  #sessions(excused: Excused | undefined): BgpVerdict[] {
    const { before, intent, mode, policy } = this.#checking;
    if (!hasSessions(before.bgp)) return [];
    const names = mode === 'merge' ? (this.#after?.config ?? intent) : intent; // a fragment names what it removes
    return [
      judgeBgp(before.bgp, this.#bgp, policy.maxPrefixLossPercent, names, excused?.taken),
      judgeSent(before.bgp, this.#bgp, policy.checks.sent, excused),
    ];
  }

  #judge(): BgpVerdict[] {
    const { before, policy } = this.#checking;
    const excused = this.#excused();
    return [...this.#sessions(excused), judgeHealth(before.health, this.#health, policy.checks, excused)];
  }

  #excused(): Excused | undefined {
    const { before } = this.#checking;
    if (!this.#after) return undefined;
    const { taken } = this.#after;
    return { taken, prefixes: prefixesOf(takenSessions(before.bgp, this.#bgp.at(-1)?.bgp ?? {}, taken)) };
  }

  /** The configuration that is on trial; the intent where the device goes on to show the one of before (BIRD's file). */
  async #afterCommit(session: Session): Promise<string> {
    const { before, driver, intent } = this.#checking;
    const running = await session.config('running');
    return driver.normalise(running) === driver.normalise(before.config) && intent !== '' ? intent : running;
  }
}

/**
 * The checks of a trial over a new connection, polled until they all hold, one can never hold, or the deadline.
 *
 * @returns the session of the new connection, for the caller to use or dispose
 */
export const checkUntilStable = async (warm: WarmSession, checking: Checking): Promise<Checked> => {
  const { policy, lateMs, deadlineMs, signal, found } = checking;
  const beganMs = performance.now();
  const opened = await checkLogin(warm, checking);
  if ('ok' in opened) return { ok: false, checks: [opened], session: undefined };
  const loggedIn: CheckResult = { name: 'login', on: 'a new connection', ok: true, detail: 'logged in' };
  const looks = new Looks(checking);
  let session: Session | undefined = opened;
  let results: CheckResult[] = [loggedIn];
  let refused = false;
  while (true) {
    try {
      signal.throwIfAborted();
      session ??= await warm.fresh(signal);
      const noted = checking.loggedIn?.(session);
      noted?.catch(() => {}); // waited for below, unless something else fails first
      if (policy.probes.length > 0) await noted;
      const probed: CheckResult[] = [];
      for (const probe of policy.probes) probed.push(await checkProbe(session, probe));
      const lookedMs = performance.now();
      const [{ kind, checks }] = await Promise.all([looks.look(session), noted]);
      results = [loggedIn, ...checks, ...probed];
      found(results);
      if (kind === 'failed') return { ok: false, checks: results, session };
      const inEffect = lookedMs - beganMs >= lateMs;
      if (kind === 'proven' && inEffect && probed.every(({ ok }) => ok)) return { ok: true, checks: results, session };
    } catch (error) {
      await session?.[Symbol.asyncDispose]();
      if (signal.aborted || !isOutcome(error)) throw error;
      refused = failures[error.code].connection === 'refused'; // asking again would lock the account
      session = undefined; // lost under way: a login is due again
      results = [{ ...loggedIn, ok: false, detail: explain(error) }, ...results.filter(({ name }) => name !== 'login')];
    }
    if (refused || performance.now() + pollMs > deadlineMs) {
      const late = results.every(({ ok }) => ok !== false)
        ? [{ ...loggedIn, ok: false, detail: 'no stable answer before the deadline' }]
        : [];
      return { ok: false, checks: [...late, ...results], session };
    }
    await wait(pollMs, undefined, { signal }).catch(() => {});
  }
};
