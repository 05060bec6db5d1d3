import type { BgpTable } from '../bgp.ts';
import type { Device } from '../device.ts';
import type { CiscoAction } from './cisco.ts';
import { neighborCommands } from './cisco-neighbors.ts';

// What IOS, IOS-XR and NX-OS print of routes, interfaces and LLDP: routes are those that BGP learned.

/** Routes by BGP in a VRF and family, unless a filter keeps them out of the table. */
const learned = (device: Device, bgp: BgpTable, vrf: string, family: 'ipv4' | 'ipv6'): number =>
  device.faults.ribFilter
    ? 0
    : bgp
        .peers()
        .filter((peer) => peer.vrf === vrf && peer.families.includes(family))
        .reduce((sum, { prefixes }) => sum + prefixes, 0);

const asOf = (bgp: BgpTable) => bgp.peers()[0]?.localAs ?? '0';
const vrfsOf = (bgp: BgpTable) => [...new Set(bgp.peers().map(({ vrf }) => vrf))].filter((vrf) => vrf !== 'default');
const connected = (device: Device) => device.interfaces().filter(({ ipv4 }) => ipv4.length > 0).length;

const iosTable = (device: Device, bgp: BgpTable, vrf: string): string => {
  const count = learned(device, bgp, vrf, 'ipv4');
  const row = (source: string, networks: number, subnets: number) =>
    `${source.padEnd(15)} ${String(networks).padEnd(11)} ${String(subnets).padEnd(11)} 0           ${String(subnets * 96).padEnd(11)} ${subnets * 304}\n`;
  return `IP routing table name is ${vrf} (0x0)
IP routing table maximum-paths is 32
Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)
${row('connected', 0, vrf === 'default' ? connected(device) * 2 : 0)}${row('static', 0, 0)}${row(`bgp ${asOf(bgp)}`, 0, count)}  External: ${count} Internal: 0 Local: 0
internal        1                                               440
`;
};

const tables = {
  ios: (bgp: BgpTable): [string, CiscoAction][] => [
    ['show ip route summary', ({ device }) => iosTable(device, bgp, 'default')],
    [
      'show ip route vrf * summary',
      ({ device }) =>
        vrfsOf(bgp)
          .map((vrf) => iosTable(device, bgp, vrf))
          .join(''),
    ],
    [
      'show ip cef summary',
      ({ device }) => {
        const all = learned(device, bgp, 'default', 'ipv4') + connected(device) * 4;
        return `IPv4 CEF is enabled for distributed and running\nVRF Default\n ${all} prefixes (${all}/0 fwd/non-fwd)\n Table id 0x0\n`;
      },
    ],
    [
      'show interfaces description',
      ({ device }) =>
        `Interface                      Status         Protocol Description\n${device
          .interfaces()
          .map(({ name, enabled, up, description }) => {
            const status = enabled ? (up ? 'up' : 'down') : 'admin down';
            return `${name.padEnd(30)} ${status.padEnd(14)} ${(up ? 'up' : 'down').padEnd(8)} ${description}\n`;
          })
          .join('')}`,
    ],
  ],
  iosxr: (bgp: BgpTable): [string, CiscoAction][] => {
    const head = 'Route Source                     Routes     Backup     Deleted     Memory(bytes)\n';
    const rows = (device: Device, vrf: string, family: 'ipv4' | 'ipv6') => {
      const row = (source: string, count: number) =>
        `${source.padEnd(32)} ${String(count).padEnd(10)} 0          0           ${count * 200}\n`;
      return `${head}${row('connected', connected(device))}${row(`bgp ${asOf(bgp)}`, learned(device, bgp, vrf, family))}${row('Total', 0)}`;
    };
    return [
      ['show route summary', ({ device }) => rows(device, 'default', 'ipv4')],
      ['show route ipv6 summary', ({ device }) => rows(device, 'default', 'ipv6')],
      [
        'show route vrf all summary',
        ({ device }) =>
          vrfsOf(bgp)
            .map((vrf) => `\nVRF: ${vrf}\n\n${rows(device, vrf, 'ipv4')}`)
            .join(''),
      ],
      [
        'show interfaces brief',
        ({ device }) =>
          `\n               Intf       Intf        LineP              Encap  MTU        BW\n               Name       State       State               Type (byte)    (Kbps)\n--------------------------------------------------------------------------------\n${device
            .interfaces()
            .map(({ name, enabled, up }) => {
              const state = enabled ? (up ? 'up' : 'down') : 'admin-down';
              return `${name.padStart(26)} ${state.padStart(11)} ${state.padStart(11)}               ARPA  1514    1000000\n`;
            })
            .join('')}`,
      ],
    ];
  },
  nxos: (bgp: BgpTable): [string, CiscoAction][] => {
    const summary =
      (family: 'ipv4' | 'ipv6'): CiscoAction =>
      ({ device }) =>
        ['default', ...vrfsOf(bgp)]
          .map((vrf) => {
            const count = learned(device, bgp, vrf, family);
            return `${family === 'ipv4' ? 'IP Route' : 'IPv6 Routing'} Table for VRF "${vrf}"\nTotal number of routes: ${count + 2}\nTotal number of paths:  ${count + 2}\n\nBest paths per protocol:      Backup paths per protocol:\n  direct         : 1            None\n  local          : 1\n  bgp-${asOf(bgp)}${' '.repeat(6)}: ${count}\n`;
          })
          .join('\n');
    return [
      ['show ip route summary vrf all', summary('ipv4')],
      ['show ipv6 route summary vrf all', summary('ipv6')],
      [
        'show interface brief',
        ({ device }) =>
          `\n--------------------------------------------------------------------------------\nEthernet      VLAN    Type Mode   Status  Reason                   Speed     Port\nInterface                                                                    Ch #\n--------------------------------------------------------------------------------\n${device
            .interfaces()
            .map(
              ({ name, up }) =>
                `${name.replace('Ethernet', 'Eth').padEnd(13)} --      eth  routed ${up ? 'up     ' : 'down   '} none                        1000(D)   --\n`,
            )
            .join('')}`,
      ],
    ];
  },
};

/** The commands of a platform by which its health is read. */
export const healthCommands = (platform: keyof typeof tables, bgp: BgpTable): [string, CiscoAction][] => [
  ...tables[platform](bgp),
  ...neighborCommands[platform],
];
