import type { BgpTable } from './bgp.ts';
import { carrierOf, type Interface } from './config/interfaces.ts';
import type { Device } from './device.ts';

/** A neighbour's address by which frames are sent: those of BGP sessions that are one hop away. */
export type Resolved = { interface: Interface; address: string; mac: string };

/** The hardware address of every device beside this one. */
export const otherMac = '0c:00:00:aa:bb:99';

/** What ARP and neighbour discovery know. */
export const resolvedOf = (device: Device, bgp: BgpTable, family: 'ipv4' | 'ipv6'): Resolved[] => {
  const interfaces = device.interfaces();
  return bgp.peers().flatMap((peer) => {
    const carrier = carrierOf(interfaces, peer);
    if (!carrier?.up || peer.address.includes(':') !== (family === 'ipv6')) return [];
    return [{ interface: carrier, address: peer.address, mac: otherMac }];
  });
};
