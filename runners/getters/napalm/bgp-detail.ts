import type { BgpDetail, BgpPeerDetail } from '../../shapes.ts';

/** The zeros of the family that an address is of. */
export const zerosFor = (address: string): string => (address.includes(':') ? '::' : '0.0.0.0');

/** The default VRF by the name that devices have for it. */
export const defaultName = <Name extends string | null>(vrf: Name): Name | 'default' =>
  vrf === 'global' ? 'default' : vrf;

/**
 * NAPALM's get_bgp_neighbors_detail.
 *
 * @param shape how one of its drivers tells a session
 * @param vrfName how it calls a VRF
 */
export const shapeDetail = (
  result: BgpDetail,
  shape: (peer: BgpPeerDetail) => Record<string, unknown>,
  vrfName: (vrf: string) => string = (vrf) => vrf,
): unknown =>
  Object.fromEntries(
    Object.entries(result).map(([vrf, byAs]) => [
      vrfName(vrf),
      Object.fromEntries(Object.entries(byAs).map(([as, peers]) => [as, peers.map(shape)])),
    ]),
  );
