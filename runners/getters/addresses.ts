import type { InterfacesIp } from '../shapes.ts';
import { toAddress } from './values.ts';

/** Adds an address to an interface, IPv4 or IPv6 as it is written. */
export const addAddress = (result: InterfacesIp, name: string, address: string, length: number): void => {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const both = result[name] ?? {};
  result[name] = both;
  both[family] = { ...both[family], [toAddress(address)]: { prefix_length: length } };
};
