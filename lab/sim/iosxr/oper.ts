import type { Peer } from '../bgp.ts';
import { escapeXml } from '../xml.ts';
import type { IosxrParts } from './box.ts';
import { hostname } from './text.ts';

const base = 'http://cisco.com/ns/yang/';

const leaf = (name: string, value: string | number | boolean): string =>
  `<${name}>${escapeXml(String(value))}</${name}>`;

const neighbor = ({ targets }: IosxrParts, peer: Peer): string => {
  const up = peer.state === 'Established';
  const families = peer.families.map(
    (family) =>
      `<af-data>${leaf('af-name', family)}${leaf('prefixes-accepted', peer.prefixes)}${leaf('prefixes-denied', 0)}${leaf('prefixes-advertised', peer.advertised)}${leaf('is-neighbor-af-capable', true)}</af-data>`,
  );
  return `<neighbor>${leaf('neighbor-address', peer.address)}${leaf('description', peer.description)}${leaf('local-as', peer.localAs)}${leaf('remote-as', peer.remoteAs)}${leaf('messages-received', peer.received)}${leaf('messages-sent', peer.sent)}${leaf('connection-established-time', up ? Math.floor((targets.device.clock.now() - peer.since) / 1000) : 0)}${leaf('connection-state', up ? 'bgp-st-estab' : peer.state === 'Idle' ? 'bgp-st-idle' : 'bgp-st-active')}${leaf('is-administratively-shut-down', peer.shutdown)}${leaf('hold-time', peer.hold)}${leaf('keep-alive-time', peer.keepalive)}${leaf('router-id', up && !peer.address.includes(':') ? peer.address : '0.0.0.0')}${leaf('connection-down-count', peer.flaps)}${leaf('connection-up-count', peer.established)}${families.join('')}</neighbor>`;
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
  return `<bgp xmlns="${base}Cisco-IOS-XR-ipv4-bgp-oper"><instances><instance>${leaf('instance-name', 'default')}<instance-active><default-vrf>${vrf(parts, 'default', of('default'))}</default-vrf><vrfs>${names.map((name) => `<vrf>${leaf('vrf-name', name)}${vrf(parts, name, of(name))}</vrf>`).join('')}</vrfs></instance-active></instance></instances></bgp>`;
};

const facts = ({ targets: { device }, version }: IosxrParts): string =>
  `<system-time xmlns="${base}Cisco-IOS-XR-shellutil-oper"><uptime>${leaf('host-name', hostname(device.running))}${leaf('uptime', Math.floor(device.uptime))}</uptime></system-time><interfaces xmlns="${base}Cisco-IOS-XR-pfi-im-cmd-oper"><interfaces>${device
    .interfaces()
    .map(({ name }) => `<interface>${leaf('interface-name', name)}</interface>`)
    .join(
      '',
    )}</interfaces></interfaces><inventory xmlns="${base}Cisco-IOS-XR-invmgr-oper"><entities><entity>${leaf('name', 'Rack 0')}<attributes><inv-basic-bag>${leaf('software-revision', version)}${leaf('model-name', 'R-IOSXRV9000-CC')}${leaf('serial-number', 'SIMULATED01')}</inv-basic-bag></attributes></entity></entities></inventory>`;

/** The trees of state that are there. */
export const operationalNames: readonly string[] = ['system-time', 'interfaces', 'inventory', 'bgp'];

/** All state data. */
export const operational = (parts: IosxrParts): string => `${facts(parts)}${bgp(parts)}`;
