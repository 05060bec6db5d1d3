import type { AddressFamily, Bgp, BgpPeer } from '../../shapes.ts';

/** How one driver of NAPALM differs from what the device says of its sessions. */
type BgpStyle = {
  remoteId: (peer: BgpPeer, address: string) => string;
  families: (peer: BgpPeer) => Record<string, AddressFamily>;
  uptime?: (peer: BgpPeer) => number | null;
  isUp?: (peer: BgpPeer) => boolean;
  /** A VRF without sessions is left out. */
  dropsEmpty?: boolean;
  /** Where the router's identifier is not known; '' when left out. */
  routerId?: string;
  /** Sessions that are told in another form, by VRF. */
  others?: Readonly<Record<string, Record<string, unknown>>>;
};

/** Counts of a family, with a number for what is not known. */
export const filledFamily = (family: AddressFamily | undefined, unknown: number): AddressFamily => ({
  received_prefixes: family?.received_prefixes ?? unknown,
  accepted_prefixes: family?.accepted_prefixes ?? unknown,
  sent_prefixes: family?.sent_prefixes ?? unknown,
});

/** An identifier that is not known as zeros. */
export const zerosId = ({ remote_id }: BgpPeer): string => remote_id ?? '0.0.0.0';

/** The last family that was seen replaces those before it, and only what is received is counted. */
export const lastFamily = ({ address_family }: BgpPeer): Record<string, AddressFamily> => {
  const [name, family] = Object.entries(address_family).at(-1) ?? ['ipv4', undefined];
  return { [name === 'l2vpn_evpn' ? 'l2vpn' : name]: filledFamily(family, -1) };
};

/** A session as it is there; one without a family is not. */
const peerOf = (peer: BgpPeer, address: string, style: BgpStyle): [string, unknown][] => {
  const families = style.families(peer);
  if (Object.keys(families).length === 0) return [];
  const { local_as, remote_as, is_enabled, description } = peer;
  return [
    [
      address,
      {
        local_as: local_as ?? -1,
        remote_as: remote_as ?? -1,
        remote_id: style.remoteId(peer, address),
        is_up: style.isUp?.(peer) ?? peer.is_up,
        is_enabled,
        description,
        uptime: style.uptime ? style.uptime(peer) : (peer.uptime ?? -1),
        address_family: families,
      },
    ],
  ];
};

/** NAPALM's get_bgp_neighbors, in the style of one of its drivers. */
export const shapeBgp = (bgp: Bgp, style: BgpStyle): unknown => {
  const vrfs = Object.entries(bgp).filter(([, { peers }]) => !style.dropsEmpty || Object.keys(peers).length > 0);
  return Object.fromEntries(
    vrfs.map(([vrf, { router_id, peers }]) => {
      const shaped = Object.entries(peers).flatMap(([address, peer]) => peerOf(peer, address, style));
      return [
        vrf,
        {
          router_id: router_id ?? style.routerId ?? '',
          peers: { ...Object.fromEntries(shaped), ...style.others?.[vrf] },
        },
      ];
    }),
  );
};
