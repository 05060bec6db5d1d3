import { rpcError } from '../protocols/netconf/netconf-answers.ts';
import { subtree } from '../protocols/netconf/subtree.ts';
import { type Element, parseXml, under } from '../protocols/netconf/xml.ts';
import { configurationXml } from './config/xml-config.ts';
import * as hardware from './hardware.ts';
import { interfaces } from './interface-xml.ts';
import { isisNeighbors, lldpNeighbors, lldpOf, ospfNeighbors } from './neighbors.ts';
import {
  bgpNeighbors,
  bgpSummary,
  commits,
  forwardingSummary,
  instances,
  type JunosParts,
  newestCommit,
  routeSummary,
  software,
  system,
  uptime,
} from './oper.ts';

/** An RPC: what it answers, and the arguments that it knows. */
type Rpc = { args?: string; answer: (parts: JunosParts, arg: (name: string) => string | undefined) => string };

const rpcs: Record<string, Rpc> = {
  'get-system-information': { answer: system },
  'get-software-information': { args: 'brief detail', answer: software },
  'get-system-uptime-information': { answer: uptime },
  'get-interface-information': {
    args: 'terse extensive detail brief media descriptions interface-name',
    answer: (parts, arg) =>
      interfaces(parts, {
        terse: arg('terse') !== undefined,
        extensive: arg('extensive') !== undefined,
        name: arg('interface-name'),
      }),
  },
  'get-instance-information': { args: 'brief detail summary', answer: instances },
  'get-route-summary-information': { args: 'table', answer: routeSummary },
  'get-forwarding-table-information': {
    args: 'summary',
    answer: (parts, arg) =>
      arg('summary') === undefined
        ? rpcError('operation-failed', 'only the summary of the forwarding table is simulated')
        : forwardingSummary(parts),
  },
  'get-route-information': {
    args: 'destination protocol extensive detail terse table',
    answer: (parts, arg) => hardware.routes(parts, arg('destination'), arg('protocol')),
  },
  'get-lldp-neighbors-information': { answer: ({ device }) => lldpNeighbors(device) },
  'get-lldp-interface-neighbors': {
    args: 'interface-device',
    answer: ({ device }, arg) => lldpOf(device, arg('interface-device') ?? ''),
  },
  'get-ospf-neighbor-information': { args: 'instance detail extensive', answer: ({ device }) => ospfNeighbors(device) },
  'get-isis-adjacency-information': {
    args: 'instance detail extensive',
    answer: ({ device }) => isisNeighbors(device),
  },
  'get-bgp-summary-information': {
    args: 'instance group',
    answer: (parts, arg) => bgpSummary(parts, arg('instance') || undefined),
  },
  'get-bgp-neighbor-information': {
    args: 'instance neighbor-address exact-instance',
    answer: (parts, arg) => bgpNeighbors(parts, arg('instance') || undefined, arg('neighbor-address') || undefined),
  },
  'get-commit-revision-information': { args: 'level detail', answer: newestCommit },
  'get-commit-information': {
    answer: (parts) => `<commit-information ${hardware.junosSpace}>${commits(parts)}</commit-information>`,
  },
  'get-chassis-inventory': { args: 'detail extensive', answer: () => hardware.inventory },
  'get-route-engine-information': { answer: hardware.routeEngine },
  'get-environment-information': { answer: () => hardware.environment },
  'get-temperature-threshold-information': { answer: () => hardware.thresholds },
  'get-arp-table-information': { args: 'no-resolve expiration-time', answer: hardware.arp },
  'get-ipv6-nd-information': { answer: hardware.neighborDiscovery },
  'get-system-memory-information': { answer: () => hardware.systemMemory },
  'get-system-storage': { args: 'detail', answer: () => hardware.storage },
  'get-probe-results': { args: 'owner test', answer: () => '<probe-results></probe-results>' },
  'get-interface-optics-diagnostics-information': {
    args: 'interface-name',
    answer: () => '<interface-information></interface-information>',
  },
  'get-ethernet-switching-table-information': {
    args: 'extensive interface-name vlan',
    answer: () => rpcError('operation-failed', 'the l2-learning subsystem is not running'),
  },
};

const unknown = (name: string, word: string): string =>
  rpcError('operation-failed', `syntax error, expecting ${name}`, {
    type: 'protocol',
    info: `<bad-element>${word}</bad-element>`,
  });

/** State data, by the RPC's name; an RPC or an argument that is not known is refused. */
export const readState = (parts: JunosParts, operation: Element): string => {
  const rpc = Object.hasOwn(rpcs, operation.name) ? rpcs[operation.name] : undefined;
  if (operation.name === 'get')
    return `<data>${subtree([parseXml(configurationXml(parts.device.running))], under(operation, 'filter'))}</data>`;
  if (!rpc) return unknown('<rpc-operation>', operation.name);
  const bad = operation.children.find(({ name }) => !(rpc.args ?? '').split(' ').includes(name));
  if (bad) return unknown('an argument', bad.name);
  return rpc.answer(parts, (name) => under(operation, name)?.text.trim());
};
