import { PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact.ts';
import { byContext, findLine, type Placed, topLevel } from './frr-config.ts';
import type { FrrDiff } from './frr-diff.ts';

// What frr-reload.py cannot do, cannot do safely, or cannot do in time.

/** Refuses what the tool would pass over without a word. @throws PlumbError `rejected` */
export const refuseUnremovable = (name: string, running: string, text: string): void => {
  const now = topLevel(running, 'frr defaults')?.value ?? 'traditional';
  const wanted = topLevel(text, 'frr defaults');
  if (now !== (wanted?.value ?? 'traditional')) {
    throw new PlumbError(
      'rejected',
      `${name}: "frr defaults ${wanted?.value ?? 'traditional'}" cannot replace "frr defaults ${now}" while FRR runs`,
      {
        hint: `write "frr defaults ${now}", or change it in frr.conf on the router and restart FRR`,
        ...(wanted ? { line: wanted.line } : {}),
      },
    );
  }
  const kept = byContext(text).get('') ?? new Set();
  for (const line of byContext(running).get('') ?? []) {
    if (!line.startsWith('username ') || kept.has(line)) continue;
    throw new PlumbError('rejected', redact(`${name}: "${line}" cannot be removed while FRR runs`), {
      hint: 'keep the line, or remove it from vtysh.conf on the router',
    });
  }
};

const owners: readonly (readonly [RegExp, string])[] = [
  [/^(?:router bgp|bgp) /, 'bgpd'],
  [/^(?:ip|ipv6) route /, 'staticd'],
  [/^router ospf(?: |$)/, 'ospfd'],
  [/^router ospf6(?: |$)/, 'ospf6d'],
  [/^router isis /, 'isisd'],
  [/^router openfabric /, 'fabricd'],
  [/^router rip(?: |$)/, 'ripd'],
  [/^router ripng(?: |$)/, 'ripngd'],
  [/^router eigrp /, 'eigrpd'],
  [/^router babel(?: |$)/, 'babeld'],
  [/^bfd$/, 'bfdd'],
  [/^mpls ldp$/, 'ldpd'],
  [/^pbr-map /, 'pbrd'],
];

/**
 * Stops where a daemon that the text configures is down: its lines would be lost, and be missing from startup.
 *
 * @param up names of the daemons that are up
 * @throws PlumbError `commit_failed`: it may be up soon
 */
export const needDaemons = (name: string, up: string, text: string): void => {
  const running = new Set(up.trim().split(/\s+/));
  for (const [index, line] of text.split('\n').entries()) {
    const owner = owners.find(([pattern]) => pattern.test(line))?.[1];
    if (owner === undefined || running.has(owner)) continue;
    throw new PlumbError('commit_failed', `${name}: ${owner} is not running, and line ${index + 1} configures it`, {
      hint: `set ${owner}=yes in /etc/frr/daemons on the router and restart FRR, or see why it stopped`,
      line: index + 1,
    });
  }
};

/** Top-level secrets that the tool passes over; the router's script removes them itself. */
export const silentDeletions = (running: string, text: string, listed: readonly Placed[]): Placed[] => {
  const has = (config: string, word: string) => config.split('\n').some((line) => line.startsWith(`${word} `));
  return ['password', 'enable password']
    .filter((word) => has(running, word) && !has(text, word))
    .filter((word) => !listed.some(({ path, line }) => path.length === 0 && line.startsWith(`no ${word} `)))
    .map((word) => ({ path: [], line: `no ${word}` }));
};

// How to take back a line without saying its secret: the words before it.
const secretLine =
  /^((?:no )?(?:(?:enable )?password|neighbor \S+ password|key-string|(?:ip )?ospf (?:authentication-key|message-digest-key \d+)|ip rip authentication string|isis password|area-password|domain-password|ip eigrp authentication|bfd password))(?: .+)$/;

/**
 * What to run from a file before frr-reload.py, which would name a secret that goes in the arguments of a process.
 *
 * @param from lines that go, written as the tool prints them (`no …`)
 * @param to lines that come
 */
export const secretsFirst = (from: readonly Placed[], to: readonly Placed[]): string => {
  const commands: string[] = [];
  for (const { path, line } of from) {
    const words = secretLine.exec(line)?.[1];
    if (!words) continue;
    const key = words.replace(/^no /, '');
    const next = to.find((one) => one.line.startsWith(`${key} `) && one.path.join('\n') === path.join('\n'));
    commands.push(...path, next ? next.line : `no ${key}`, ...path.map(() => 'exit'));
  }
  return commands.length === 0 ? '' : `${commands.join('\n')}\n`;
};

// Measured on FRR 8.4, a slow machine: a prefix-list or access-list entry costs the more, the more there are.
const startMs = 800;
const lineMs = 1;
const deletionMs = 40;
const listPairMs = 0.015;
const listEntry = /^(?:ip|ipv6) (?:prefix-list|access-list) |^access-list /;

/** How long applying a difference will take, in ms. */
export const estimateMs = (diff: FrrDiff, running: string): number => {
  const present = running.split('\n').filter((line) => listEntry.test(line)).length;
  const added = diff.additions.filter(({ line }) => listEntry.test(line)).length;
  const pairs = (present + added) ** 2 - present ** 2;
  return startMs + diff.additions.length * lineMs + diff.deletions.length * deletionMs + pairs * listPairMs;
};

// Undoing takes as long as applying, and both must be over when the timer is.
const applyShare = 0.6;
const leastSeconds = 10;

/**
 * How many of the timer's seconds applying may take.
 *
 * @throws PlumbError `unsupported` for a timer that is too short for anything, `refused` where the change is too large
 */
export const applySeconds = (name: string, confirmSeconds: number, neededMs: number): number => {
  if (confirmSeconds < leastSeconds) {
    throw new PlumbError('unsupported', `${name}: a trial needs a timer of ${leastSeconds} s or more`);
  }
  const limit = Math.floor(confirmSeconds * applyShare);
  const needed = Math.ceil(neededMs / 1000);
  if (needed <= limit) return limit;
  throw new PlumbError(
    'refused',
    `${name}: applying this takes about ${needed} s, more than fits into a timer of ${confirmSeconds} s`,
    { hint: `set policy.confirmSeconds to ${Math.ceil(needed / applyShare)} or more, or split the change` },
  );
};

/** What vtysh said against a line of a file: `line 4: % Unknown command[4]: neighbour …`. */
export const fileComplaint = (output: string): { line: number; said: string } | undefined => {
  const found = /^line (\d+): (.*)$/m.exec(output);
  return found?.[1] ? { line: Number(found[1]), said: found[2] ?? '' } : undefined;
};

/** What a daemon said against a line while it was applied, and where that line stands in the text. */
export const applyComplaint = (log: string, text: string): { line: number | undefined; said: string } => {
  const lines = log.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => /^line \d+: /.test(line));
  if (at !== -1) {
    const command = /line: +(.*)$/.exec(lines[at] ?? '')?.[1] ?? '';
    const before = lines.slice(0, at).findLast((line) => line.startsWith('%'));
    return { line: command ? findLine(text, command) : undefined, said: `"${command}": ${before ?? lines[at]}` };
  }
  const said = lines.filter((line) => line.startsWith('%') || /failed to remove/.test(line)).slice(0, 3);
  return { line: undefined, said: said.join('; ') || lines.filter(Boolean).slice(-2).join('; ') };
};
