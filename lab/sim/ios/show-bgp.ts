import type { BgpTable, Peer } from '../bgp.ts';
import { upDown } from '../clock.ts';
import type { Device } from '../device.ts';

const names = { ipv4: 'IPv4 Unicast', ipv6: 'IPv6 Unicast', vpnv4: 'VPNv4 Unicast', evpn: 'L2VPN E-VPN' } as const;

const stateOf = (peer: Peer): string =>
  peer.state === 'Established' ? String(peer.prefixes) : peer.shutdown ? 'Idle (Admin)' : peer.state;

/** IOS writes IPv6 addresses in capitals. */
const shown = ({ address }: Peer): string => address.toUpperCase();

const row = (peer: Peer, now: number): string => {
  const since = peer.established === 0 ? 'never' : upDown((now - peer.since) / 1000);
  const rest = `4 ${peer.remoteAs.padStart(12)} ${String(peer.received).padStart(7)} ${String(peer.sent).padStart(7)} ${'7'.padStart(8)} ${'0'.padStart(4)} ${'0'.padStart(4)} ${since.padEnd(8)} ${stateOf(peer).padStart(8)}`;
  return peer.address.length > 15 || peer.address.includes(':')
    ? `${shown(peer)}\n${' '.repeat(16)}${rest}`
    : `${peer.address.padEnd(15)} ${rest}`;
};

const block = (device: Device, peers: readonly Peer[]): string => {
  const [first] = peers;
  return `BGP router identifier ${first?.routerId ?? '0.0.0.0'}, local AS number ${first?.localAs ?? 0}
BGP table version is 7, main routing table version 7

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
${peers.map((peer) => `${row(peer, device.clock.now())}\n`).join('')}`;
};

/** `show bgp all summary`, `show ip bgp summary`, `show bgp ipv4 unicast summary`. */
export const summary = (device: Device, table: BgpTable, only?: keyof typeof names): string => {
  const peers = table.peers();
  if (peers.length === 0) return '% BGP not active\n\n';
  const parts = (Object.keys(names) as (keyof typeof names)[]).flatMap((family) => {
    const shown = peers.filter(
      (peer) => peer.families.includes(family) || (family === 'vpnv4' && peer.vrf !== 'default' && only === undefined),
    );
    if (shown.length === 0 || (only !== undefined && family !== only)) return [];
    return [`${only === undefined ? `For address family: ${names[family]}\n` : ''}${block(device, shown)}`];
  });
  return parts.join('\n');
};

const neighbor = (device: Device, peer: Peer): string => {
  const up = peer.state === 'Established';
  const ago = upDown((device.clock.now() - peer.since) / 1000);
  const counts = (label: string, sent: number, received: number) =>
    `    ${label.padEnd(16)}${String(sent).padStart(12)} ${String(received).padStart(10)}`;
  return `BGP neighbor is ${shown(peer)}, ${peer.vrf === 'default' ? '' : ` vrf ${peer.vrf}, `} remote AS ${peer.remoteAs}, ${peer.remoteAs === peer.localAs ? 'internal' : 'external'} link
${peer.description === '' ? '' : ` Description: ${peer.description}\n`}${peer.shutdown ? ' Administratively shut down\n' : ''}  BGP version 4, remote router ID ${up && !peer.address.includes(':') ? peer.address : '0.0.0.0'}
  BGP state = ${peer.state}${up ? `, up for ${ago}` : ''}
  Last read 00:00:03, last write 00:00:05, hold time is ${peer.hold}, keepalive interval is ${peer.keepalive} seconds
  Neighbor sessions:
    ${up ? 1 : 0} active, is not multisession capable (disabled)
  Message statistics:
    InQ depth is 0
    OutQ depth is 0

                         Sent       Rcvd
${counts('Opens:', peer.established, peer.established)}
${counts('Notifications:', peer.flaps, 0)}
${counts('Updates:', 4, peer.prefixes)}
${counts('Keepalives:', peer.keepalives, peer.keepalives)}
${counts('Route Refresh:', 0, 0)}
${counts('Total:', peer.sent, peer.received)}

${peer.families.map((family) => ` For address family: ${names[family]}\n  Session: ${shown(peer)}\n  BGP table version 7, neighbor version 7/0\n                                 Sent       Rcvd\n  Prefix activity:               ----       ----\n    Prefixes Current:    ${String(peer.advertised).padStart(11)} ${String(peer.prefixes).padStart(10)} (Consumes 480 bytes)\n    Prefixes Total:      ${String(peer.advertised).padStart(11)} ${String(peer.prefixes).padStart(10)}\n\n                                   Outbound    Inbound\n  Local Policy Denied Prefixes:    --------    -------\n    Total:                                0          0\n`).join('\n')}
  Connections established ${peer.established}; dropped ${peer.flaps}
  Last reset ${peer.flaps === 0 ? 'never' : `${ago}, due to ${peer.lastError}`}
${up ? `Local host: ${peer.local.toUpperCase()}, Local port: 179\nForeign host: ${shown(peer)}, Foreign port: 31234\n` : '  No active TCP connection\n'}`;
};

/** `show ip bgp neighbors`, `show bgp ipv6 unicast neighbors`, … */
export const neighbors = (device: Device, table: BgpTable, which: (peer: Peer) => boolean): string =>
  table
    .peers()
    .filter(which)
    .map((peer) => neighbor(device, peer))
    .join('\n');
