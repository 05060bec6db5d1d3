import { byName } from '../../../../core/by-name.ts';
import { noCounts, unknownPeer, vrfOf } from '../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { at, entriesAt, jsonOf, listAt, textAt } from '../../../getters/json.ts';
import { toAddress, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { AddressFamily, Bgp, BgpPeer } from '../../../shapes.ts';

/** The summary of each family. */
export const summaries = { ipv4: 'show ip bgp summary vrf all', ipv6: 'show ipv6 bgp summary vrf all' };
/** The sessions of each family. */
export const details = ['show ip bgp neighbors vrf all', 'show ipv6 bgp peers vrf all'];
const evpn = 'show bgp evpn summary';

/** What others call the default VRF. */
export const globalName = (vrf: string) => (vrf === 'default' ? 'global' : vrf);

/** VRF and address → the row of a summary. */
const summaryOf = (answer: unknown): Map<string, unknown> => {
  const rows = entriesAt(answer, 'vrfs').flatMap(([vrf, value]) =>
    entriesAt(value, 'peers').map(([address, row]): [string, unknown] => [`${vrf} ${toAddress(address)}`, row]),
  );
  return new Map(rows);
};

const stateOf = (state: string, idleReason: string | undefined) => {
  const down = state === 'Idle' && idleReason === 'Administratively shut down';
  return { is_up: state === 'Established', is_enabled: !down, state: down ? 'Idle (Admin)' : state };
};

const counts = (received: unknown, accepted: unknown, sent: unknown): AddressFamily => ({
  received_prefixes: toNumber(received),
  accepted_prefixes: toNumber(accepted),
  sent_prefixes: toNumber(sent),
});

/** The later one of the errors that were sent and received. */
const lastError = (row: unknown): string | null => {
  const [latest] = ['Sent', 'Rcvd']
    .map((way) => ({
      words: [textAt(row, `lastError${way}Code`), textAt(row, `lastError${way}Subcode`)].filter(Boolean),
      secondsAgo: toNumber(at(row, `lastError${way}TimeInfo`, 'time')) ?? Number.POSITIVE_INFINITY,
    }))
    .filter(({ words }) => words.length > 0)
    .sort((one, other) => one.secondsAgo - other.secondsAgo);
  return latest?.words.join(': ') ?? null;
};

const peerOf = (row: unknown, v4: unknown, v6: unknown): BgpPeer => {
  const established = toNumber(at(row, 'establishedTransitions'));
  const state = stateOf(textAt(row, 'state') ?? '', textAt(row, 'idleReason'));
  return {
    ...unknownPeer(),
    ...state,
    local_as: toAs(at(row, 'localAsn')),
    remote_as: toAs(at(row, 'asn')),
    remote_id: toRouterId(textAt(row, 'routerId')),
    description: textAt(row, 'description') ?? '',
    uptime: state.is_up ? toNumber(at(row, 'establishedTime')) : null,
    address_family: {
      ipv4: counts(at(row, 'prefixesReceived'), at(v4, 'prefixAccepted'), at(row, 'prefixesSent')),
      ipv6: counts(at(row, 'v6PrefixesReceived'), at(v6, 'prefixAccepted'), at(row, 'v6PrefixesSent')),
    },
    messages_received: toNumber(at(row, 'receivedMessages') ?? at(v4, 'msgReceived') ?? at(v6, 'msgReceived')),
    messages_sent: toNumber(at(row, 'sentMessages') ?? at(v4, 'msgSent') ?? at(v6, 'msgSent')),
    keepalives_received: toNumber(at(row, 'inMessageStats', 'keepalives')),
    hold_seconds: state.is_up ? toNumber(at(row, 'holdTime')) : null,
    keepalive_seconds: state.is_up ? toNumber(at(row, 'keepaliveTime')) : null,
    flaps: established === null ? null : Math.max(0, established - (state.is_up ? 1 : 0)),
    last_error: textAt(row, 'idleReason') ?? lastError(row),
  };
};

/** A session that only a summary shows, as those of EVPN alone. */
const peerOfSummary = (row: unknown, localAs: unknown): BgpPeer => {
  const state = stateOf(textAt(row, 'peerState') ?? '', textAt(row, 'peerStateIdleReason'));
  const since = at(row, 'upDownTime');
  return {
    ...unknownPeer(),
    ...state,
    local_as: toAs(localAs),
    remote_as: toAs(at(row, 'asn')),
    description: textAt(row, 'description') ?? '',
    uptime: state.is_up && typeof since === 'number' ? Math.max(0, Math.floor(Date.now() / 1000 - since)) : null,
    messages_received: toNumber(at(row, 'msgReceived')),
    messages_sent: toNumber(at(row, 'msgSent')),
    last_error: textAt(row, 'peerStateIdleReason') ?? null,
  };
};

/** All sessions with what EOS counts: IPv4 and IPv6 for each of them, whether they were negotiated or not. */
export const bgpAsCounted = (inputs: Inputs): Bgp => {
  const [ipv4, ipv6, l2vpn] = [summaries.ipv4, summaries.ipv6, evpn].map((request) => jsonOf(inputs, request));
  const [v4, v6] = [summaryOf(ipv4), summaryOf(ipv6)];
  const result: Bgp = byName();
  for (const request of details) {
    for (const [vrf, value] of entriesAt(jsonOf(inputs, request), 'vrfs')) {
      for (const row of listAt(value, 'peerList')) {
        const address = toAddress(textAt(row, 'peerAddress') ?? '');
        const key = `${vrf} ${address}`;
        vrfOf(result, globalName(vrf)).peers[address] = peerOf(row, v4.get(key), v6.get(key));
      }
    }
  }
  for (const answer of [ipv4, ipv6, l2vpn]) {
    for (const [vrf, value] of entriesAt(answer, 'vrfs')) {
      vrfOf(result, globalName(vrf)).router_id ??= toRouterId(textAt(value, 'routerId'));
    }
  }
  for (const [vrf, value] of entriesAt(l2vpn, 'vrfs')) {
    for (const [name, row] of entriesAt(value, 'peers')) {
      const address = toAddress(name);
      const peer = vrfOf(result, globalName(vrf)).peers[address] ?? peerOfSummary(row, at(value, 'asn'));
      peer.address_family.l2vpn_evpn = counts(at(row, 'prefixReceived'), at(row, 'prefixAccepted'), null);
      vrfOf(result, globalName(vrf)).peers[address] = peer;
    }
  }
  return result;
};

/** The families that a session announces; undefined where the release does not tell. */
const announced = (row: unknown): Set<string> | undefined => {
  const caps = at(row, 'neighborCapabilities', 'multiprotocolCaps');
  if (caps === undefined) return undefined;
  return new Set(entriesAt(caps).map(([name]) => ({ ipv4Unicast: 'ipv4', ipv6Unicast: 'ipv6' })[name] ?? name));
};

/** From eAPI's JSON: all VRFs; IPv4 and IPv6 where they are announced, EVPN where the device knows it. */
export const bgp: Getter<Bgp> = {
  requests: [summaries.ipv4, summaries.ipv6, ...details, evpn],
  parse: (inputs) => {
    const result = bgpAsCounted(inputs);
    for (const request of details) {
      for (const [vrf, value] of entriesAt(jsonOf(inputs, request), 'vrfs')) {
        for (const row of listAt(value, 'peerList')) {
          const peer = result[globalName(vrf)]?.peers[toAddress(textAt(row, 'peerAddress') ?? '')];
          const names = announced(row);
          if (!peer) continue;
          for (const family of ['ipv4', 'ipv6']) if (names && !names.has(family)) delete peer.address_family[family];
        }
      }
    }
    for (const peer of Object.values(result).flatMap(({ peers }) => Object.values(peers))) {
      if (peer.is_up) continue;
      // EOS counts 0 for a session that is down
      for (const family of Object.keys(peer.address_family)) peer.address_family[family] = { ...noCounts };
    }
    return result;
  },
};
