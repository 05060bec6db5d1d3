import { PlumbError } from '../../../../core/errors.ts';
import { unknownPeer } from '../../../getters/bgp-shape.ts';
import { pick, toAddress, toAs, toNumber, toRouterId, toSeconds } from '../../../getters/values.ts';
import type { BgpPeer } from '../../../shapes.ts';

/** A session as one row of a table of peers tells it. */
export type Row = {
  vrf: string;
  routerId: string | null;
  address: string;
  peer: BgpPeer;
  received: number | null;
  outQueue: number | null;
};

/** An unnumbered session is named by its interface as well: `FE80::1(100GE1/0/1)`. */
const addressWord = /^\*?(?:\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)(?:\(\S+\))?$/;

/** Rows that are too long go on in the next line; each becomes its words. */
const rowsOf = (lines: readonly string[], columns: number): string[][] => {
  const rows: string[][] = [];
  for (const line of lines) {
    const words = line.trim().split(/\s+/).filter(Boolean);
    const open = rows.at(-1);
    if (words[0] !== undefined && addressWord.test(words[0])) rows.push(words);
    else if (open && open.length < columns) open.push(...words);
  }
  return rows.filter((row) => row.length >= columns);
};

const peerOf = (cell: (name: string) => string | undefined, localAs: number | null): BgpPeer => {
  const state = cell('State') ?? '';
  const up = state === 'Established';
  return {
    ...unknownPeer(),
    local_as: localAs,
    remote_as: toAs(cell('AS')),
    is_up: up,
    is_enabled: !/\(Admin\)/i.test(state),
    uptime: up ? toSeconds(cell('Up/Down') ?? '') : null,
    state,
    dynamic: cell('Peer')?.startsWith('*') ?? false,
    messages_received: toNumber(cell('MsgRcvd')),
    messages_sent: toNumber(cell('MsgSent')),
  };
};

/** The rows of a table, whose head names the columns: these differ between releases. @param vrf where none is named */
const rowsIn = (text: string, vrf: string): Row[] => {
  const localAs = toAs(pick(text, /Local AS number\s*:\s*([\d.]+)/i));
  const routerId = toRouterId(pick(text, /local router ID\s*:\s*([\d.]+)/i));
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^\s*Peer\s.*\bAS\b.*\bState\b/.test(line));
  if (start < 0) return [];
  const columns = lines[start]?.trim().split(/\s+/) ?? [];
  // the part of each VPN instance begins with a line of its own
  const parts: { vrf: string; routerId: string | null; lines: string[] }[] = [{ vrf, routerId, lines: [] }];
  for (const line of lines.slice(start + 1)) {
    const [, vpn, vpnId] = /VPN[- ]Instance\s+(\S+?),\s*Router ID\s+([\d.]+)/i.exec(line) ?? [];
    if (vpn !== undefined) parts.push({ vrf: vpn, routerId: vpnId ?? null, lines: [] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts.flatMap((part) =>
    rowsOf(part.lines, columns.length).map((row) => {
      const cell = (column: string) => row[columns.indexOf(column)];
      const peer = peerOf(cell, localAs);
      return {
        vrf: part.vrf,
        routerId: part.routerId,
        address: toAddress((cell('Peer') ?? '').replace('*', '').replace(/\(.*/, '')),
        peer,
        received: peer.is_up ? toNumber(cell('PrefRcv')) : null, // 0 is printed for one that is down
        outQueue: toNumber(cell('OutQ')),
      };
    }),
  );
};

/**
 * The sessions of one table. What the device counts above it must be there, that of VPN instances included.
 *
 * @param command what printed the table
 * @param vrf where none is named
 * @throws PlumbError `parse_failed` where the table was read in part only
 */
export const tableRows = (command: string, text: string, vrf = 'global'): Row[] => {
  const rows = rowsIn(text, vrf);
  const up = rows.filter(({ peer }) => peer.is_up).length;
  const total = toNumber(pick(text, /Total number of peers\s*:\s*(\d+)/i));
  const established = toNumber(pick(text, /Peers in established state\s*:\s*(\d+)/i));
  const headOnly = total === null && rows.length === 0 && /^[ \t]*BGP local router ID/im.test(text);
  if (headOnly || rows.length < (total ?? 0) || up < (established ?? 0)) {
    const counted = headOnly
      ? 'a head without its table'
      : `${total ?? '?'} sessions, ${established ?? '?'} established`;
    const read = `${rows.length} with ${up} established could be read`;
    throw new PlumbError(
      'parse_failed',
      `${command}: the device announces ${counted}, but ${read}: the answer ends early`,
    );
  }
  return rows;
};
