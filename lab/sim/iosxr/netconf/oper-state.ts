import { resolvedOf } from '../../arp.ts';
import type { Interface } from '../../config/interfaces.ts';
import { children } from '../../config/tree.ts';
import type { IosxrParts } from '../box.ts';
import { leaf, node, space } from './yang.ts';

/** The node that everything is on. */
export const routeProcessor = '0/RP0/CPU0';

const bandwidth = ({ name }: Interface) => (/^Loopback/.test(name) ? 0 : 1_000_000);

/** Names, states and counters of interfaces. */
export const interfaces = ({ targets: { device } }: IosxrParts): string => {
  const seconds = Math.floor(device.uptime);
  const all = device.interfaces();
  const told = all.map(({ name, description }) =>
    node('interface', leaf('interface-name', name), description === '' ? '' : leaf('description', description)),
  );
  const statistics = [
    ...['multicast-packets-sent', 'output-drops', 'output-errors', 'input-errors', 'broadcast-packets-sent'],
    ...['multicast-packets-received', 'broadcast-packets-received', 'input-drops'],
  ].map((name) => leaf(name, 0));
  const counted = [
    leaf('bytes-sent', seconds * 220),
    leaf('bytes-received', seconds * 240),
    leaf('packets-sent', seconds * 2),
    leaf('packets-received', seconds * 2),
  ];
  const states = all.map((one) => {
    const state = one.enabled ? (one.up ? 'im-state-up' : 'im-state-down') : 'im-state-admin-down';
    return node(
      'interface',
      leaf('interface-name', one.name),
      leaf('line-state', one.up ? 'im-state-up' : 'im-state-down'),
      leaf('state', state),
      /^Loopback/.test(one.name) ? '' : node('mac-address', leaf('address', '52:54:00:00:00:01')),
      leaf('bandwidth', bandwidth(one)),
      leaf('mtu', one.mtu),
      node('interface-statistics', leaf('stats-type', 'full'), node('full-interface-stats', ...statistics, ...counted)),
    );
  });
  return space(
    'interfaces',
    'Cisco-IOS-XR-pfi-im-cmd-oper',
    node('interfaces', ...told),
    node('interface-xr', ...states),
  );
};

/** Who LLDP hears. */
export const lldp = ({ targets: { device } }: IosxrParts): string => {
  const heard = (device.neighbors('lldp') ?? []).map((one) =>
    node(
      'detail',
      leaf('interface-name', one.interface.name),
      leaf('device-id', one.system),
      node(
        'lldp-neighbor',
        leaf('receiving-interface-name', one.interface.name),
        leaf('device-id', one.system),
        leaf('chassis-id', '0c00.00aa.bb99'),
        leaf('port-id-detail', one.port),
        node(
          'detail',
          leaf('system-name', one.system),
          leaf('system-description', 'a neighbour'),
          leaf('port-description', one.port),
          leaf('system-capabilities', 'R'),
          leaf('enabled-capabilities', 'R'),
        ),
      ),
    ),
  );
  return space(
    'lldp',
    'Cisco-IOS-XR-ethernet-lldp-oper',
    node('nodes', node('node', leaf('node-name', routeProcessor), node('neighbors', node('details', ...heard)))),
  );
};

/** What ARP resolved. */
export const arp = ({ targets: { device }, bgp }: IosxrParts): string => {
  const entries = resolvedOf(device, bgp, 'ipv4').map((one) =>
    node(
      'entry',
      leaf('address', one.address),
      leaf('interface-name', one.interface.name),
      leaf('age', 60),
      leaf('hardware-address', one.mac),
    ),
  );
  return space(
    'arp',
    'Cisco-IOS-XR-ipv4-arp-oper',
    node('nodes', node('node', leaf('node-name', routeProcessor), node('entries', ...entries))),
  );
};

/** Processor, memory, NTP, and what has nothing to tell: bridges and probes. */
export const system = ({ targets: { device } }: IosxrParts): string => {
  const servers = children(device.running, /^ntp$/).flatMap(([ntp]) =>
    children(ntp, /^(?:server|peer) (?:vrf \S+ )?([\d.]+)/).map(([, [, name = '']]) => name),
  );
  const peers = servers.map((address) =>
    node(
      'peer-summary-info',
      node(
        'peer-info-common',
        leaf('address', address),
        leaf('reference-id', '.INIT.'),
        leaf('is-sys-peer', false),
        leaf('stratum', 16),
      ),
    ),
  );
  return [
    space(
      'system-monitoring',
      'Cisco-IOS-XR-wdsysmon-fd-oper',
      node('cpu-utilization', leaf('node-name', routeProcessor), leaf('total-cpu-five-minute', 3)),
    ),
    space(
      'memory-summary',
      'Cisco-IOS-XR-nto-misc-oper',
      node(
        'nodes',
        node(
          'node',
          leaf('node-name', routeProcessor),
          node('summary', leaf('system-ram-memory', 8_388_608_000), leaf('free-physical-memory', 4_194_304_000)),
        ),
      ),
    ),
    space(
      'ntp',
      'Cisco-IOS-XR-ip-ntp-oper',
      node('nodes', node('node', leaf('node', routeProcessor), node('associations', ...peers))),
    ),
    space('l2vpn-forwarding', 'Cisco-IOS-XR-l2vpn-oper', node('nodes')),
    space('ipsla', 'Cisco-IOS-XR-man-ipsla-oper', node('operation-data', node('operations'))),
  ].join('');
};
