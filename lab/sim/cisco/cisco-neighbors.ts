import { interfacesOf } from '../config/interfaces.ts';
import { child, children, type Node } from '../config/tree.ts';
import type { Device } from '../device.ts';
import {
  inNetworks,
  interfacesUnder,
  interfacesWith,
  type Neighbor,
  portsOf,
  type Speakers,
  secondsLeft,
} from '../neighbors.ts';
import type { CiscoAction } from './cisco.ts';

// What IOS, IOS-XR and NX-OS print of those beside them.

const short = (name: string) => name.replace(/^GigabitEthernet/, 'Gi').replace(/^Ethernet/, 'Eth');
const router = (root: Node, name: string) => child(root, new RegExp(`^router ${name}\\b`));

/** Which interfaces speak which protocol. */
export const ciscoSpeakers: Record<'ios' | 'iosxr' | 'nxos', Speakers> = {
  ios: {
    lldp: (root) => (child(root, 'lldp run') ? portsOf(root) : undefined),
    ospf: (root) =>
      router(root, 'ospf')
        ? [...interfacesWith(root, /^ip ospf \d+ area /), ...inNetworks(root, interfacesOf(root))]
        : undefined,
    isis: (root) => (router(root, 'isis') ? interfacesWith(root, /^ip router isis/) : undefined),
  },
  iosxr: {
    lldp: (root) => (child(root, 'lldp') ? portsOf(root) : undefined),
    ospf: (root) => (router(root, 'ospf') ? interfacesUnder(router(root, 'ospf')) : undefined),
    isis: (root) => (router(root, 'isis') ? interfacesUnder(router(root, 'isis')) : undefined),
  },
  nxos: {
    lldp: (root) => (child(root, 'feature lldp') ? portsOf(root) : undefined),
    ospf: (root) =>
      child(root, 'feature ospf') && router(root, 'ospf')
        ? interfacesWith(root, /^ip router ospf \S+ area /, /^ip ospf passive-interface/)
        : undefined,
    isis: (root) =>
      child(root, 'feature isis') && router(root, 'isis')
        ? interfacesWith(root, /^ip router isis /, /^isis passive-interface/)
        : undefined,
  },
};

const capabilities =
  'Capability codes:\n    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device\n    (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other\n\n';

/** `show lldp neighbors`. */
const lldpTable: CiscoAction = ({ device }) => {
  const heard = device.neighbors('lldp');
  if (!heard) return '% LLDP is not enabled\n';
  const rows = heard.map(
    (one) =>
      `${one.system.padEnd(19)} ${short(one.interface.name).padEnd(14)} 120        R               ${one.port}\n`,
  );
  return `${capabilities}Device ID           Local Intf     Hold-time  Capability      Port ID\n${rows.join('')}\nTotal entries displayed: ${heard.length}\n\n`;
};

/** `show lldp entry *`, `show lldp neighbors detail`. */
const lldpEntries: CiscoAction = ({ device }) => {
  const heard = device.neighbors('lldp');
  if (!heard) return '% LLDP is not enabled\n';
  const entry = (one: Neighbor) => `------------------------------------------------
Local Intf: ${short(one.interface.name)}
Chassis id: 0c00.00aa.bb99
Port id: ${one.port}
Port Description: ${one.port}
System Name: ${one.system}

System Description:
a neighbour

Time remaining: 108 seconds
System Capabilities: B,R
Enabled Capabilities: R
Management Addresses:
    IP: ${one.address}
Auto Negotiation - not supported
Physical media capabilities - not advertised
Media Attachment Unit type - not advertised
Vlan ID: - not advertised

`;
  return `${capabilities}${heard.map(entry).join('')}\nTotal entries displayed: ${heard.length}\n\n`;
};

const clock = (seconds: number) => `00:00:${String(seconds).padStart(2, '0')}`;
const processOf = (device: Device, name: string) =>
  children(device.running, new RegExp(`^router ${name} ?(\\S*)`))[0]?.[1][1] ?? '';

const ospfRows = (heard: readonly Neighbor[], time: string) =>
  heard
    .map(
      (one) =>
        `${one.address.padEnd(15)}   1   FULL/  -        ${time}    ${one.address.padEnd(15)} ${one.interface.name}\n`,
    )
    .join('');

