import { PlumbError } from '../../../../core/errors.ts';
import { redact } from '../../../../core/redact/redact.ts';
import { topLevel } from '../config.ts';
import type { FrrDiff } from './diff.ts';
import { isListed } from './lists.ts';
import { type Node, squeeze } from './tree.ts';

// What a running FRR cannot do, or not in the time there is.

/** Refuses what is passed over without a word. @throws PlumbError `rejected` */
export const refuseUnremovable = (name: string, running: string, text: string): void => {
  const now = topLevel(running, 'frr defaults')?.value ?? 'traditional';
  const wanted = topLevel(text, 'frr defaults');
  if (now !== (wanted?.value ?? 'traditional')) {
    throw new PlumbError(
      'rejected',
      `${name}: "frr defaults ${wanted?.value ?? 'traditional'}" cannot replace "frr defaults ${now}" while FRR runs`,
      {
        hint: `write "frr defaults ${now}", or change it in frr.conf on the router and restart FRR`,
        line: wanted?.line,
      },
    );
  }
  const kept = new Set(text.split('\n').map((line) => line.trim()));
  for (const line of running.split('\n')) {
    if (!line.startsWith('username ') || kept.has(line.trim())) continue;
    throw new PlumbError('rejected', redact(`${name}: "${line}" cannot be removed while FRR runs`), {
      hint: 'keep the line, or remove it from vtysh.conf on the router',
    });
  }
};

/** Refuses a plain password that each daemon would print under a salt of its own. @throws PlumbError `rejected` */
export const refuseSalted = (name: string, text: string): void => {
  const lines = text.split('\n').map(squeeze);
  if (!lines.includes('service password-encryption')) return;
  const at = lines.findIndex((line) => /^(?:enable )?password (?!8 )/.test(line));
  if (at === -1) return;
  throw new PlumbError(
    'rejected',
    redact(
      `${name}: line ${at + 1}: with "service password-encryption" FRR never prints "${lines[at]}" the same way twice`,
    ),
    { hint: 'write it as "password 8 …" in the form that FRR printed, or remove the service', line: at + 1 },
  );
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
  [/^(?:pbr-map|pbr-policy) /, 'pbrd'],
  [/^(?:router pim(?: |$)|ip (?:pim|igmp|msdp|multicast)(?: |$))/, 'pimd'],
  [/^(?:router pim6(?: |$)|ipv6 (?:pim|mld)(?: |$))/, 'pim6d'],
  [/^ip ospf /, 'ospfd'],
  [/^ipv6 ospf6 /, 'ospf6d'],
  [/^(?:ip router|ipv6 router|) ?isis /, 'isisd'],
  [/^(?:ip router|ipv6 router|) ?openfabric /, 'fabricd'],
  [/^ip rip /, 'ripd'],
  [/^ipv6 ripng /, 'ripngd'],
  [/^ip nhrp /, 'nhrpd'],
  [/^babel /, 'babeld'],
  [/^vrrp \d/, 'vrrpd'],
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
    const owner = owners.find(([pattern]) => pattern.test(squeeze(line)))?.[1];
    if (owner === undefined || running.has(owner)) continue;
    throw new PlumbError('commit_failed', `${name}: ${owner} is not running, and line ${index + 1} configures it`, {
      hint: `set ${owner}=yes in /etc/frr/daemons on the router and restart FRR, or find out why it stopped`,
      line: index + 1,
    });
  }
};

// Measured on FRR 8.4, a slow machine: a prefix-list or access-list entry costs the more, the more there are.
const startMs = 500;
const lineMs = 2;
const listPairMs = 0.015;

/** How long applying a difference will take, in ms. */
export const estimateMs = ({ added, removed }: FrrDiff, now: Node): number => {
  const entries = (lines: Iterable<string>) => [...lines].filter(isListed).length;
  const present = entries(now.children.keys());
  const more = entries(added.map(({ line }) => line));
  const pairs = (present + more) ** 2 - present ** 2;
  return startMs + (added.length + removed.length) * lineMs + pairs * listPairMs;
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
    throw new PlumbError('unsupported', `${name}: a trial needs a timer of at least ${leastSeconds} s`);
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
