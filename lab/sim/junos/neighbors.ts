import { child, type Node } from '../config/tree.ts';
import type { Device } from '../device.ts';
import { interfacesUnder, type Speakers, secondsLeft } from '../neighbors.ts';
import { rpcError } from '../protocols/netconf/netconf-answers.ts';
import { escapeXml } from '../protocols/netconf/xml.ts';
import { junosInterfaces } from './interfaces.ts';

const port = (name: string) => name.replace(/\.\d+$/, '');
const protocol = (root: Node, name: string) => child(child(root, 'protocols'), name);

/** `interface all;` means each port. */
const spoken = (root: Node, name: string): readonly string[] | undefined => {
  const node = protocol(root, name);
  if (!node) return undefined;
  const names = interfacesUnder(node);
  const units = junosInterfaces(root)
    .map((one) => one.name)
    .filter((unit) => !/^lo/.test(unit));
  return units.filter((unit) => names.some((one) => one === 'all' || one === unit || one === port(unit)));
};

/** Which logical interfaces speak which protocol. */
export const junosSpeakers: Speakers = {
  // a frame belongs to the port: one unit stands for it
  lldp: (root) =>
    spoken(root, 'lldp')?.filter((unit, at, all) => all.findIndex((one) => port(one) === port(unit)) === at),
  ospf: (root) => spoken(root, 'ospf'),
  isis: (root) => spoken(root, 'isis'),
};

const leaf = (name: string, value: string | number): string => `<${name}>${escapeXml(String(value))}</${name}>`;

/** `get-lldp-neighbors-information`; with more, of one port. */
export const lldpNeighbors = (device: Device): string => {
  const rows = (device.neighbors('lldp') ?? []).map(
    (one) =>
      `<lldp-neighbor-information>${leaf('lldp-local-port-id', port(one.interface.name))}${leaf('lldp-local-parent-interface-name', '-')}${leaf('lldp-remote-chassis-id-subtype', 'Mac address')}${leaf('lldp-remote-chassis-id', '0c:00:00:aa:bb:99')}${leaf('lldp-remote-port-description', one.port)}${leaf('lldp-remote-system-name', one.system)}</lldp-neighbor-information>`,
  );
  return `<lldp-neighbors-information>${rows.join('')}</lldp-neighbors-information>`;
};

/** `get-lldp-interface-neighbors-information` or `get-lldp-interface-neighbors`, of one port. */
export const lldpOf = (device: Device, name: string): string => {
  const rows = (device.neighbors('lldp') ?? [])
    .filter((one) => port(one.interface.name) === port(name))
    .map(
      (one) =>
        `<lldp-neighbor-information>${leaf('lldp-local-interface', port(one.interface.name))}${leaf('lldp-local-parent-interface-name', '-')}${leaf('lldp-remote-chassis-id-subtype', 'Mac address')}${leaf('lldp-remote-chassis-id', '0c:00:00:aa:bb:99')}${leaf('lldp-remote-port-id-subtype', 'Interface name')}${leaf('lldp-remote-port-id', one.port)}${leaf('lldp-remote-port-description', one.port)}${leaf('lldp-remote-system-name', one.system)}<lldp-system-description>${leaf('lldp-remote-system-description', 'a neighbour')}</lldp-system-description>${leaf('lldp-remote-system-capabilities-supported', 'Bridge Router')}${leaf('lldp-remote-system-capabilities-enabled', 'Router')}</lldp-neighbor-information>`,
    );
  return `<lldp-neighbors-information>${rows.join('')}</lldp-neighbors-information>`;
};

/** `get-ospf-neighbor-information`. */
export const ospfNeighbors = (device: Device): string => {
  const heard = device.neighbors('ospf');
  if (!heard) return rpcError('operation-failed', 'OSPF instance is not running');
  const rows = heard.map(
    (one) =>
      `<ospf-neighbor>${leaf('neighbor-address', one.address)}${leaf('interface-name', one.interface.name)}${leaf('ospf-neighbor-state', 'Full')}${leaf('neighbor-id', one.address)}${leaf('neighbor-priority', 128)}${leaf('activity-timer', secondsLeft(device.clock.now(), 40))}</ospf-neighbor>`,
  );
  return `<ospf-neighbor-information>${rows.join('')}</ospf-neighbor-information>`;
};

/** `get-isis-adjacency-information`. */
export const isisNeighbors = (device: Device): string => {
  const heard = device.neighbors('isis');
  if (!heard) return rpcError('operation-failed', 'IS-IS instance is not running');
  const rows = heard.map(
    (one) =>
      `<isis-adjacency>${leaf('interface-name', one.interface.name)}${leaf('system-name', one.system)}${leaf('level', 2)}${leaf('adjacency-state', 'Up')}${leaf('holdtime', secondsLeft(device.clock.now(), 27))}</isis-adjacency>`,
  );
  return `<isis-adjacency-information>${rows.join('')}</isis-adjacency-information>`;
};
