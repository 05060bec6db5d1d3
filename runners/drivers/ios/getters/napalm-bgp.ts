import type { Inputs } from '../../../getters/getter.ts';
import { toAddress, toAs, toSeconds } from '../../../getters/values.ts';
import { neighborCommands } from './bgp.ts';

const address =
  '\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F:]{0,40}::[0-9a-fA-F:]{0,40}|[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){7}';
const numbers = '\\s+\\d+\\s+(?<as>[\\d.]+)(?:\\s+\\S+){5}\\s+(?<uptime>never|\\d+\\S+)';

type Pattern = { pattern: RegExp; ends?: true };
type Row = Readonly<Record<string, string | undefined>>;

const summaryPatterns: readonly Pattern[] = [
  { pattern: /^For address family: (?<family>[\S ]+)$/ },
  { pattern: /^.* router identifier (?<id>\d{1,3}(?:\.\d{1,3}){3}), local AS number (?<localAs>[\d.]+)/ },
  { pattern: new RegExp(`^\\*?(?<address>${address})${numbers}\\s+(?<accepted>\\d+)`), ends: true },
  { pattern: new RegExp(`^\\*?(?<address>${address})${numbers}\\s+(?<state>\\D.*)`), ends: true },
  { pattern: new RegExp(`^\\*?(?<address>${address})`) },
  { pattern: new RegExp(`^${numbers}\\s+(?<accepted>\\d+)`), ends: true },
  { pattern: new RegExp(`^${numbers}\\s+(?<state>\\D.*)`), ends: true },
];

const neighborPatterns: readonly Pattern[] = [
  { pattern: new RegExp(`^BGP neighbor is (?<address>${address}),(?:\\s+vrf (?<vrf>\\S+),)?\\s+remote AS [\\d.]+`) },
  { pattern: /^\s+Description: (?<description>.+)/ },
  { pattern: /^\s+BGP version \d+, remote router ID (?<id>\d{1,3}(?:\.\d{1,3}){3})/ },
  { pattern: /^\s+BGP state = (?<state>\w+)/ },
  { pattern: /^\s+For address family: (?<family>[\S ]+)$/ },
  { pattern: /^\s+Prefixes Current:\s+(?<sent>\d+)\s+(?<accepted>\d+)/ },
  { pattern: /^\s+Local Policy Denied Prefixes:/, ends: true },
];

/** What the lines say, row by row; what is not in `fresh` holds on from one row to the next. */
const rowsOf = (text: string, patterns: readonly Pattern[], fresh: readonly string[]): Row[] => {
  const rows: Row[] = [];
  let row: Record<string, string | undefined> = {};
  for (const line of text.split(/\r?\n/)) {
    for (const { pattern, ends } of patterns) {
      const found = pattern.exec(line);
      if (!found) continue;
      row = { ...row, ...found.groups };
      if (ends) {
        rows.push(row);
        row = Object.fromEntries(Object.entries(row).filter(([name]) => !fresh.includes(name)));
      }
      break;
    }
  }
  return rows;
};

/** The families that are asked for there, in this order, and their commands: all of ours but EVPN's. */
const commands = Object.fromEntries(Object.entries(neighborCommands).filter(([family]) => family !== 'l2vpn e-vpn'));

type Peer = Record<string, unknown> & { is_up: boolean; uptime: number; address_family: Record<string, unknown> };

const peerOf = (row: Row, neighbor: Row, family: string): Peer => {
  const up = neighbor.state?.includes('Established') ?? false;
  const accepted = Number((up ? neighbor.accepted : undefined) ?? row.accepted ?? -1);
  return {
    local_as: toAs(row.localAs),
    remote_as: toAs(row.as),
    remote_id: neighbor.id ?? '0.0.0.0',
    is_up: up,
    is_enabled: !row.state?.includes('(Admin)'),
    description: neighbor.description ?? '',
    uptime: (up ? toSeconds(row.uptime ?? '') : null) ?? -1,
    address_family: {
      [family]: {
        received_prefixes: up ? accepted : -1,
        accepted_prefixes: accepted,
        sent_prefixes: up ? Number(neighbor.sent ?? -1) : -1,
      },
    },
  };
};

/**
 * NAPALM's get_bgp_neighbors of IOS, line by line: a session without a description has that of the one before it, and
 * the details of what it does not recognise (a dynamic session's `*`) are taken for those of the session before.
 */
export const napalmIosBgp = (inputs: Inputs): unknown => {
  const summary = inputs.get('show bgp all summary') ?? '';
  if (/Invalid input|BGP not active/.test(summary)) return {};
  const text = Object.values(commands).map((command) => (inputs.get(command) ?? '').trim());
  const neighbors = rowsOf(text.join('\n'), neighborPatterns, ['accepted', 'sent']);
  const rows = rowsOf(summary.trim(), summaryPatterns, ['accepted', 'state', 'uptime', 'as', 'address']);
  const result = new Map<string, { router_id: string; peers: Record<string, Peer> }>();
  for (const { vrf = 'global' } of neighbors) result.set(vrf, { router_id: rows[0]?.id ?? '', peers: {} });
  for (const row of rows) {
    const family = row.family?.toLowerCase() ?? '';
    const remote = toAddress(row.address ?? '');
    const neighbor = neighbors.find(
      (each) =>
        each.family?.toLowerCase() === family &&
        toAddress(each.address ?? '') === remote &&
        (each.vrf === undefined || !Object.hasOwn(result.get(each.vrf)?.peers ?? {}, remote)),
    );
    const peers = neighbor && result.get(neighbor.vrf ?? 'global')?.peers;
    if (!peers || !Object.hasOwn(commands, family)) continue;
    const peer = peerOf(row, neighbor, family);
    const known = peers[remote];
    peers[remote] = known
      ? {
          ...known,
          is_up: known.is_up || peer.is_up,
          uptime: Math.max(known.uptime, peer.uptime),
          address_family: { ...known.address_family, ...peer.address_family },
        }
      : peer;
  }
  return Object.fromEntries(result);
};
