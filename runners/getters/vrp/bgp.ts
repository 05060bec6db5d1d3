import type { Bgp, BgpPeer } from '../../driver.ts';
import { unknownPeer, vrfOf } from '../bgp-shape.ts';
import type { Getter } from '../getter.ts';
import { pick, toAddress, toAs, toNumber, toRouterId, toSeconds } from '../values.ts';

type Table = { family: string; command: string };

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

/** Puts the sessions of one table under their VRFs; its head names the columns, which differ between releases. */
const addTable = (result: Bgp, text: string, family: string): void => {
  const localAs = toAs(pick(text, /Local AS number\s*:\s*([\d.]+)/));
  const routerId = toRouterId(pick(text, /local router ID\s*:\s*([\d.]+)/i));
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^\s*Peer\s.*\bAS\b.*\bState\b/.test(line));
  if (start < 0) return;
  const columns = lines[start]?.trim().split(/\s+/) ?? [];
  // the part of each VPN instance begins with a line of its own
  let name = 'global';
  const parts: [string, string | null, string[]][] = [[name, routerId, []]];
  for (const line of lines.slice(start + 1)) {
    const [, vpn, vpnId] = /VPN[- ]Instance\s+(\S+?),\s*Router ID\s+([\d.]+)/i.exec(line) ?? [];
    if (vpn !== undefined) {
      name = vpn;
      parts.push([name, vpnId ?? null, []]);
    } else parts.at(-1)?.[2].push(line);
  }
  for (const [vrfName, id, body] of parts) {
    const rows = rowsOf(body, columns.length);
    if (rows.length === 0) continue;
    const vrf = vrfOf(result, vrfName);
    vrf.router_id ??= id;
    for (const row of rows) {
      const cell = (column: string) => row[columns.indexOf(column)];
      const peer = peerOf(cell, localAs);
      const counts = { received_prefixes: toNumber(cell('PrefRcv')), accepted_prefixes: null, sent_prefixes: null };
      const address = toAddress((cell('Peer') ?? '').replace('*', ''));
      const known = vrf.peers[address];
      const own = vrfName !== 'global' && family === 'vpnv4' ? 'ipv4' : family;
      vrf.peers[address] = { ...(known ?? peer), address_family: { ...known?.address_family, [own]: counts } };
    }
  }
};

const getter = (tables: readonly Table[]): Getter<Bgp> => ({
  requests: tables.map(({ command }) => command),
  parse: (inputs) => {
    const result: Bgp = {};
    for (const { command, family } of tables) addTable(result, inputs.get(command) ?? '', family);
    return result;
  },
});

/** Huawei VRP, from the CLI's text. */
export const vrpBgp = getter([
  { command: 'display bgp peer', family: 'ipv4' },
  { command: 'display bgp ipv6 peer', family: 'ipv6' },
  { command: 'display bgp vpnv4 all peer', family: 'vpnv4' },
  { command: 'display bgp evpn peer', family: 'l2vpn_evpn' },
]);

/** HP Comware, from the CLI's text. */
export const comwareBgp = getter([
  { command: 'display bgp peer ipv4', family: 'ipv4' },
  { command: 'display bgp peer ipv6', family: 'ipv6' },
  { command: 'display bgp peer l2vpn evpn', family: 'l2vpn_evpn' },
]);
