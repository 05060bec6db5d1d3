import { rpcError } from '../netconf-answers.ts';
import { subtree } from '../subtree.ts';
import { type Element, parseXml, under } from '../xml.ts';
import {
  bgpNeighbors,
  bgpSummary,
  commits,
  instances,
  interfaces,
  type JunosParts,
  lldpNeighbors,
  newestCommit,
  routeSummary,
  software,
  system,
  uptime,
} from './oper.ts';
import { configurationXml } from './xml-config.ts';

/** State data, by the RPC's name. */
export const readState = (parts: JunosParts, operation: Element): string => {
  const instance = under(operation, 'instance')?.text.trim();
  switch (operation.name) {
    case 'get-system-information':
      return system(parts);
    case 'get-software-information':
      return software(parts);
    case 'get-system-uptime-information':
      return uptime(parts);
    case 'get-interface-information':
      return interfaces(parts);
    case 'get-instance-information':
      return instances(parts);
    case 'get-route-summary-information':
      return routeSummary(parts);
    case 'get-lldp-neighbors-information':
      return lldpNeighbors;
    case 'get-bgp-summary-information':
      return bgpSummary(parts, instance);
    case 'get-bgp-neighbor-information':
      return bgpNeighbors(parts, instance);
    case 'get-commit-revision-information':
      return newestCommit(parts);
    case 'get-commit-information':
      return `<commit-information xmlns:junos="http://xml.juniper.net/junos/*/junos">${commits(parts)}</commit-information>`;
    case 'get-chassis-inventory':
      return '<chassis-inventory><chassis><name>Chassis</name><serial-number>SIMULATED01</serial-number><description>VSRX</description></chassis></chassis-inventory>';
    case 'get-route-engine-information':
      return `<route-engine-information><route-engine><slot>0</slot><mastership-state>master</mastership-state><status>OK</status><up-time>1 hour</up-time><model>VSRX RE</model></route-engine></route-engine-information>`;
    case 'command':
      return /show version/.test(operation.text)
        ? software(parts)
        : rpcError('operation-failed', `unknown command: ${operation.text}`);
    case 'get':
      return `<data>${subtree([parseXml(configurationXml(parts.device.running))], under(operation, 'filter'))}</data>`;
    default:
      return rpcError('operation-failed', `syntax error, expecting <rpc-operation>: ${operation.name}`, {
        type: 'protocol',
      });
  }
};