const ospfHead = 'Neighbor ID     Pri   State           Dead Time   Address         Interface\n';

/** The commands by which a platform tells of the neighbours of routing protocols; nothing where the protocol does not run. */
export const neighborCommands: Record<'ios' | 'iosxr' | 'nxos', [string, CiscoAction][]> = {
  ios: [
    [
      'show ip ospf neighbor',
      ({ device }) => {
        const heard = device.neighbors('ospf') ?? [];
        return heard.length === 0 ? '' : `\n${ospfHead}${ospfRows(heard, clock(secondsLeft(device.clock.now(), 40)))}`;
      },
    ],
    [
      'show isis neighbors',
      ({ device }) => {
        const heard = device.neighbors('isis');
        if (!heard) return '';
        const rows = heard.map(
          (one) =>
            `${one.system.padEnd(15)} L2   ${short(one.interface.name).padEnd(13)} ${one.address.padEnd(15)} UP    ${secondsLeft(device.clock.now(), 30)}       01\n`,
        );
        return `\nTag ${processOf(device, 'isis') || 'null'}:\nSystem Id       Type Interface     IP Address      State Holdtime Circuit Id\n${rows.join('')}`;
      },
    ],
    ['show lldp neighbors', lldpTable],
    ['show lldp neighbors detail', lldpEntries],
    ['show lldp neighbors <port> detail', lldpEntries],
    ['show lldp entry *', lldpEntries],
  ],
  iosxr: [
    ...['show ospf neighbor', 'show ospf vrf all neighbor'].map((command): [string, CiscoAction] => [
      command,
      ({ device }) => {
        const heard = device.neighbors('ospf');
        if (!heard || command.includes('vrf')) return '';
        const rows = ospfRows(heard, clock(secondsLeft(device.clock.now(), 40)));
        return `\n* Indicates MADJ interface\n# Indicates Neighbor awaiting BFD session up\n\nNeighbors for OSPF ${processOf(device, 'ospf')}\n\n${ospfHead}${rows.replace(/\n/g, '\n    Neighbor is up for 00:10:00\n')}\nTotal neighbor count: ${heard.length}\n`;
      },
    ]),
    [
      'show isis neighbors',
      ({ device }) => {
        const heard = device.neighbors('isis');
        if (!heard) return '';
        const rows = heard.map(
          (one) =>
            `${one.system.padEnd(14)} ${short(one.interface.name).padEnd(16)} *PtoP*         Up    ${secondsLeft(device.clock.now(), 30)}       L2   Capable \n`,
        );
        return `\nIS-IS ${processOf(device, 'isis')} neighbors:\nSystem Id      Interface        SNPA           State Holdtime Type IETF-NSF\n${rows.join('')}\nTotal neighbor count: ${heard.length}\n`;
      },
    ],
    ['show lldp neighbors', lldpTable],
    ['show lldp neighbors detail', lldpEntries],
  ],
  nxos: [
    [
      'show ip ospf neighbors vrf all',
      ({ device }) => {
        const heard = device.neighbors('ospf');
        if (!heard) return '';
        return ` OSPF Process ID ${processOf(device, 'ospf')} VRF default\n Total number of neighbors: ${heard.length}\n Neighbor ID     Pri State            Up Time  Address         Interface\n${heard.map((one) => ` ${one.address.padEnd(17)} 1 FULL/ -          00:10:00 ${one.address.padEnd(15)} ${short(one.interface.name)} \n`).join('')}`;
      },
    ],
    [
      'show isis adjacency vrf all',
      ({ device }) => {
        const heard = device.neighbors('isis');
        if (!heard) return '';
        return `IS-IS process: ${processOf(device, 'isis')} VRF: default\nIS-IS adjacency database:\nLegend: '!': No AF level connectivity in given topology\nSystem ID       SNPA            Level  State  Hold Time  Interface\n${heard.map((one) => `${one.system.padEnd(15)} N/A             2      UP     ${clock(secondsLeft(device.clock.now(), 30))}   ${one.interface.name}\n`).join('')}\n`;
      },
    ],
    ['show lldp neighbors', lldpTable],
    ['show lldp neighbors detail', lldpEntries],
  ],
};
