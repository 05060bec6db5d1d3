import { byName, named } from '../../../../core/by-name.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { unknownPeer, vrfOf } from '../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { pick, toAs, toNumber, toRouterId, toSeconds } from '../../../getters/values.ts';
import type { Bgp, BgpPeer } from '../../../shapes.ts';
import { familyName } from '../../cisco/getters/families.ts';
import { type Neighbor, parseNeighbors, twoNumbers } from './neighbors.ts';
import { parseSummary, type SummaryRow } from './summary.ts';

const summaryCommand = 'show bgp all summary';

/** Address family → the command that tells its sessions in detail. */
export const neighborCommands: Readonly<Record<string, string>> = {
  'ipv4 unicast': 'show bgp ipv4 unicast neighbors',
  'ipv4 multicast': 'show bgp ipv4 multicast neighbors',
  'ipv6 unicast': 'show bgp ipv6 unicast neighbors',
  'ipv6 multicast': 'show bgp ipv6 multicast neighbors',
  'vpnv4 unicast': 'show bgp vpnv4 unicast all neighbors',
  'vpnv6 unicast': 'show bgp vpnv6 unicast all neighbors',
  'ipv4 mdt': 'show bgp ipv4 mdt all neighbors',
  'l2vpn e-vpn': 'show bgp l2vpn evpn neighbors',
};

const peerOf = (row: SummaryRow, neighbor: Neighbor | undefined): BgpPeer => {
  const session = neighbor?.session ?? '';
  const block = neighbor?.block ?? '';
  const up = neighbor ? /^[ \t]+BGP state = Established/m.test(session) : /^\d+$/.test(row.last);
  const [, keepalives] = twoNumbers(session, 'Keepalives');
  return {
    ...unknownPeer(),
    local_as: toAs(row.localAs),
    remote_as: toAs(row.remoteAs),
    remote_id: toRouterId(pick(session, /remote router ID ([\d.]+)/)),
    is_up: up,
    is_enabled: !/\(Admin\)/.test(row.last),
    description: pick(session, /^[ \t]+Description: (.+)/m) ?? '',
    uptime: up ? toSeconds(row.upDown) : null,
    state: up ? 'Established' : /^\d/.test(row.last) ? (pick(session, /BGP state = (\w+)/) ?? '') : row.last,
    dynamic: row.dynamic,
    messages_received: toNumber(row.messagesReceived),
    messages_sent: toNumber(row.messagesSent),
    keepalives_received: keepalives,
    hold_seconds: up ? toNumber(pick(session, /last write [^,\n]+, hold time is (\d+)/)) : null,
    keepalive_seconds: up
      ? toNumber(pick(session, /last write [^,\n]+, hold time is \d+, keepalive interval is (\d+)/))
      : null,
    flaps: toNumber(pick(block, /Connections established \d+; dropped (\d+)/)),
    last_error: pick(block, /^[ \t]+Last reset [^,\n]+, due to (.+)/m) ?? null,
  };
};

/** A dynamic session comes and goes by itself, maybe between the two answers. */
const dynamic = ({ block }: Neighbor) => block.startsWith('BGP neighbor is *');

/** @throws PlumbError `parse_failed` where the summary lacks a session of which the neighbours tell */
const checkSummary = (rows: readonly SummaryRow[], neighbors: readonly Neighbor[]): void => {
  const vrfs = new Map<string, Set<string>>();
  for (const each of neighbors.filter((one) => !dynamic(one) && named(neighborCommands, one.family))) {
    const key = `${each.address} (${each.family})`;
    vrfs.set(key, (vrfs.get(key) ?? new Set()).add(each.vrf));
  }
  for (const [key, { size }] of vrfs) {
    if (rows.filter(({ address, family }) => `${address} (${family})` === key).length >= size) continue;
    const why = `does not list ${key}, of which the neighbors command tells: the answer ends early`;
    throw new PlumbError('parse_failed', `${summaryCommand}: ${why}`);
  }
};

/** @throws PlumbError `parse_failed` where what was printed of the neighbours lacks a session of the summary */
const checkNeighbors = ({ address, family, dynamic: itself }: SummaryRow, inputs: Inputs): void => {
  const command = named(neighborCommands, family);
  const told = command !== undefined && /^BGP neighbor is /m.test(inputs.get(command) ?? '');
  if (itself || !told) return;
  const why = `does not tell of ${address} (${family}), which the summary lists: the answer ends early`;
  throw new PlumbError('parse_failed', `${command}: ${why}`);
};

/** From the summary of all families, and the neighbours of each family that it shows. */
export const bgp: Getter<Bgp> = {
  requests: [summaryCommand],
  parse: (inputs) => {
    const result: Bgp = byName();
    const summary = inputs.get(summaryCommand) ?? '';
    const rows = parseSummary(summary);
    // BGP without a session, or a summary that ended before the first one: the neighbours tell
    const families =
      rows.length === 0 && /router identifier/.test(summary)
        ? Object.keys(neighborCommands)
        : rows.map(({ family }) => family);
    const commands = [...new Set(families.map((family) => named(neighborCommands, family)))].filter(
      (each) => each !== undefined,
    );
    const neighbors = commands.flatMap((command) => parseNeighbors(inputs.get(command) ?? ''));
    checkSummary(rows, neighbors);
    for (const { vrf } of neighbors) vrfOf(result, vrf).router_id ??= rows[0]?.routerId ?? null;
    const taken = new Set<Neighbor>();
    for (const row of rows) {
      // the summary of a VPN family names no VRF: its rows stand in the order of its neighbours
      const neighbor = neighbors.find(
        (each) => each.family === row.family && each.address === row.address && !taken.has(each),
      );
      if (!neighbor) checkNeighbors(row, inputs);
      if (!neighbor && (neighbors.length > 0 || row.family.startsWith('vpn'))) continue;
      if (neighbor) taken.add(neighbor);
      const vrf = vrfOf(result, neighbor?.vrf ?? 'global');
      vrf.router_id ??= row.routerId;
      const peer = peerOf(row, neighbor);
      const [sent, current] = twoNumbers(neighbor?.part ?? '', 'Prefixes Current');
      const accepted = peer.is_up ? (current ?? toNumber(row.last)) : toNumber(row.last);
      const family = {
        received_prefixes: null,
        accepted_prefixes: accepted,
        sent_prefixes: peer.is_up ? sent : null,
      };
      const known = vrf.peers[row.address];
      vrf.peers[row.address] = {
        ...(known?.is_up || !peer.is_up ? (known ?? peer) : peer),
        uptime: known?.uptime || peer.uptime ? Math.max(known?.uptime ?? 0, peer.uptime ?? 0) : null,
        address_family: { ...known?.address_family, [familyName(row.family)]: family },
      };
    }
    return result;
  },
};
