import { BlockList, isIP, isIPv6 } from 'node:net';
import { children, type Node } from './tree.ts';

/** An interface as the configuration makes it. */
export type Interface = {
  name: string;
  description: string;
  up: boolean;
  enabled: boolean;
  ipv4: string[];
  ipv6: string[];
  vrf: string;
  mtu: number;
};

const bits = (mask: string): number =>
  mask.split('.').reduce((sum, byte) => sum + [...Number(byte).toString(2)].filter((bit) => bit === '1').length, 0);

/** `10.0.0.1 255.255.255.0` and `10.0.0.1/24` as `10.0.0.1/24`. */
const prefix = (text: string): string => {
  const [address = '', mask = ''] = text.split(' ');
  return address.includes('/') || !/^\d+\.\d+\./.test(mask) ? address : `${address}/${bits(mask)}`;
};

/** The interfaces of an indented configuration. `on`: without any line they are enabled. */
export const interfacesOf = (root: Node, on = true): Interface[] =>
  children(root, /^interface (\S+)/).map(([node, [, name = '']]) => {
    const has = (text: string) => node.children.some((one) => one.text === text);
    const all = (pattern: RegExp) => children(node, pattern).map(([, match]) => prefix(match[1] ?? ''));
    const enabled = !has('shutdown') && (on || has('no shutdown') || node.children.length > 0);
    return {
      name,
      description: children(node, /^description (.*)$/)[0]?.[1][1]?.replace(/^"|"$/g, '') ?? '',
      up: enabled,
      enabled,
      ipv4: all(/^(?:ip|ipv4) address (?!virtual|auto|negotiated|dhcp)(.+)$/),
      ipv6: all(/^ipv6 address (?!virtual|auto)(\S+)/),
      vrf: children(node, /^(?:vrf|vrf forwarding|vrf member|ip vrf forwarding) (\S+)$/)[0]?.[1][1] ?? 'default',
      mtu: Number(children(node, /^mtu (\d+)$/)[0]?.[1][1] ?? 1500),
    };
  });

/** Whether an address is in a subnet. */
export const inSubnet = (subnet: string, address: string): boolean => {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const [network = '', length = ''] = subnet.split('/');
  if (isIP(network) !== isIP(address) || length === '') return false;
  const list = new BlockList();
  list.addSubnet(network, Number(length), family);
  return list.check(address, family);
};

/**
 * The address that packets to another device leave with: that of the update source, an address or an interface, or of the
 * interface in the other's subnet; of the first interface of the VRF where another hop is between; '' where there is none.
 */
export const localAddress = (
  interfaces: readonly Interface[],
  { address, vrf, source }: { address: string; vrf: string; source: string },
): string => {
  if (isIP(source)) return source;
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const here = interfaces.filter((one) => one.vrf === vrf);
  const named = interfaces.find(({ name }) => source !== '' && name.toLowerCase() === source.toLowerCase());
  const direct = here.flatMap((one) => one[family]).find((subnet) => inSubnet(subnet, address));
  return (named?.[family][0] ?? direct ?? here.flatMap((one) => one[family])[0] ?? '').split('/')[0] ?? '';
};

/** `10.0.0.1/31` as `10.0.0.0/31`; undefined for IPv6, which is not taken apart. */
export const networkOf = (subnet: string): string | undefined => {
  const [address = '', length = ''] = subnet.split('/');
  if (isIP(address) !== 4) return undefined;
  const bits = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(bits / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${length}`;
};

/** The interface in whose subnet another device is; undefined where it is further away. */
export const carrierOf = (
  interfaces: readonly Interface[],
  { address, vrf }: { address: string; vrf: string },
): Interface | undefined => {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  return interfaces.find((one) => one.vrf === vrf && one[family].some((subnet) => inSubnet(subnet, address)));
};

/** The other address of a point-to-point subnet, the next one of a larger; undefined where there is none. */
export const neighborAddress = (subnet: string): string | undefined => {
  const [address = '', length = ''] = subnet.split('/');
  if (isIP(address) !== 4 || Number(length) > 31) return undefined;
  const bytes = address.split('.').map(Number);
  const last = bytes.pop() ?? 0;
  const other =
    length === '31' ? last ^ 1 : length === '30' ? (last & ~3) + (3 - (last & 3)) : last < 254 ? last + 1 : 1;
  return [...bytes, other].join('.');
};
