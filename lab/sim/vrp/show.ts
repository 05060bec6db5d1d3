import { children, type Node, value } from '../config/tree.ts';
import type { Device } from '../device.ts';

const bits = (mask: string): number =>
  mask.includes('.')
    ? mask.split('.').reduce((sum, byte) => sum + [...Number(byte).toString(2)].filter((bit) => bit === '1').length, 0)
    : Number(mask);

type Port = { name: string; up: boolean; ipv4: string[]; ipv6: string[]; vpn: string };

const ports = (root: Node): Port[] =>
  children(root, /^interface (\S+)/).map(([node, [, name = '']]) => ({
    name,
    up: !node.children.some(({ text }) => text === 'shutdown'),
    ipv4: children(node, /^ip address (\S+) (\S+)/).map(
      ([, [, address = '', mask = '']]) => `${address}/${bits(mask)}`,
    ),
    ipv6: children(node, /^ipv6 address (\S+)\/(\d+)/).map(
      ([, [, address = '', length = '']]) => `${address}/${length}`,
    ),
    vpn: value(node, 'ip binding vpn-instance') ?? '--',
  }));

/** `display ip interface brief` of Huawei. */
export const ipBrief = (root: Node): string =>
  `*down: administratively down\n(l): loopback\n(s): spoofing\n\nInterface                         IP Address/Mask      Physical   Protocol VPN\n${ports(
    root,
  )
    .map(
      ({ name, up, ipv4, vpn }) =>
        `${name.padEnd(33)} ${(ipv4[0] ?? 'unassigned').padEnd(20)} ${(up ? 'up' : '*down').padEnd(10)} ${(up ? 'up' : 'down').padEnd(8)} ${vpn}\n`,
    )
    .join('')}`;

/** `display interface brief`, one table. */
export const interfaceBrief = (root: Node): string =>
  `PHY: Physical\n*down: administratively down\nInterface                   PHY   Protocol  InUti OutUti   inErrors  outErrors\n${ports(
    root,
  )
    .map(
      ({ name, up }) =>
        `${name.padEnd(27)} ${up ? 'up    up  ' : '*down down'}         0%     0%          0          0\n`,
    )
    .join('')}`;

/** `display ip interface`: an address a line. */
export const ipInterface = (root: Node): string =>
  ports(root)
    .map(
      ({ name, up, ipv4 }) =>
        `${name} current state : ${up ? 'UP' : 'Administratively DOWN'}\nLine protocol current state : ${up ? 'UP' : 'DOWN'}\n${ipv4
          .map((each, at) => `Internet Address is ${each} ${at === 0 ? 'Primary' : 'Sub'}\n`)
          .join('')}\n`,
    )
    .join('');

/** `display ipv6 interface`. */
export const ipv6Interface = (root: Node): string =>
  ports(root)
    .filter(({ ipv6 }) => ipv6.length > 0)
    .map(
      ({ name, ipv6 }) =>
        `${name} current state : UP\nLine protocol current state : UP\nIPv6 is enabled, link-local address is FE80::1\n  Global unicast address(es):\n${ipv6
          .map((each) => `    ${each.split('/')[0]}, subnet is ${each}\n`)
          .join('')}  Joined group address(es):\n    FF02::1\n  MTU is 1500 bytes\n\n`,
    )
    .join('');

/** `3 weeks, 1 day, 6 hours, 18 minutes` */
export const uptime = ({ uptime: seconds }: Device): string =>
  `0 weeks, ${Math.floor(seconds / 86_400)} days, ${Math.floor(seconds / 3600) % 24} hours, ${Math.floor(seconds / 60) % 60} minutes`;
