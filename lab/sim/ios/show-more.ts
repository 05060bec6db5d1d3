import { resolvedOf } from '../arp.ts';
import type { BgpTable } from '../bgp.ts';
import type { CiscoAction } from '../cisco/cisco.ts';
import { networkOf } from '../config/interfaces.ts';
import { child, children, value } from '../config/tree.ts';
import type { Device } from '../device.ts';

/** `aabb.ccdd.eeff`. */
const dotted = (mac: string) => mac.replaceAll(':', '').replace(/(.{4})(?=.)/g, '$1.');

const vrfsOf = (device: Device) =>
  children(device.running, /^(?:vrf definition|ip vrf) (\S+)$/).map(([node, [, name = '']]) => ({
    name,
    rd: value(node, 'rd') ?? '',
    interfaces: device.interfaces().filter(({ vrf }) => vrf === name),
  }));

const vrfDetail: CiscoAction = ({ device }) =>
  vrfsOf(device)
    .map(
      ({ name, rd, interfaces }, at) =>
        `VRF ${name} (VRF Id = ${at + 1}); default RD ${rd || '<not set>'}; default VPNID <not set>\n  New CLI format, supports multiple address-families\n  Flags: 0x180C\n  Interfaces:\n    ${interfaces.map((one) => one.name.replace('GigabitEthernet', 'Gi')).join(' ')}\nAddress family ipv4 unicast (Table ID = 0x${at + 1}):\n  Flags: 0x0\n`,
    )
    .join('');

const arp =
  (bgp: BgpTable): CiscoAction =>
  ({ device }, [wanted = 'default']) => {
    if (wanted !== 'default' && !vrfsOf(device).some(({ name }) => name === wanted))
      return `% VRF ${wanted} does not exist\n`;
    const rows = resolvedOf(device, bgp, 'ipv4').filter((one) => one.interface.vrf === wanted);
    return `Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n${rows.map((one) => `Internet  ${one.address.padEnd(16)}        1   ${dotted(one.mac)}  ARPA   ${one.interface.name}\n`).join('')}`;
  };

const route: CiscoAction = ({ device }, [vrf = 'default', address = '', mask = '']) => {
  const bits = mask.split('.').reduce((sum, byte) => sum + Number(byte).toString(2).replaceAll('0', '').length, 0);
  const found = device
    .interfaces()
    .find((one) => one.up && one.vrf === vrf && one.ipv4.some((subnet) => networkOf(subnet) === `${address}/${bits}`));
  if (!found) return '% Network not in table\n';
  return `Routing entry for ${address}/${bits}
  Known via "connected", distance 0, metric 0 (connected, via interface)
  Routing Descriptor Blocks:
  * directly connected, via ${found.name}
      Route metric is 0, traffic share count is 1
`;
};

const ntp: CiscoAction = ({ device }) => {
  const servers = children(device.running, /^ntp server (?:vrf \S+ )?([\d.]+)/).map(([, [, name = '']]) => name);
  if (servers.length === 0) return '%NTP is not enabled.\n';
  return `\n  address         ref clock       st   when   poll reach  delay  offset   disp\n${servers.map((name) => ` ~${name.padEnd(15)} .INIT.          16      -     64     0  0.000   0.000 15937.\n`).join('')} * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured\n`;
};

const summary: CiscoAction = ({ device }) =>
  `\n *: interface is up\n IHQ: pkts in input hold queue     IQD: pkts dropped from input queue\n OHQ: pkts in output hold queue    OQD: pkts dropped from output queue\n RXBS: rx rate (bits/sec)          RXPS: rx rate (pkts/sec)\n TXBS: tx rate (bits/sec)          TXPS: tx rate (pkts/sec)\n TRTL: throttle count\n\n  Interface                   IHQ       IQD       OHQ       OQD      RXBS      RXPS      TXBS      TXPS      TRTL\n-----------------------------------------------------------------------------------------------------------------\n${device
    .interfaces()
    .map(({ name, up }) => `${up ? '*' : ' '} ${name.padEnd(24)} ${'0'.padStart(5)}${'0'.padStart(10).repeat(8)}\n`)
    .join('')}`;

const cpu =
  'CPU utilization for five seconds: 2%/0%; one minute: 2%; five minutes: 1%\n PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process \n   1           2          13        153  0.00%  0.00%  0.00%   0 Chunk Manager    \n';
const memory =
  '                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)\nProcessor  7F53A2B010   2182292000   310000000   1872292000   1800000000   1700000000\n lsmpi_io  7F53A1E1A8     3149400     3148576         824         824         412\n';

const trace: CiscoAction = (_, [words = '']) => {
  const [host = ''] = words.split(' ');
  return `Type escape sequence to abort.\nTracing the route to ${host}\nVRF info: (vrf in name/id, vrf out name/id)\n  1 ${host} 1 msec 1 msec 1 msec\n`;
};

/** What else clients ask of IOS: hardware, ARP, VRFs, routes to what is connected. */
export const moreCommands = (bgp: BgpTable): [string, CiscoAction][] => [
  ['show interfaces summary', summary],
  ['show processes cpu', () => cpu],
  ['show memory statistics', () => memory],
  ['show snmp chassis', ({ device }) => `${value(device.running, 'snmp-server chassis-id') ?? '9SIMULATED1'}\n`],
  ['show arp', arp(bgp)],
  ['show ip arp', arp(bgp)],
  ['show arp vrf <vrf>', arp(bgp)],
  [
    'show ipv6 neighbors',
    ({ device }) =>
      `IPv6 Address                              Age Link-layer Addr State Interface\n${resolvedOf(device, bgp, 'ipv6')
        .map(
          (one) =>
            `${one.address.toUpperCase().padEnd(41)}   0 ${dotted(one.mac)}  REACH ${one.interface.name.replace('GigabitEthernet', 'Gi')}\n`,
        )
        .join('')}`,
  ],
  ['show vrf detail', vrfDetail],
  [
    'show vrf',
    ({ device }) =>
      `  Name                             Default RD            Protocols   Interfaces\n${vrfsOf(device)
        .map(
          ({ name, rd, interfaces }) =>
            `  ${name.padEnd(32)} ${(rd || '<not set>').padEnd(21)} ipv4        ${interfaces.map((one) => one.name.replace('GigabitEthernet', 'Gi')).join(' ')}\n`,
        )
        .join('')}`,
  ],
  ['show ip route <address> <mask>', (cli, args, io) => route(cli, ['default', ...args], io)],
  ['show ip route vrf <vrf> <address> <mask>', route],
  ['show ntp associations', ntp],
  [
    'show cdp',
    ({ device }) => (child(device.running, 'cdp run') ? 'Global CDP information:\n' : '% CDP is not enabled\n'),
  ],
  ['show cdp neighbors detail', () => 'Total cdp entries displayed : 0\n'],
  [
    'show lldp',
    ({ device }) =>
      device.neighbors('lldp') === undefined
        ? '% LLDP is not enabled\n'
        : '\nGlobal LLDP Information:\n    Status: ACTIVE\n    LLDP advertisements are sent every 30 seconds\n    LLDP hold time advertised is 120 seconds\n    LLDP interface reinitialisation delay is 2 seconds\n',
  ],
  ['traceroute <words...>', trace],
];
