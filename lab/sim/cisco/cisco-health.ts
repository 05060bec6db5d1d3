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

/** `show cef summary` of IOS-XR: routes of the RIB, of ARP and of interfaces. */
const xrCef = (device: Device, bgp: BgpTable, vrfs: readonly string[], family: 'ipv4' | 'ipv6'): string =>
  `Router ID is 0.0.0.0\n\nIP CEF with switching (Table Version 0) for node0_RP0_CPU0\n${vrfs
    .map((vrf) => {
      const own = vrf === 'default' && family === 'ipv4' ? connected(device) : 0;
      const rib = learned(device, bgp, vrf, family) + own;
      const all = rib + own + 2 + 4 + 1;
      return `
  Load balancing: L4
  Tableid 0xe0000000 (0x975b57e8), Vrfid 0x60000000, Vrid 0x20000000, Flags 0x1019
  Vrfname ${vrf}, Refcount ${all + 40}
  ${all} routes, 0 protected, 0 reresolve, 0 unresolved (0 old, 0 new), ${all * 216} bytes
    ${rib} rib, 0 lsd, ${own} aib, 0 internal, 2 interface, 4 special, 1 default routes
    Prefix masklen distribution:
        unicast: ${all} /32
`;
    })
    .join('')}`;

/** `show forwarding … route summary` of NX-OS: a fixed switch is one module. A family without routes prints nothing. */
const nxosForwarding = (device: Device, bgp: BgpTable, family: 'ipv4' | 'ipv6'): string =>
  ['default', ...vrfsOf(bgp)]
    .map((vrf) => {
      const count = learned(device, bgp, vrf, family);
      const all = family === 'ipv4' ? count + 6 : count > 0 ? count + 4 : 0;
      if (all === 0) return '';
      return `
${family === 'ipv4' ? 'IPv4' : 'IPv6'} routes for table ${vrf}/base

Cumulative route updates: ${all}
Cumulative route inserts: ${all}
Cumulative route deletes: 0
Total number of routes: ${all}
Total number of paths : ${all}
`;
    })
    .join('')
    .replace(/^(?=\n)/, '\nslot  1\n=======\n');

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
      ...(['ipv4', 'ipv6'] as const).flatMap((family): [string, CiscoAction][] => {
        const main: CiscoAction = ({ device }) => xrCef(device, bgp, ['default'], family);
        return [
          [`show cef ${family} summary`, main],
          ...(family === 'ipv4' ? [['show cef summary', main] as [string, CiscoAction]] : []),
          [
            `show cef vrf all ${family} summary`,
            ({ device }) => xrCef(device, bgp, ['default', ...vrfsOf(bgp)], family),
          ],
        ];
      }),
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
            return `${family === 'ipv4' ? 'IP Route' : 'IPv6 Routing'} Table for VRF "${vrf}"\nTotal number of routes: ${count + 3}\nTotal number of paths:  ${count + 3}\n\nBest paths per protocol:      Backup paths per protocol:\n  am             : 1            None\n  direct         : 1\n  local          : 1\n  bgp-${asOf(bgp)}${' '.repeat(6)}: ${count}\n`;
          })
          .join('\n');
    return [
      ['show ip route summary vrf all', summary('ipv4')],
      ['show ipv6 route summary vrf all', summary('ipv6')],
      ...(['ipv4', 'ipv6'] as const).map((family): [string, CiscoAction] => [
        `show forwarding ${family} route summary vrf all`,
        ({ device }) => nxosForwarding(device, bgp, family),
      ]),
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
