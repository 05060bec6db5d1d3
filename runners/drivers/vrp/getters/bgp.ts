import { byName } from '../../../../core/by-name.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { vrfOf } from '../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { pick, toNumber } from '../../../getters/values.ts';
import type { Bgp } from '../../../shapes.ts';
import { tableRows } from './tables.ts';
import { verboseFields, verbosePeers } from './verbose.ts';

/** A table of sessions: its command, by which `verbose` prints them one by one. */
export type Table = { family: string; command: string; vrf?: string };

/** Within a VPN instance, VPNv4 routes are IPv4 ones. */
const familyIn = (vrf: string, family: string): string =>
  vrf === 'global' ? family : family.replace('vpnv4', 'ipv4').replace('vpnv6', 'ipv6');

const add = (result: Bgp, inputs: Inputs, { family, command, vrf }: Table): void => {
  const rows = tableRows(command, inputs.get(command) ?? '', vrf);
  if (rows.length === 0) return;
  const told = verbosePeers(command, inputs.get(`${command} verbose`) ?? '', rows, vrf);
  for (const { vrf: name, routerId, address, peer, received } of rows) {
    const entry = vrfOf(result, name);
    entry.router_id ??= routerId;
    const text = told.find((one) => one.vrf === name && one.address === address)?.text ?? '';
    const counts = {
      received_prefixes: received,
      accepted_prefixes: null,
      sent_prefixes: toNumber(pick(text, /Advertised total routes:\s*(\d+)/i)),
    };
    const known = entry.peers[address] ?? { ...peer, ...(text === '' ? {} : verboseFields(text)) };
    entry.peers[address] = {
      ...known,
      address_family: { ...known.address_family, [familyIn(name, family)]: counts },
    };
  }
};

const vrpTables: readonly Table[] = [
  { command: 'display bgp peer', family: 'ipv4' },
  { command: 'display bgp ipv6 peer', family: 'ipv6' },
  { command: 'display bgp vpnv4 all peer', family: 'vpnv4' },
  { command: 'display bgp vpnv6 all peer', family: 'vpnv6' },
  { command: 'display bgp evpn peer', family: 'l2vpn_evpn' },
];

const comwareTables: readonly Table[] = [
  { command: 'display bgp peer ipv4', family: 'ipv4' },
  { command: 'display bgp peer ipv6', family: 'ipv6' },
  { command: 'display bgp peer vpnv4', family: 'vpnv4' },
  { command: 'display bgp peer vpnv6', family: 'vpnv6' },
  { command: 'display bgp peer l2vpn evpn', family: 'l2vpn_evpn' },
];

const instances = 'display ip vpn-instance';

/** Comware asks for each VPN instance by itself. */
const instanceTables = (listing: string): Table[] => {
  const lines = listing.split('\n');
  const start = lines.findIndex((line) => /^\s*VPN-Instance Name\s/i.test(line));
  const names = start < 0 ? [] : lines.slice(start + 1).flatMap((line) => /^\s*(\S+)/.exec(line)?.[1] ?? []);
  const total = toNumber(pick(listing, /Total VPN-Instances configured\s*:\s*(\d+)/i)) ?? 0;
  if (names.length < total) {
    const why = `the device announces ${total} VPN instances, but ${names.length} could be read: the answer ends early`;
    throw new PlumbError('parse_failed', `${instances}: ${why}`);
  }
  return names.flatMap((vrf) => [
    { vrf, family: 'ipv4', command: `display bgp peer ipv4 vpn-instance ${vrf}` },
    { vrf, family: 'ipv6', command: `display bgp peer ipv6 vpn-instance ${vrf}` },
  ]);
};

/** The tables of each platform, as its answers tell them. */
export const tablesOf = {
  vrp: () => vrpTables,
  comware: (inputs: Inputs) => [...comwareTables, ...instanceTables(inputs.get(instances) ?? '')],
};

const getter = (tables: (inputs: Inputs) => readonly Table[], requests: readonly string[]): Getter<Bgp> => ({
  requests,
  parse: (inputs) => {
    const result: Bgp = byName();
    for (const table of tables(inputs)) add(result, inputs, table);
    return result;
  },
});

/** What is asked first; `verbose` follows where a table has rows. */
export const firstRequests = {
  vrp: vrpTables.map(({ command }) => command),
  comware: [instances, ...comwareTables.map(({ command }) => command)],
};

/** Huawei VRP, from the CLI's text. */
export const vrpBgp = getter(tablesOf.vrp, firstRequests.vrp);

/** HP Comware, from the CLI's text. */
export const comwareBgp = getter(tablesOf.comware, firstRequests.comware);
