import type { BgpTable, Peer } from '../bgp.ts';
import { upDown } from '../clock.ts';
import type { Device } from '../device.ts';

const row = (device: Device, peer: Peer): string => {
  const state = peer.state === 'Established' ? String(peer.prefixes) : peer.shutdown ? 'Idle (Admin)' : peer.state;
  const rest = `    0 ${peer.remoteAs.padStart(5)} ${String(peer.received).padStart(7)} ${String(peer.sent).padStart(7)} ${'7'.padStart(8)} ${'0'.padStart(4)} ${'0'.padStart(4)} ${upDown((device.clock.now() - peer.since) / 1000).padStart(8)} ${state.padStart(10)}`;
  return peer.address.length > 15 ? `${peer.address}\n${' '.repeat(15)} ${rest}` : `${peer.address.padEnd(15)} ${rest}`;
};

/** The table of `show bgp summary` for some of the sessions. */
export const summary = (device: Device, table: BgpTable, which: (peer: Peer) => boolean): string => {
  const peers = table.peers().filter(which);
  const [first] = peers;
  if (!first) return "% BGP instance 'default' not active\n";
  return `BGP router identifier ${first.routerId}, local AS number ${first.localAs}
BGP generic scan interval 60 secs
Non-stop routing is enabled
BGP table state: Active
BGP main routing table version 7

Process       RcvTblVer   bRIB/RIB   LabelVer  ImportVer  SendTblVer  StandbyVer
Speaker               7          7          7          7           7           0

Neighbor        Spk    AS MsgRcvd MsgSent   TblVer  InQ OutQ  Up/Down  St/PfxRcd
${peers.map((peer) => `${row(device, peer)}\n`).join('')}
`;
};

const familyNames = { ipv4: 'IPv4 Unicast', ipv6: 'IPv6 Unicast', vpnv4: 'VPNv4 Unicast', evpn: 'L2VPN EVPN' } as const;

const stats = (peer: Peer): string => {
  const when = 'Aug 16 21:10:26.866';
  const row = (kind: string, sent: number, received: number, last = when) =>
    `    ${`${kind}:`.padEnd(16)}${last.padEnd(19)}${String(sent).padStart(9)}  ${last.padEnd(19)}${String(received).padStart(9)}\n`;
  return `  Message stats:
    InQ depth: 0, OutQ depth: 0
                    Last_Sent               Sent  Last_Rcvd               Rcvd
${row('Open', peer.established, peer.established)}${row('Notification', peer.flaps, 0, '---')}${row('Update', peer.advertised, peer.prefixes)}${row('Keepalive', peer.keepalives, peer.keepalives)}${row('Route_Refresh', 0, 0, '---')}${row('Total', peer.sent, peer.received, '')}`;
};

const neighbor = (device: Device, peer: Peer, detail: boolean): string => {
  const up = peer.state === 'Established';
  const ago = upDown((device.clock.now() - peer.since) / 1000);
  const counted = `  Received ${peer.received} messages, 0 notifications, 0 in queue
  Sent ${peer.sent} messages, ${peer.flaps} notifications, 0 in queue
`;
  const families = peer.families.map(
    (family) =>
      `\n For Address Family: ${familyNames[family]}\n  BGP neighbor version 7\n  Policy for incoming advertisements is PASS\n  Policy for outgoing advertisements is PASS\n  ${peer.prefixes} accepted prefixes, ${peer.prefixes} are bestpaths\n  Exact no. of prefixes denied: 0\n  Cumulative no. of prefixes denied: 0\n  Prefix advertised ${peer.advertised}, suppressed 0, withdrawn 0\n`,
  );
  const zeros = peer.address.includes(':') ? '::' : '0.0.0.0';
  return `BGP neighbor is ${peer.address}${peer.vrf === 'default' ? '' : `, vrf ${peer.vrf}`}
 Remote AS ${peer.remoteAs}, local AS ${peer.localAs}, ${peer.remoteAs === peer.localAs ? 'internal' : 'external'} link
${peer.description === '' ? '' : ` Description: ${peer.description}\n`}${peer.shutdown ? ' Administratively shut down\n' : ''} Remote router ID ${up && !peer.address.includes(':') ? peer.address : '0.0.0.0'}
  BGP state = ${peer.state}${up ? `, up for ${ago}` : ''}
  Last read 00:00:03, Last read before reset 00:00:00
  Hold time is ${peer.hold}, keepalive interval is ${peer.keepalive} seconds
  Configured hold time: ${peer.hold}, keepalive: ${peer.keepalive}, min acceptable hold time: 3
${up ? '  Neighbor capabilities:            Adv         Rcvd\n    4-byte AS:                      Yes         Yes\n' : ''}${detail ? stats(peer) : counted}${families.join('')}
  Connections established ${peer.established}; dropped ${peer.flaps}
  Local host: ${up ? peer.local : zeros}, Local port: ${up ? 179 : 0}, IF Handle: 0x00000000
  Foreign host: ${peer.address}, Foreign port: ${up ? 31_234 : 0}
  Last reset ${peer.flaps === 0 ? '00:00:00' : `${ago}, due to ${peer.lastError}`}
`;
};

/** `show bgp [vrf all] neighbors [detail]`; the detailed form counts messages by their kind. */
export const neighborsText = (device: Device, table: BgpTable, vrfs: 'default' | 'others', detail = false): string =>
  table
    .peers()
    .filter(({ vrf }) => (vrf === 'default') === (vrfs === 'default'))
    .map((peer) => neighbor(device, peer, detail))
    .join('\n');
