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

const addressWord = /^\*?(?:\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)$/;

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

/** The sessions of one table; its head names the columns, which differ between releases. @param vrf where none is named */
export const tableRows = (text: string, vrf = 'global'): Row[] => {
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
        address: toAddress((cell('Peer') ?? '').replace('*', '')),
        peer,
        received: peer.is_up ? toNumber(cell('PrefRcv')) : null, // 0 is printed for one that is down
        outQueue: toNumber(cell('OutQ')),
      };
    }),
  );
};
