import type { Bgp, BgpPeer } from '../../../shapes.ts';
import type { NxosNeighbor } from './neighbor.ts';

/** Where a session of the summary stands. */
type Place = { vrf: string; address: string; peer: BgpPeer };

const globalName = (vrf: string) => (vrf === 'default' ? 'global' : vrf);

/**
 * Finds the VRF of each session. NX-OS's JSON names none: the summary of all VRFs does, and tells them in the same
 * order, so an address that is in several VRFs is told apart by its AS, and then by its place.
 *
 * @returns undefined for a session that the summary does not have: it has no address family
 */
export const placesOf = (summary: Bgp, neighbors: readonly NxosNeighbor[]): Map<NxosNeighbor, Place | undefined> => {
  const open = Object.entries(summary).flatMap(([vrf, { peers }]) =>
    Object.entries(peers).map(([address, peer]): Place => ({ vrf, address, peer })),
  );
  const found = new Map<NxosNeighbor, Place | undefined>();
  for (const neighbor of neighbors) {
    const fits = ({ vrf, address, peer }: Place) =>
      address === neighbor.address &&
      (neighbor.vrf === undefined || globalName(neighbor.vrf) === vrf) &&
      (neighbor.remoteAs === null || peer.remote_as === null || neighbor.remoteAs === peer.remote_as);
    const at = open.findIndex(fits);
    found.set(neighbor, at === -1 ? undefined : open.splice(at, 1)[0]);
  }
  return found;
};

/** The VRF of a session that the summary does not have; undefined where that cannot be known. */
export const vrfWithout = (summary: Bgp, { vrf }: NxosNeighbor): string | undefined => {
  if (vrf !== undefined) return globalName(vrf);
  const [only, ...others] = Object.keys(summary);
  return others.length === 0 ? (only ?? 'global') : undefined;
};
