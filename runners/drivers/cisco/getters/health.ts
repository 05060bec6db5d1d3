import { byName } from '../../../../core/by-name.ts';
import type { HealthGetters } from '../../../driver.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { addAtPort, adjacency, clockSeconds } from '../../../getters/vitals.ts';
import type { Vitals } from '../../../shapes.ts';
import { cef, nxosFib, rib, xrCef } from './routes.ts';

// IOS, IOS-XR and NX-OS print much alike.

/** Where a table with this head is printed; undefined for what the device does not know, or does not run. */
const bodyOf = (inputs: Inputs, request: string): string => inputs.get(request) ?? '';

const interfaces = (request: string, row: RegExp): Getter<Vitals | null> => ({
  requests: [request],
  parse: (inputs) => {
    const found = [...bodyOf(inputs, request).matchAll(row)];
    if (found.length === 0) return null;
    return Object.fromEntries(
      found.map(([, name = '', state = '', line = state]) => [
        name,
        { count: state === 'up' && line.startsWith('up') ? 1 : 0, state: state === 'up' ? line : state },
      ]),
    );
  },
});

const ospf = (requests: readonly string[]): Getter<Vitals | null> => ({
  requests,
  parse: (inputs) => {
    const result: Vitals = byName();
    for (const request of requests) {
      const rows = bodyOf(inputs, request).matchAll(
        /^[ \t]{0,8}(\d+\.\d+\.\d+\.\d+)[ \t]+\d+[ \t]+(\w+(?:-\w+)?\/[ \t]*\S+)[ \t]+(\S+)[ \t]+(\d+\.\d+\.\d+\.\d+)[ \t]+(\S+)[ \t]*$/gm,
      );
      for (const [, router = '', printed = '', time, address = '', place = ''] of rows) {
        const state = printed.replace(/\s+/g, '');
        // NX-OS has the time since it is up there
        const expires = request.endsWith('neighbors vrf all') ? null : clockSeconds(time);
        const isUp = /^(?:FULL|2WAY|TWOWAY)/i.test(state);
        result[`${router} on ${place}`] = adjacency(isUp, state, place, address, expires);
      }
    }
    return result;
  },
});

/** @param row groups: system, interface, state, hold time, level, by name */
const isis = (requests: readonly string[], row: RegExp): Getter<Vitals | null> => ({
  requests,
  parse: (inputs) => {
    const result: Vitals = byName();
    for (const request of requests) {
      for (const { groups = {} } of bodyOf(inputs, request).matchAll(row)) {
        const { system = '', place = '', state = '', hold = '', level = '' } = groups;
        const expires = /^\d+$/.test(hold) ? Number(hold) : clockSeconds(hold);
        const name = `${system} on ${place}, ${level.startsWith('L') ? level : `L${level}`}`;
        result[name] = adjacency(/^up$/i.test(state), state, place, '', expires);
      }
    }
    return result;
  },
});

const lldp = (request: string): Getter<Vitals | null> => ({
  requests: [request],
  parse: (inputs) => {
    const text = inputs.get(request);
    if (text === undefined) return null;
    if (/not enabled|not running/i.test(text)) return {};
    if (!/^(?:Device ID|Device-ID|Capability codes)/m.test(text)) return null;
    const result: Vitals = byName();
    for (const [, place = ''] of text.matchAll(
      /^(?!Device)\S.*?\s([A-Za-z][\w-]*\d[\d/.]*)\s+\d+\s+(?:[A-Z,a-z() ]+\s+)?\S+\s*$/gm,
    ))
      addAtPort(result, place);
    return result;
  },
});

const nve = (request: string): Getter<Vitals | null> => ({
  requests: [request],
  parse: (inputs) => {
    const result: Vitals = byName();
    for (const [line] of bodyOf(inputs, request).matchAll(/^nve\d+\s.*$/gm)) {
      const peer = /\s(\d+\.\d+\.\d+\.\d+)\s/.exec(line)?.[1];
      if (peer !== undefined) result[peer] = { count: /\sup\b/i.test(line) ? 1 : 0 };
    }
    return result;
  },
});

