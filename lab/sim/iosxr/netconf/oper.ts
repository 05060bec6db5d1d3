import type { Peer } from '../../bgp.ts';
import { type Element, under } from '../../protocols/netconf/xml.ts';
import type { IosxrParts } from '../box.ts';
import { hostname } from '../text.ts';
import { addresses, ribs } from './oper-addresses.ts';
import { arp, interfaces, lldp, system } from './oper-state.ts';
import { leaf, modelOf, node, space } from './yang.ts';

/** One end of a connection; zeros where there is none. */
const end = (side: 'local' | 'remote', address: string, peer: string): string => {
  const version = peer.includes(':') ? 'ipv6' : 'ipv4';
  const shown = address === '' ? (version === 'ipv6' ? '::' : '0.0.0.0') : address;
  return node(`connection-${side}-address`, leaf('afi', version), leaf(`${version}-address`, shown));
};

const neighbor = ({ targets }: IosxrParts, peer: Peer): string => {
  const up = peer.state === 'Established';
  const families = peer.families.map(
    (family) =>
      `<af-data>${leaf('af-name', family)}${leaf('number-of-bestpaths', peer.prefixes)}${leaf('prefixes-accepted', peer.prefixes)}${leaf('prefixes-denied', 0)}${leaf('prefixes-advertised', peer.advertised)}${leaf('is-neighbor-af-capable', true)}</af-data>`,
  );
  return `<neighbor>${leaf('neighbor-address', peer.address)}${leaf('description', peer.description)}${leaf('local-as', peer.localAs)}${leaf('remote-as', peer.remoteAs)}${leaf('messages-received', peer.received)}${leaf('messages-sent', peer.sent)}${leaf('connection-established-time', up ? Math.floor((targets.device.clock.now() - peer.since) / 1000) : 0)}${leaf('connection-state', up ? 'bgp-st-estab' : peer.state === 'Idle' ? 'bgp-st-idle' : 'bgp-st-active')}${leaf('is-administratively-shut-down', peer.shutdown)}${leaf('hold-time', up ? peer.hold : 0)}${leaf('keep-alive-time', up ? peer.keepalive : 0)}${leaf('configured-hold-time', peer.hold)}${leaf('configured-keepalive', peer.keepalive)}${end('local', up ? peer.local : '', peer.address)}${end('remote', up ? peer.address : '', peer.address)}${leaf('connection-local-port', up ? 179 : 0)}${leaf('connection-remote-port', up ? 31_234 : 0)}${leaf('is-local-address-configured', peer.source !== '')}${leaf('is-external-neighbor-not-directly-connected', false)}${leaf('messages-queued-out', 0)}${leaf('previous-connection-state', up ? 4 : 0)}${leaf('router-id', up && !peer.address.includes(':') ? peer.address : '0.0.0.0')}${leaf('connection-down-count', peer.flaps)}${leaf('connection-up-count', peer.established)}${families.join('')}</neighbor>`;
};

const vrf = (parts: IosxrParts, name: string, peers: readonly Peer[]): string => {
  const [first] = peers;
  return `<global-process-info>${leaf('vrf-name', name)}<vrf>${leaf('router-id', first?.routerId ?? '0.0.0.0')}${leaf('name', name)}</vrf><global>${leaf('local-as', first?.localAs ?? 0)}${leaf('router-id', first?.routerId ?? '0.0.0.0')}</global></global-process-info><neighbors>${peers.map((peer) => neighbor(parts, peer)).join('')}</neighbors>`;
};

const bgp = (parts: IosxrParts): string => {
  const peers = parts.bgp.peers();
  if (peers.length === 0) return '';
  const names = [...new Set(peers.map((peer) => peer.vrf))].filter((name) => name !== 'default');
  const of = (name: string) => peers.filter((peer) => peer.vrf === name);
  return `<bgp xmlns="${modelOf('Cisco-IOS-XR-ipv4-bgp-oper')}"><instances><instance>${leaf('instance-name', 'default')}<instance-active><default-vrf>${vrf(parts, 'default', of('default'))}</default-vrf><vrfs>${names.map((name) => `<vrf>${leaf('vrf-name', name)}${vrf(parts, name, of(name))}</vrf>`).join('')}</vrfs></instance-active></instance></instances></bgp>`;
};

const facts = ({ targets: { device }, version }: IosxrParts): string =>
  `${space('system-time', 'Cisco-IOS-XR-shellutil-oper', node('uptime', leaf('host-name', hostname(device.running)), leaf('uptime', Math.floor(device.uptime))))}${space('inventory', 'Cisco-IOS-XR-invmgr-oper', node('entities', node('entity', leaf('name', 'Rack 0'), node('attributes', node('inv-basic-bag', leaf('software-revision', version), leaf('model-name', 'R-IOSXRV9000-CC'), leaf('serial-number', 'SIMULATED01'))))))}`;

const trees = [facts, bgp, interfaces, addresses, lldp, arp, ribs, system];

/** The trees of state that are there, by name and namespace. */
export const operationalNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'system-time': 'Cisco-IOS-XR-shellutil-oper',
    interfaces: 'Cisco-IOS-XR-pfi-im-cmd-oper',
    inventory: 'Cisco-IOS-XR-invmgr-oper',
    bgp: 'Cisco-IOS-XR-ipv4-bgp-oper',
    'ipv4-network': 'Cisco-IOS-XR-ipv4-io-oper',
    'ipv6-network': 'Cisco-IOS-XR-ipv6-ma-oper',
    lldp: 'Cisco-IOS-XR-ethernet-lldp-oper',
    arp: 'Cisco-IOS-XR-ipv4-arp-oper',
    rib: 'Cisco-IOS-XR-ip-rib-ipv4-oper',
    'ipv6-rib': 'Cisco-IOS-XR-ip-rib-ipv6-oper',
    'system-monitoring': 'Cisco-IOS-XR-wdsysmon-fd-oper',
    'memory-summary': 'Cisco-IOS-XR-nto-misc-oper',
    ntp: 'Cisco-IOS-XR-ip-ntp-oper',
    'l2vpn-forwarding': 'Cisco-IOS-XR-l2vpn-oper',
    ipsla: 'Cisco-IOS-XR-man-ipsla-oper',
  }).map(([name, model]) => [name, modelOf(model)]),
);

/** All state data. */
export const operational = (parts: IosxrParts): string => trees.map((tree) => tree(parts)).join('');

/** The answer to the RPC `traceroute`: one hop. */
export const traceroute = (operation: Element): string => {
  const version = operation.children[0]?.name ?? 'ipv4';
  const host = under(operation, version, 'destination')?.text.trim() ?? '';
  const probe = (at: number) => node('probe', leaf('probe-index', at), leaf('delta-time', 1));
  const hop = node(
    'hop',
    leaf('hop-index', 1),
    leaf('hop-address', host),
    node('probes', probe(0), probe(1), probe(2)),
  );
  return space(version, 'Cisco-IOS-XR-traceroute-act', leaf('destination', host), node('hops', hop));
};
