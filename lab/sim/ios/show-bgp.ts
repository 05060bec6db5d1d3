import type { BgpTable, Peer } from '../bgp.ts';
import { upDown } from '../clock.ts';
import { carrierOf } from '../config/interfaces.ts';
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

const activity = (peer: Peer, family: keyof typeof names): string => {
  const counts = (label: string, sent: number | string, received: number | string) =>
    `    ${`${label}:`.padEnd(20)}${String(sent).padStart(11)} ${String(received).padStart(10)}`;
  return ` For address family: ${names[family]}
  Session: ${shown(peer)}
  BGP table version 7, neighbor version 7/0
  Output queue size : 0
                                 Sent       Rcvd
  Prefix activity:               ----       ----
${counts('Prefixes Current', peer.advertised, peer.prefixes)} (Consumes 480 bytes)
${counts('Prefixes Total', peer.advertised, peer.prefixes)}
${counts('Implicit Withdraw', 0, 0)}
${counts('Explicit Withdraw', 0, 0)}
${counts('Used as bestpath', 'n/a', peer.prefixes)}
${counts('Used as multipath', 'n/a', 0)}
${counts('Used as secondary', 'n/a', 0)}

                                   Outbound    Inbound
  Local Policy Denied Prefixes:    --------    -------
    Total:                                0          0
  Number of NLRIs in the update sent: max 0, min 0
`;
};

const neighbor = (device: Device, peer: Peer): string => {
  const carrier = carrierOf(device.interfaces(), peer);
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
${up ? '  Neighbor capabilities:\n    Route refresh: advertised and received(new)\n    Four-octets ASN Capability: advertised and received\n' : ''}  Message statistics:
    InQ depth is 0
    OutQ depth is 0

                         Sent       Rcvd
${counts('Opens:', peer.established, peer.established)}
${counts('Notifications:', peer.flaps, 0)}
${counts('Updates:', 4, peer.prefixes)}
${counts('Keepalives:', peer.keepalives, peer.keepalives)}
${counts('Route Refresh:', 0, 0)}
${counts('Total:', peer.sent, peer.received)}

${peer.families.map((family) => activity(peer, family)).join('\n')}
  Address tracking is enabled, the RIB does have a route to ${shown(peer)}
  Connections established ${peer.established}; dropped ${peer.flaps}
  Last reset ${peer.flaps === 0 ? 'never' : `${ago}, due to ${peer.lastError}`}
${carrier === undefined ? '' : `  Interface associated: ${carrier.name} (peering address in same link)\n`}${
  up
    ? `Connection state is ESTAB, I/O status: 1, unread input bytes: 0
Local host: ${peer.local.toUpperCase()}, Local port: 179
Foreign host: ${shown(peer)}, Foreign port: 31234
Connection tableid (VRF): 0
`
    : '  No active TCP connection\n'
}`;
};

/** `show ip bgp neighbors`, `show bgp ipv6 unicast neighbors`, … */
export const neighbors = (device: Device, table: BgpTable, which: (peer: Peer) => boolean): string =>
  table
    .peers()
    .filter(which)
    .map((peer) => neighbor(device, peer))
    .join('\n');