/** IOS and IOS-XE. Source: Cisco IOS IP Routing: Protocol-Independent Command Reference. */
export const iosHealth: HealthGetters = {
  rib: rib({
    table: /^IP(?:v6)? routing table name is ([^\s(]+)/i,
    row: /^([a-z][\w-]*(?: \w+)?) +(\d+)(?: +(\d+))? +\d+ +\d+/,
    of: [
      { family: 'ipv4', request: 'show ip route summary' },
      { family: 'ipv4', request: 'show ip route vrf * summary' },
    ],
  }),
  fib: cef([{ family: 'ipv4', request: 'show ip cef summary' }]),
  interfaces: interfaces(
    'show interfaces description',
    /^([A-Z][\w/.:-]{0,63}) +(up|down|admin down|deleted) +(up|down)\b/gm,
  ),
  ospf: ospf(['show ip ospf neighbor']),
  isis: isis(
    ['show isis neighbors'],
    /^(?<system>\S+) +(?<level>L\d(?:L\d)?) +(?<place>\S+) +(?:\S+ +)?(?<state>UP|DOWN|INIT) +(?<hold>\d+)/gim,
  ),
  evpn: nve('show nve peers'),
  lldp: lldp('show lldp neighbors'),
};

/**
 * IOS-XR. Sources: Routing Command Reference and IP Addresses and Services Command Reference for Cisco ASR 9000; what
 * `show cef summary` printed on a Cisco 8201 and an 8711 in xrdocs.io's articles on FIB scale.
 */
export const iosxrHealth: HealthGetters = {
  rib: rib({
    table: /^VRF: (\S+)/,
    row: /^([a-z][\w-]*(?: \w+)?) +(\d+) +\d+ +\d+ +\d+/,
    of: [
      { family: 'ipv4', request: 'show route summary' },
      { family: 'ipv6', request: 'show route ipv6 summary' },
      { family: 'ipv4', request: 'show route vrf all summary' },
    ],
  }),
  fib: xrCef([
    { family: 'ipv4', request: 'show cef summary' },
    { family: 'ipv6', request: 'show cef ipv6 summary' },
    { family: 'ipv4', request: 'show cef vrf all ipv4 summary' },
    { family: 'ipv6', request: 'show cef vrf all ipv6 summary' },
  ]),
  interfaces: interfaces(
    'show interfaces brief',
    /^ {0,80}([A-Z][\w/.:-]{0,63}) +(up|down|admin-down) +(up|down|admin-down)\b/gm,
  ),
  ospf: ospf(['show ospf neighbor', 'show ospf vrf all neighbor']),
  isis: isis(
    ['show isis neighbors'],
    /^(?<system>\S+) +(?<place>[A-Z]\S*\d) +\S+ +(?<state>Up|Down|Init|Failed) +(?<hold>\d+) +(?<level>L\w+)/gm,
  ),
  lldp: lldp('show lldp neighbors'),
};

const nxosRoutes = {
  table: /^IP(?:v6)? (?:Route|Routing) Table for VRF "([^"]+)"/,
  row: /^ +([a-z][\w-]*) +: +(\d+)/,
  of: [
    { family: 'ipv4', request: 'show ip route summary vrf all' },
    { family: 'ipv6', request: 'show ipv6 route summary vrf all' },
  ],
};

/**
 * NX-OS. A command of a feature that is not enabled is not known: it has no neighbours then. Source: Nexus 9000 Series NX-OS
 * Unicast Routing Configuration Guide, "Managing the Unicast RIB and FIB".
 */
export const nxosHealth: HealthGetters = {
  rib: rib(nxosRoutes),
  fib: nxosFib(
    [
      { family: 'ipv4', request: 'show forwarding ipv4 route summary vrf all' },
      { family: 'ipv6', request: 'show forwarding ipv6 route summary vrf all' },
    ],
    nxosRoutes,
  ),
  interfaces: interfaces('show interface brief', /^((?:Eth|Po|Lo|Vlan|mgmt|nve|Tunnel)[\w/.-]*\d) .*? (up|down)\b/gm),
  ospf: ospf(['show ip ospf neighbors vrf all']),
  isis: isis(
    ['show isis adjacency vrf all'],
    /^(?<system>\S+) +\S+ +(?<level>\d(?:-\d)?) +(?<state>UP|DOWN|INIT) +(?<hold>[\d:]+) +(?<place>\S+)/gm,
  ),
  evpn: nve('show nve peers'),
  lldp: lldp('show lldp neighbors'),
};
