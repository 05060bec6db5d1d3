import { byName } from '../../core/by-name.ts';
import type { Vital, Vitals } from '../shapes.ts';

/** Routes that are there whatever the neighbours say: of the device's own interfaces and configuration. */
const own =
  /^(?:connected|direct|local|static|kernel|system|table|am|hmm|broadcast|discard|internal|access-internal|access|aggregate|total|subscriber|dagr|application|vrrp|hsrp|vcmesh|vrrp-engine|te-client|mobile router|nat)/i;

/** Whether the routes of a protocol came from neighbours. */
export const isLearned = (protocol: string): boolean => !own.test(protocol);

/** `ebgp`, `bgp-65001` and `bgp 65001` are BGP; `ospf 1` and `ospf-1` are OSPF. */
const protocolName = (protocol: string): string =>
  protocol
    .toLowerCase()
    .replace(/^(?:ebgp|ibgp|bgp.*)$/, 'bgp')
    .replace(/^(ospfv?[36]?|isis|is-is|eigrp|rip(?:ng|v2)?)[ -].*$/, '$1')
    .replace('is-is', 'isis');

/** Sums counts of tables and protocols under names as `global ipv4 bgp`. @param rows table, protocol or '', count */
export const namesOf = (rows: readonly (readonly [table: string, protocol: string, count: number])[]): Vitals => {
  const result: Vitals = byName();
  for (const [table, protocol, count] of rows) {
    const name = [table, protocolName(protocol)].filter(Boolean).join(' ');
    result[name] = { count: (result[name]?.count ?? 0) + count };
  }
  return result;
};

/** Seconds of `00:00:38`; null for anything else. */
export const clockSeconds = (text: string | undefined): number | null => {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d)$/.exec(text?.trim() ?? '') ?? [];
  return hours === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
};

/** A neighbour that routes are learned from. @param expires seconds until it is given up, where that is told */
export const adjacency = (
  isUp: boolean,
  state: string,
  place: string,
  address: string,
  expires: number | null,
): Vital => ({ count: isUp ? 1 : 0, state, interface: place, address, expires });

/** One more neighbour at a port. */
export const addAtPort = (result: Vitals, port: string): void => {
  result[port] = { count: (result[port]?.count ?? 0) + 1, interface: port };
};
