import { noCounts, unknownPeer, vrfOf } from '../../../getters/bgp-shape.ts';
import type { AddressFamily, Bgp, BgpPeer } from '../../../shapes.ts';
import type { NxosNeighbor } from './neighbor.ts';
import { placesOf, vrfWithout } from './places.ts';

type Families = BgpPeer['address_family'];

const mapValues = (families: Families, change: (counts: AddressFamily, family: string) => AddressFamily): Families =>
  Object.fromEntries(Object.entries(families).map(([family, counts]) => [family, change(counts, family)]));

const filled = (peer: BgpPeer, neighbor: NxosNeighbor): BgpPeer => {
  const up = peer.is_up;
  const counts = mapValues(peer.address_family, (known, family) => {
    const told = neighbor.families.find(({ name }) => name === family);
    return { ...known, accepted_prefixes: told?.accepted ?? null, sent_prefixes: told?.sent ?? null };
  });
  return {
    ...peer,
    local_as: neighbor.localAs ?? peer.local_as,
    remote_id: up ? neighbor.routerId : null,
    description: neighbor.description,
    uptime: up ? (peer.uptime ?? neighbor.seconds) : null,
    address_family: counts,
    dynamic: neighbor.dynamic,
    messages_received: neighbor.messages[1] ?? peer.messages_received,
    messages_sent: neighbor.messages[0] ?? peer.messages_sent,
    keepalives_received: neighbor.keepalivesReceived,
    hold_seconds: up ? neighbor.hold : null,
    keepalive_seconds: up ? neighbor.keepalive : null,
    flaps: neighbor.dropped,
    last_error: neighbor.lastError,
  };
};

/** A session without an address family: the summary does not have it, and it does not come up. */
const withoutFamily = (neighbor: NxosNeighbor, localAs: number | null): BgpPeer => ({
  ...unknownPeer(),
  local_as: neighbor.localAs ?? localAs,
  remote_as: neighbor.remoteAs,
  is_up: neighbor.state === 'Established',
  is_enabled: !/shut/i.test(neighbor.state),
  state: neighbor.state,
});

/** Adds what `show bgp vrf all all neighbors` tells to the sessions of the summary. */
export const fillFrom = (summary: Bgp, neighbors: readonly NxosNeighbor[]): Bgp => {
  for (const [neighbor, place] of placesOf(summary, neighbors)) {
    const name = place?.vrf ?? vrfWithout(summary, neighbor);
    if (name === undefined) continue;
    const vrf = vrfOf(summary, name);
    const localAs = Object.values(vrf.peers)[0]?.local_as ?? null;
    vrf.peers[neighbor.address] = filled(place?.peer ?? withoutFamily(neighbor, localAs), neighbor);
  }
  for (const peer of Object.values(summary).flatMap(({ peers }) => Object.values(peers))) {
    // the summary counts 0 for a session that is down
    if (!peer.is_up) peer.address_family = mapValues(peer.address_family, () => ({ ...noCounts }));
  }
  return summary;
};
