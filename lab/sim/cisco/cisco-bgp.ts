import type { PeerConfig } from '../bgp.ts';
import { type Node, value } from '../config/tree.ts';

/** What a line `WORDS …` of a neighbor, or of what it inherits from, says. */
type Setting = (words: string) => string | undefined;

/** What IOS, IOS-XR and NX-OS spell alike in a neighbor. */
export const neighborOf = (
  of: Setting,
  top: { vrf: string; address: string; asn: string; router: Node; group: string | undefined },
): Omit<PeerConfig, 'remoteAs' | 'routerId' | 'shutdown' | 'families'> => {
  const { vrf, address, asn, router, group = '' } = top;
  const [keepalive, hold] = (of('timers') ?? value(router, 'timers bgp') ?? '60 180').split(' ');
  return {
    vrf,
    address,
    group,
    source: of('update-source') ?? '',
    localAs: of('local-as')?.split(' ')[0] ?? asn,
    description: of('description') ?? '',
    keepalive: Number(keepalive ?? 60),
    hold: Number(hold ?? 180),
  };
};

/** The family that a name as `vpnv4 unicast` or `l2vpn evpn` begins. */
export const familyOf = (name: string): PeerConfig['families'][number] =>
  name.startsWith('ipv6') ? 'ipv6' : name.startsWith('vpnv4') ? 'vpnv4' : name.startsWith('l2vpn') ? 'evpn' : 'ipv4';
