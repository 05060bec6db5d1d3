import { PlumbError } from '../../../../core/errors.ts';
import { pick, toAddress, toNumber, toRouterId, toSeconds } from '../../../getters/values.ts';
import type { BgpPeer } from '../../../shapes.ts';
import type { Row } from './tables.ts';

// Sources: Huawei "display bgp peer", "display bgp vpnv4 all peer verbose"; HPE "display bgp peer"; a session of Comware 7.

/** What a device prints of one session by `verbose`. */
type Verbose = { vrf: string; address: string; text: string };

const begin = /^\s*(?:BGP Peer is (\S+?),\s+remote AS |Peer:\s+(\S+)\s+Local:)/i;
const instance = /^\s*IPv[46]-family for VPN instance:\s*(\S+)|VPN[- ]Instance\s+(\S+?),\s*Router ID/i;

/**
 * Cuts what `COMMAND verbose` printed where each session begins; [] where it was refused.
 *
 * @param rows of its table; whether dynamic ones are told here is not known
 * @param vrf of sessions before which none is named
 * @throws PlumbError `parse_failed` where it was read in part only
 */
export const verbosePeers = (command: string, output: string, rows: readonly Row[], vrf = 'global'): Verbose[] => {
  const peers: { vrf: string; address: string; lines: string[] }[] = [];
  let at = vrf;
  for (const line of output.split('\n')) {
    const named = instance.exec(line);
    if (named) at = named[1] ?? named[2] ?? at;
    const begun = begin.exec(line);
    // an unnumbered session is named by its interface as well: FE80::1(100GE1/0/1)
    const address = (begun?.[1] ?? begun?.[2])?.replace(/\(.*/, '').replace('*', '');
    if (address !== undefined) peers.push({ vrf: at, address: toAddress(address), lines: [] });
    peers.at(-1)?.lines.push(line);
  }
  const listed = rows.filter(({ peer }) => !peer.dynamic).length;
  if (peers.length > 0 && peers.length < listed) {
    const why = `tells of ${peers.length} sessions, its table of ${listed}: the answer ends early`;
    throw new PlumbError('parse_failed', `${command} verbose: ${why}`);
  }
  return peers.map(({ lines, ...peer }) => ({ ...peer, text: lines.join('\n') }));
};

/** Messages of a kind: VRP counts them under `Received:` and `Sent:`, Comware 7 in a table of two lines a kind, older ones in one line. */
export const messages = (
  text: string,
  way: 'Received' | 'Sent',
  kind: 'Total' | 'Update' | 'Keepalive',
): number | null => {
  const table = new RegExp(`^\\s*${kind}\\s+\\S+\\s+(\\d+)\\s+\\d+\\s*\\n\\s+\\S+\\s+(\\d+)\\s+\\d+`, 'im').exec(text);
  if (table) return toNumber(table[way === 'Received' ? 1 : 2]);
  const from = text.search(new RegExp(`^\\s*${way}\\s*:\\s*(?:Total\\b.*)?$`, 'm'));
  if (from < 0) return null;
  const rest = text.slice(from);
  const end =
    way === 'Received' ? rest.search(/^[ \t]*Sent\s*:/m) : rest.search(/^[ \t]*(?:Authentication|Maximum|Minimum)/m);
  const part = end < 0 ? rest : rest.slice(0, end);
  return toNumber(pick(part, new RegExp(`\\b${kind}(?:\\s+messages)?\\s+(\\d+)`, 'i')));
};

/** The state as the device says it, and for how long. */
export const stateOf = (text: string): { state: string | null; up: boolean; uptime: number | null } => {
  const [, state, time] = /BGP current state:\s*([^,\n]+?)\s*(?:,\s*Up for\s+(\S+))?\s*$/im.exec(text) ?? [];
  const up = state === 'Established';
  return { state: state ?? null, up, uptime: up ? toSeconds(time ?? '') : null };
};

/** Seconds of a timer: `Negotiated: Active Hold Time: 180 sec   Keepalive Time:60 sec`. */
export const timer = (
  text: string,
  which: 'Configured' | 'Negotiated',
  what: 'Active Hold' | 'Keepalive',
): number | null => toNumber(pick(text, new RegExp(`${which}\\s*:[^\\n]*\\b${what} Time:\\s*(\\d+)`)));

/** How often the session was lost: VRP counts how often it came up. */
export const flapsOf = (text: string): number | null => {
  const ups = toNumber(pick(text, /BGP Peer Up count:\s*(\d+)/i));
  return ups === null ? null : Math.max(0, ups - (stateOf(text).up ? 1 : 0));
};

/** What `verbose` adds to the row of a session. */
export const verboseFields = (text: string): Partial<BgpPeer> => ({
  remote_id: toRouterId(pick(text, /remote router ID\s+([\d.]+)/i)),
  description: pick(text, /Peer's description:\s*"?(.*?)"?\s*$/m) ?? '',
  hold_seconds: timer(text, 'Negotiated', 'Active Hold'),
  keepalive_seconds: timer(text, 'Negotiated', 'Keepalive'),
  keepalives_received: messages(text, 'Received', 'Keepalive'),
  flaps: flapsOf(text),
});
