import type { CheckResult } from '../../../core/bus.ts';
import { named } from '../../../core/by-name.ts';
import type { Checks } from '../../../core/inventory/schema.ts';
import type { HealthName } from '../../driver.ts';
import type { Vital, Vitals } from '../../shapes.ts';
import { type Health, isOfRoutes, notAnswered, type Told } from './health.ts';
import type { TakenAway } from './taken-away.ts';

/** What a device told of its health, and when (monotonic milliseconds). */
export type HealthSample = { atMs: number; health: Health };

type HealthVerdict = {
  /** `proven`: nothing is lost. `failed`: waiting longer does not bring it back. `open`: look again. */
  kind: 'proven' | 'failed' | 'open';
  checks: CheckResult[];
  /** Something is lost, and only the configurations can tell whether that is intended. */
  asksIntent: boolean;
};

/** How long a loss must stand to be one for good, and whether a neighbour must be heard since the commit. */
const rules: Record<HealthName, { what: string; patienceMs: number; heard?: true }> = {
  rib: { what: 'tables of learned routes', patienceMs: 10_000 },
  fib: { what: 'tables of installed routes', patienceMs: 10_000 },
  interfaces: { what: 'interfaces', patienceMs: 30_000 },
  ospf: { what: 'OSPF adjacencies', patienceMs: 90_000, heard: true },
  isis: { what: 'IS-IS adjacencies', patienceMs: 90_000, heard: true },
  evpn: { what: 'VNIs with remote VTEPs', patienceMs: 30_000 },
  lldp: { what: 'LLDP neighbours', patienceMs: 60_000 },
};

/** Whether there are neighbours that must be heard, which takes a hello interval. */
export const mustHear = (health: Health): boolean =>
  (Object.keys(rules) as HealthName[]).some(
    (name) => rules[name].heard && Object.values(vitalsOf(health[name]) ?? {}).some(({ count }) => count > 0),
  );

/** The parts of a device's health that a policy asks for. */
export const healthNames = (checks: Checks): HealthName[] =>
  (Object.keys(rules) as HealthName[]).filter((name) => checks[name] !== 'off');

/** What the intent may take of a count: prefixes of sessions and statements that it took away. */
export type Excused = { taken: TakenAway; prefixes: number };

/** Tries of what the device does not tell any more before that is believed. */
const unknownTries = 3;
/** Losses that are told one by one. */
const mostTold = 20;

type Finding = { key: string; state: 'holds' | 'taken' | 'left' | 'silent' | 'lost'; detail: string; final: boolean };

const isTaken = (name: HealthName, key: string, was: Vital, now: Vital | undefined, { taken }: Excused): boolean => {
  switch (name) {
    case 'interfaces':
      return taken.interface(key);
    case 'ospf':
    case 'isis':
      return taken.adjacency(name, was);
    case 'lldp':
      return taken.interface(was.interface ?? key) || taken.about(/\blldp\b/);
    case 'evpn':
      return taken.about(/\b(?:vxlan|vni|evpn|nve|vtep|l2vpn)\b/);
    case 'rib':
    case 'fib':
      return now === undefined && taken.vrf(key.split(' ')[0] ?? ''); // else by number, see below
    default:
      return name satisfies never;
  }
};

/** How many of its routes a table may lose by intent. */
const excusedRoutes = (name: HealthName, key: string, before: Health, { taken, prefixes }: Excused): number => {
  for (const protocol of ['ospf', 'isis'] as const) {
    const told = before[protocol];
    const concerns = name === 'fib' || key.includes(` ${protocol}`);
    if (!concerns || !told || !('vitals' in told)) continue;
    // what an adjacency brought cannot be told apart
    if (Object.values(told.vitals).some((one) => taken.adjacency(protocol, one))) return Number.POSITIVE_INFINITY;
  }
  // an address makes up to four entries: the network, the address, and IPv4's first and last
  return prefixes + (name === 'fib' ? 4 * taken.origins : 0);
};

const lossText = (name: HealthName, was: Vital, now: Vital | undefined, percent: number): string => {
  if (isOfRoutes(name)) return `${was.count} routes → ${now?.count ?? 0}, more than ${percent} % fewer`;
  if (name === 'evpn') return `${was.count} remote VTEPs → ${now?.count ?? 0}`;
  return `was ${was.state ?? 'up'}, is ${now ? (now.state ?? 'down') : 'gone'}`;
};

const vitalsOf = (told: Told | undefined): Vitals | undefined => (told && 'vitals' in told ? told.vitals : undefined);

