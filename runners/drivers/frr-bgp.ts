import { PlumbError } from '../../core/errors.ts';
import type { AddressFamily, Bgp, BgpPeer } from '../driver.ts';

type Json = { readonly [key: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objects = (value: unknown): [string, Json][] =>
  isObject(value) ? Object.entries(value).filter((entry): entry is [string, Json] => isObject(entry[1])) : [];

/** The first of several keys that holds a number; keys differ between FRR's versions. */
const number = (from: Json | undefined, ...keys: string[]): number | null => {
  for (const key of keys) {
    const value = from?.[key];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return null;
};

const text = (from: Json | undefined, ...keys: string[]): string | null => {
  for (const key of keys) {
    const value = from?.[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
};

const families: Readonly<Record<string, string>> = {
  ipv4Unicast: 'ipv4',
  ipv6Unicast: 'ipv6',
  ipv4Multicast: 'ipv4_multicast',
  ipv6Multicast: 'ipv6_multicast',
  ipv4LabeledUnicast: 'ipv4_labeled_unicast',
  ipv6LabeledUnicast: 'ipv6_labeled_unicast',
  ipv4Vpn: 'vpnv4',
  ipv6Vpn: 'vpnv6',
  l2VpnEvpn: 'l2vpn_evpn',
  ipv4Flowspec: 'ipv4_flowspec',
  ipv6Flowspec: 'ipv6_flowspec',
};

const seconds = (milliseconds: number | null): number | null =>
  milliseconds === null ? null : Math.floor(milliseconds / 1000);

const parse = (name: string, output: string): Json => {
  const start = output.search(/^\{/m); // warnings may come first
  if (start === -1) return {};
  try {
    return JSON.parse(output.slice(start)) as Json;
  } catch (cause) {
    throw new PlumbError('rejected', `${name}: what FRR says of BGP is not JSON`, { cause });
  }
};

const isUp = (state: string) => state === 'Established';

const peer = (
  summary: Json | undefined,
  detail: Json | undefined,
  addressFamilies: BgpPeer['address_family'],
): BgpPeer => {
  const state = text(detail, 'bgpState') ?? text(summary, 'state') ?? 'unknown';
  const up = isUp(state);
  const stats = isObject(detail?.messageStats) ? detail.messageStats : undefined;
  const shut = text(summary, 'state')?.includes('(Admin)') || text(summary, 'peerState') === 'Admin';
  const upMs = number(detail, 'bgpTimerUpMsec') ?? number(summary, 'peerUptimeMsec');
  return {
    local_as: number(detail, 'localAs') ?? number(summary, 'localAs'),
    remote_as: (number(detail, 'remoteAs') ?? number(summary, 'remoteAs')) || null, // 0: external, not heard of yet
    remote_id: up ? text(detail, 'remoteRouterId') : null,
    is_up: up,
    is_enabled: !(shut || detail?.adminShutDown === true),
    description: text(detail, 'nbrDesc') ?? text(summary, 'desc') ?? '',
    uptime: up ? seconds(upMs) : null,
    address_family: addressFamilies,
    state: shut ? 'Idle (Admin)' : state,
    dynamic: detail?.dynamicPeer === true || summary?.dynamicPeer === true,
    messages_received: number(stats, 'totalRecv') ?? number(summary, 'msgRcvd'),
    messages_sent: number(stats, 'totalSent') ?? number(summary, 'msgSent'),
    keepalives_received: number(stats, 'keepalivesRecv'),
    hold_seconds: up ? seconds(number(detail, 'bgpTimerHoldTimeMsecs')) : null,
    keepalive_seconds: up ? seconds(number(detail, 'bgpTimerKeepAliveIntervalMsecs')) : null,
    flaps: number(detail, 'connectionsDropped') ?? number(summary, 'connectionsDropped'),
    last_error: text(detail, 'lastNotificationReason', 'lastResetDueTo'),
  };
};

const count = (up: boolean, entry: Json | undefined, ...keys: string[]) => (up ? number(entry, ...keys) : null);

const accepted = (detail: unknown, family: string): Json | undefined => {
  const info = isObject(detail) ? detail.addressFamilyInfo : undefined;
  const counters = isObject(info) ? info[family] : undefined;
  return isObject(counters) ? counters : undefined;
};

/**
 * Puts together the sessions of all VRFs and address families.
 *
 * @param summary `show bgp vrf all summary json` @param neighbors `show bgp vrf all neighbors json`
 */
export const parseBgp = (name: string, summary: string, neighbors: string): Bgp => {
  const details = parse(name, neighbors);
  const bgp: Bgp = {};
  for (const [vrf, instance] of objects(parse(name, summary))) {
    const detailOf = isObject(details[vrf]) ? details[vrf] : {};
    const peers: Record<string, BgpPeer> = {};
    const summaries = new Map<string, Json>();
    const counters = new Map<string, Record<string, AddressFamily>>();
    let routerId = text(detailOf, 'routerId');
    for (const [family, table] of objects(instance)) {
      routerId ??= text(table, 'routerId');
      for (const [address, entry] of objects(table.peers)) {
        summaries.set(address, summaries.get(address) ?? entry);
        const up = isUp(text(entry, 'state') ?? '');
        const found = counters.get(address) ?? {};
        found[families[family] ?? family] = {
          received_prefixes: count(up, entry, 'pfxRcd', 'prefixReceivedCount'),
          accepted_prefixes: count(up, accepted(detailOf[address], family), 'acceptedPrefixCounter'),
          sent_prefixes: count(up, entry, 'pfxSnt'),
        };
        counters.set(address, found);
      }
    }
    const named = objects(detailOf).filter(([address, entry]) => address !== 'vrfId' && 'remoteAs' in entry);
    for (const address of new Set([...summaries.keys(), ...named.map(([key]) => key)])) {
      const detail = isObject(detailOf[address]) ? detailOf[address] : undefined;
      peers[address] = peer(summaries.get(address), detail, counters.get(address) ?? {});
    }
    bgp[vrf === 'default' ? 'global' : vrf] = { router_id: routerId, peers };
  }
  return bgp;
};
