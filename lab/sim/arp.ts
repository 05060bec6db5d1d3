import { isIP } from 'node:net';
import type { BgpTable } from './bgp.ts';
import { carrierOf, type Interface, inSubnet } from './config/interfaces.ts';
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

/** Whether a host answers to `ping`; `words`: what follows the command. Nobody does behind an interface that is down. */
export const answers = (device: Device, words: string): boolean => {
  const host = words.split(/\s+/).find((word) => isIP(word) !== 0);
  if (host === undefined) return true;
  const at = device.interfaces().filter((one) => [...one.ipv4, ...one.ipv6].some((subnet) => inSubnet(subnet, host)));
  return at.length === 0 || at.some(({ up }) => up);
};
