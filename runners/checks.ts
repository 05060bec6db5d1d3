import { setTimeout as wait } from 'node:timers/promises';
import type { CheckResult } from '../core/bus.ts';
import { explain, PlumbError } from '../core/errors.ts';
import type { Probe } from '../core/inventory-schema.ts';
import { type BgpSample, hasSessions, judgeBgp } from './bgp-check.ts';
import type { Bgp, Session } from './driver.ts';
import type { WarmSession } from './warm.ts';

export type Checks = {
  /** Sessions as they were before the commit. */
  before: Bgp;
  /** The text that was deployed; '' where nothing was. */
  intent: string;
  maxPrefixLossPercent: number;
  probes: readonly Probe[];
  /** Monotonic; past it the undo must begin. */
  deadlineMs: number;
  signal: AbortSignal;
  /** Called with each new finding, for the job record. */
  found: (checks: readonly CheckResult[]) => void;
};

export type Checked = { ok: boolean; checks: CheckResult[]; session: Session | undefined };

/** New logins fail for a moment while a device applies a large change; longer than this and it is cut off. */
const loginPatienceMs = 30_000;
const pollMs = 500;

/** A login over a new connection, tried until the deadline. */
const login = async (warm: WarmSession, { deadlineMs, signal }: Checks): Promise<Session | CheckResult> => {
  const untilMs = Math.min(deadlineMs, performance.now() + loginPatienceMs);
  let last = 'not tried';
  while (performance.now() < untilMs) {
    signal.throwIfAborted();
    const left = AbortSignal.timeout(Math.ceil(Math.max(1, Math.min(10_000, untilMs - performance.now()))));
    try {
      return await warm.fresh(AbortSignal.any([signal, left]));
    } catch (error) {
      if (signal.aborted) throw error;
      last = explain(error);
      if (error instanceof PlumbError && ['unauthorized', 'host_key_changed'].includes(error.code)) break;
      await wait(Math.min(pollMs, Math.max(0, untilMs - performance.now())));
    }
  }
  return { name: 'login', on: 'a new connection', ok: false, detail: last };
};

const runProbe = async (session: Session, probe: Probe): Promise<CheckResult> => {
  const wanted = probe.matches === undefined ? `"${probe.contains ?? ''}"` : `/${probe.matches}/`;
  const on = probe.name ?? probe.command;
  try {
    const output = await session.run(probe.command);
    const holds =
      probe.matches === undefined ? output.includes(probe.contains ?? '') : new RegExp(probe.matches, 'm').test(output);
    const ok = holds !== (probe.not ?? false);
    const tail = ok ? '' : `, it printed: ${output.trim().slice(0, 500)}`;
    return { name: 'probe', on, ok, detail: `output ${holds ? 'holds' : 'does not hold'} ${wanted}${tail}` };
  } catch (error) {
    if (error instanceof PlumbError && error.code === 'rejected')
      return { name: 'probe', on, ok: false, detail: error.message };
    throw error;
  }
};

/**
 * The checks of a trial over a new connection, polled until they all hold, one can never hold, or the deadline.
 *
 * @returns the session of the new connection, for the caller to use or dispose
 */
export const check = async (warm: WarmSession, checks: Checks): Promise<Checked> => {
  const opened = await login(warm, checks);
  if ('ok' in opened) return { ok: false, checks: [opened], session: undefined };
  const loggedIn: CheckResult = { name: 'login', on: 'a new connection', ok: true, detail: 'logged in' };
  const samples: BgpSample[] = [];
  let session: Session | undefined = opened;
  let results: CheckResult[] = [loggedIn];
  let refused = false;
  while (true) {
    try {
      checks.signal.throwIfAborted();
      session ??= await warm.fresh(checks.signal);
      const probed: CheckResult[] = [];
      for (const probe of checks.probes) probed.push(await runProbe(session, probe));
      let kind: 'proven' | 'failed' | 'open' = 'proven';
      let sessions: CheckResult[] = [];
      if (hasSessions(checks.before)) {
        samples.push({ bgp: await session.bgp(), atMs: performance.now() });
        ({ kind, checks: sessions } = judgeBgp(checks.before, samples, checks.maxPrefixLossPercent, checks.intent));
      }
      results = [loggedIn, ...sessions, ...probed];
      checks.found(results);
      if (kind === 'proven' && probed.every(({ ok }) => ok)) return { ok: true, checks: results, session };
      if (kind === 'failed') return { ok: false, checks: results, session };
    } catch (error) {
      await session?.[Symbol.asyncDispose]();
      if (checks.signal.aborted || !(error instanceof PlumbError)) throw error;
      refused = ['unauthorized', 'host_key_changed'].includes(error.code); // asking again would lock the account
      session = undefined; // lost under way: a login is due again
      results = [{ ...loggedIn, ok: false, detail: explain(error) }, ...results.filter(({ name }) => name !== 'login')];
    }
    if (refused || performance.now() + pollMs > checks.deadlineMs) {
      const late = results.every(({ ok }) => ok)
        ? [{ ...loggedIn, ok: false, detail: 'no stable answer before the deadline' }]
        : [];
      return { ok: false, checks: [...late, ...results], session };
    }
    await wait(pollMs, undefined, { signal: checks.signal }).catch(() => {});
  }
};