const judge = (
  name: HealthName,
  before: Health,
  samples: readonly HealthSample[],
  percent: number,
  excused: Excused | undefined,
): Finding[] => {
  const old = vitalsOf(before[name]) ?? {};
  const history = samples.flatMap(({ atMs, health }) => {
    const vitals = vitalsOf(health[name]);
    return vitals ? [{ atMs, vitals }] : [];
  });
  const last = history.at(-1);
  if (!last) return [];
  return Object.entries(old).flatMap(([key, was]): Finding[] => {
    if (was.count === 0) return [];
    const now = named(last.vitals, key);
    const count = now?.count ?? 0;
    const need = was.count * (1 - percent / 100);
    if (count >= need) {
      const timers = history.map(({ vitals }) => named(vitals, key)?.expires ?? null);
      const told = timers.every((timer) => timer !== null);
      const heard = timers.some((timer, at) => at > 0 && (timer ?? 0) > (timers[at - 1] ?? 0));
      if (rules[name].heard && told && !heard)
        return [{ key, state: 'silent', detail: `${now?.state ?? 'up'}, not heard since the commit`, final: false }];
      return [{ key, state: 'holds', detail: isOfRoutes(name) ? `${was.count} → ${count}` : '', final: false }];
    }
    if (excused && isTaken(name, key, was, now, excused)) return [{ key, state: 'taken', detail: '', final: false }];
    if (excused && isOfRoutes(name) && count >= need - excusedRoutes(name, key, before, excused))
      return [{ key, state: 'taken', detail: `${was.count} → ${count}`, final: false }];
    if (was.ofHost && !now) return [{ key, state: 'left', detail: '', final: false }];
    const since = history.findLastIndex(({ vitals }) => (named(vitals, key)?.count ?? 0) !== count) + 1;
    const stoodMs = last.atMs - (history[since]?.atMs ?? last.atMs);
    return [
      { key, state: 'lost', detail: lossText(name, was, now, percent), final: stoodMs >= rules[name].patienceMs },
    ];
  });
};

const some = (findings: readonly Finding[]): string => {
  const told = findings.slice(0, mostTold).map(({ key, detail }) => (detail ? `${key} ${detail}` : key));
  return [...told, ...(findings.length > mostTold ? [`${findings.length - mostTold} more`] : [])].join(', ');
};

const results = (name: HealthName, findings: readonly Finding[]): CheckResult[] => {
  const { what } = rules[name];
  const of = (state: Finding['state']) => findings.filter((finding) => finding.state === state);
  const [holds, taken, left, silent, lost] = [of('holds'), of('taken'), of('left'), of('silent'), of('lost')];
  const total = (part: readonly Finding[]) => `${part.length} of ${findings.length} ${what}`;
  return [
    ...lost.slice(0, mostTold).map(({ key, detail }) => ({ name, on: key, ok: false, detail })),
    ...(lost.length > mostTold ? [{ name, on: total(lost), ok: false, detail: 'are lost' }] : []),
    ...(silent.length > 0 ? [{ name, on: total(silent), ok: false, detail: some(silent) }] : []),
    ...(taken.length > 0
      ? [{ name, on: total(taken), ok: true, detail: `removed by the intent: ${some(taken)}` }]
      : []),
    ...(left.length > 0
      ? [
          {
            name,
            on: total(left),
            ok: null,
            detail: `gone from the host, which the intent cannot cause: ${some(left)}`,
          },
        ]
      : []),
    ...(holds.length > 0 ? [{ name, on: total(holds), ok: true, detail: `as before: ${some(holds)}` }] : []),
  ];
};

/**
 * Compares a device's health with what it was before the commit: nothing that was up and that the intent keeps may be
 * lost, and tables of routes may shrink by their threshold only. A neighbour of an IGP stays up until its timer runs
 * out, so it must have been heard since the commit. What could not be looked at is told, and never counts as passed.
 *
 * @param samples since the commit, oldest first
 * @param excused what the intent takes away; undefined: not looked at yet
 */
export const judgeHealth = (
  before: Health,
  samples: readonly HealthSample[],
  checks: Checks,
  excused: Excused | undefined,
): HealthVerdict => {
  const verdict: HealthVerdict = { kind: 'proven', checks: [], asksIntent: false };
  const all: Finding[] = [];
  for (const name of Object.keys(before) as HealthName[]) {
    const threshold = checks[name];
    const told = before[name];
    if (threshold === 'off' || !told) continue;
    const { what } = rules[name];
    const unknown = (reason: string) =>
      verdict.checks.push({ name, on: what, ok: null, detail: `could not be compared: ${reason}` });
    if ('unknown' in told) {
      unknown(`before the commit ${told.unknown}`);
      continue;
    }
    // whatever else it has told: of these tables nothing is known
    if (told.unanswered) unknown(`before the commit ${notAnswered(told.unanswered)}`);
    if (Object.values(told.vitals).every(({ count }) => count === 0)) continue;
    const latest = samples.at(-1)?.health[name];
    if (!latest || 'unknown' in latest) {
      unknown(latest ? latest.unknown : 'not looked at yet');
      const tries = samples.slice(-unknownTries);
      const given = tries.length === unknownTries && tries.every(({ health }) => !vitalsOf(health[name]));
      if (!given) verdict.kind = 'open';
      continue;
    }
    const findings = judge(name, before, samples, threshold === 'on' ? 0 : threshold, excused);
    all.push(...findings);
    verdict.checks.push(...results(name, findings));
  }
  const lost = all.filter(({ state }) => state === 'lost');
  verdict.asksIntent = excused === undefined && lost.length > 0;
  if (excused && lost.some(({ final }) => final)) verdict.kind = 'failed';
  else if (lost.length > 0 || all.some(({ state }) => state === 'silent')) verdict.kind = 'open';
  return verdict;
};
