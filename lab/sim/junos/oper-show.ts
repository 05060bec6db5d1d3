import { resolvedOf } from '../arp.ts';
import { child } from '../config/tree.ts';
import { arp, environment, inventory, routeEngine } from './hardware.ts';
import { interfaces } from './interface-xml.ts';
import { isisNeighbors, lldpNeighbors, ospfNeighbors } from './neighbors.ts';
import {
  bgpNeighbors,
  bgpSummary,
  bgpSummaryText,
  commits,
  commitsText,
  forwardingSummary,
  forwardingSummaryText,
  hostname,
  type JunosParts,
  newestCommit,
  routeSummary,
  software,
  uptime,
} from './oper.ts';

/** What a command of operational mode shows: as XML for `| display xml`, and as text. */
type Shown = { xml: (parts: JunosParts) => string; text: (parts: JunosParts) => string };

const ospf: Shown = {
  xml: ({ device }) => ospfNeighbors(device),
  text: ({ device }) => {
    const neighbours = device.neighbors('ospf');
    if (neighbours === undefined) return 'OSPF instance is not running\n';
    const rows = neighbours.map(
      ({ address, interface: { name } }) =>
        `${address.padEnd(16)} ${name.padEnd(22)} Full            ${address.padEnd(16)} 128    35\n`,
    );
    return `Address          Interface              State           ID               Pri  Dead\n${rows.join('')}`;
  },
};

const isis: Shown = {
  xml: ({ device }) => isisNeighbors(device),
  text: ({ device }) => {
    const neighbours = device.neighbors('isis');
    if (neighbours === undefined) return 'IS-IS instance is not running\n';
    const rows = neighbours.map(
      ({ system, interface: { name } }) => `${name.padEnd(21)} ${system.padEnd(14)} 2 Up                   20\n`,
    );
    return `Interface             System         L State         Hold (secs) SNPA\n${rows.join('')}`;
  },
};

const peers = ({ bgp }: JunosParts): string =>
  bgp
    .peers()
    .map(
      ({ address, remoteAs, local, localAs, state, lastError }) =>
        `Peer: ${address}+179 AS ${remoteAs} Local: ${local}+51000 AS ${localAs}\n  Type: ${remoteAs === localAs ? 'Internal' : 'External'}    State: ${state}\n  Last Error: ${lastError || 'None'}\n`,
    )
    .join('\n');

const ports = (terse: boolean): Shown => ({
  xml: (parts) => interfaces(parts, { terse, extensive: false, name: undefined }),
  text: ({ device }) => {
    const rows = (child(device.running, 'interfaces')?.children ?? []).map(
      ({ text }) => `${text.padEnd(24)}up    up\n`,
    );
    return `Interface               Admin Link Proto    Local                 Remote\n${rows.join('')}`;
  },
});

const mapped = (parts: JunosParts): string => {
  const rows = resolvedOf(parts.device, parts.bgp, 'ipv4').map(
    (one) => `${one.mac} ${one.address.padEnd(15)} ${one.interface.name.padEnd(24)} none\n`,
  );
  return `MAC Address       Address         Interface                Flags\n${rows.join('')}`;
};

const version = ({ device, version: release }: JunosParts): string => {
  const name = hostname(device.running);
  return `${name === undefined ? '' : `Hostname: ${name}\n`}Model: vsrx\nJunos: ${release}\nJUNOS Software Release [${release}]\n`;
};

const at = (ms: number): string => new Date(ms).toISOString();

/** By the whole command. */
export const shows: Readonly<Record<string, Shown>> = {
  'show ospf neighbor': ospf,
  'show ospf neighbor instance all': ospf,
  'show isis adjacency': isis,
  'show isis adjacency instance all': isis,
  'show arp no-resolve': { xml: arp, text: mapped },
  'show version': { xml: software, text: version },
  'show bgp summary': { xml: bgpSummary, text: bgpSummaryText },
  'show bgp neighbor': { xml: (parts) => bgpNeighbors(parts), text: peers },
  'show route summary': { xml: routeSummary, text: () => 'Autonomous system number: 0\n' },
  'show route forwarding-table summary': { xml: forwardingSummary, text: forwardingSummaryText },
  'show lldp neighbors': { xml: ({ device }) => lldpNeighbors(device), text: () => '' },
  'show interfaces terse': ports(true),
  'show interfaces': ports(false),
  'show chassis routing-engine': {
    xml: routeEngine,
    text: () =>
      'Routing Engine status:\n    DRAM                      2048 MB\n    Memory utilization          50 percent\n    Model                          VSRX RE\n',
  },
  'show chassis environment': {
    xml: () => environment,
    text: () =>
      'Class Item                           Status     Measurement\nTemp  Routing Engine 0 CPU           OK         40 degrees C / 104 degrees F\nFans  Fan 0                          OK\nPower PEM 0                          OK\n',
  },
  'show chassis hardware': {
    xml: () => inventory,
    text: () =>
      'Hardware inventory:\nItem             Version  Part number  Serial number     Description\nChassis                                SIMULATED01       VSRX\n',
  },
  'show system uptime': {
    xml: uptime,
    text: ({ device }) => `Current time: ${at(device.clock.now())}\nSystem booted: ${at(device.bootedAt)}\n`,
  },
  'show system commit': {
    xml: (parts) => `<commit-information>${commits(parts)}</commit-information>`,
    text: commitsText,
  },
  'show system commit revision': {
    xml: newestCommit,
    text: ({ device }) =>
      `Revision: re0-${Math.floor((device.history[0]?.at ?? device.bootedAt) / 1000)}-${device.history[0]?.id ?? 0}\n`,
  },
};
