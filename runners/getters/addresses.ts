import type { InterfacesIp } from '../shapes.ts';
import { toAddress } from './values.ts';

/** Lists an interface under a name, with these families although they may have no address. */
export const listInterface = (
  result: InterfacesIp,
  name: string,
  ...families: ('ipv4' | 'ipv6')[]
): InterfacesIp[string] => {
  const both = result[name] ?? {};
  for (const family of families) both[family] ??= {};
  result[name] = both;
  return both;
};

/** Adds an address to an interface, IPv4 or IPv6 as it is written. */
export const addAddress = (result: InterfacesIp, name: string, address: string, length: number): void => {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const both = listInterface(result, name);
  both[family] = { ...both[family], [toAddress(address)]: { prefix_length: length } };
};
