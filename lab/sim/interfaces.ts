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
export const prefix = (text: string): string => {
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

const inSubnet = (subnet: string, address: string): boolean => {
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
