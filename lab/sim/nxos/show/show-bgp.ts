import type { BgpTable, Peer } from '../../bgp.ts';
import { upDown } from '../../clock.ts';
import type { Device } from '../../device.ts';

/** What NX-OS calls the address families, and how it numbers them. */
export const families = [
  { key: 'ipv4', name: 'IPv4 Unicast', id: 1, safi: 1 },
  { key: 'ipv6', name: 'IPv6 Unicast', id: 2, safi: 1 },
  { key: 'vpnv4', name: 'VPNv4 Unicast', id: 1, safi: 128 },
  { key: 'evpn', name: 'L2VPN EVPN', id: 25, safi: 70 },
] as const;

/** One row for a single one, as NX-OS does. */
export const rows = <Row>(all: Row[]): Row | Row[] => (all.length === 1 && all[0] !== undefined ? all[0] : all);

/** The VRFs with sessions, the default one first. */
export const vrfsOf = (peers: readonly Peer[]) => [...new Set(['default', ...peers.map(({ vrf }) => vrf)])];

/** The state of a session, as the tables have it. */
export const stateOf = (peer: Peer) =>
  peer.state === 'Established' ? 'Established' : peer.shutdown ? 'Shutdown' : peer.state;

const ago = (device: Device, peer: Peer) => upDown((device.clock.now() - peer.since) / 1000);

/** `show bgp all summary vrf all | json`. */
export const summaryJson = (device: Device, table: BgpTable): object => {
  const peers = table.peers();
  const vrfs = vrfsOf(peers).map((vrf) => {
    const here = peers.filter((peer) => peer.vrf === vrf);
    const afs = families.flatMap(({ key, name, id, safi }) => {
      const shown = here.filter((peer) => peer.families.includes(key));
      if (shown.length === 0) return [];
      const neighbors = shown.map((peer) => ({
        neighborid: peer.address,
        neighborversion: '4',
        msgrecvd: String(peer.received),
        msgsent: String(peer.sent),
        neighbortableversion: '7',
        inq: '0',
        outq: '0',
        neighboras: peer.remoteAs,
        time: ago(device, peer),
        state: stateOf(peer),
        prefixreceived: String(peer.prefixes),
      }));
      const row = {
        safi,
        'af-name': name,
        tableversion: '7',
        configuredpeers: String(shown.length),
        capablepeers: String(shown.length),
        TABLE_neighbor: { ROW_neighbor: rows(neighbors) },
      };
      return [{ 'af-id': id, TABLE_saf: { ROW_saf: row } }];
    });
    return {
      'vrf-name-out': vrf,
      'vrf-router-id': here[0]?.routerId ?? '0.0.0.0',
      'vrf-local-as': here[0]?.localAs ?? peers[0]?.localAs ?? '0',
      ...(afs.length === 0 ? {} : { TABLE_af: { ROW_af: rows(afs) } }),
    };
  });
  return { TABLE_vrf: { ROW_vrf: rows(vrfs) } };
};

/** `show bgp all summary vrf all`. */
export const summaryText = (device: Device, table: BgpTable): string => {
  const peers = table.peers();
  return vrfsOf(peers)
    .flatMap((vrf) =>
      families.flatMap(({ key, name }) => {
        const shown = peers.filter((peer) => peer.vrf === vrf && peer.families.includes(key));
        const [first] = shown;
        if (!first) return [];
        return `BGP summary information for VRF ${vrf}, address family ${name}
BGP router identifier ${first.routerId}, local AS number ${first.localAs}
BGP table version is 7, ${name} config peers ${shown.length}, capable peers ${shown.length}
4 network entries and 4 paths using 576 bytes of memory
BGP attribute entries [2/288], BGP AS path entries [1/6]
BGP community entries [0/0], BGP clusterlist entries [0/0]

Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
${shown.map((peer) => `${row(device, peer)}\n`).join('')}`;
      }),
    )
    .join('\n');
};

const row = (device: Device, peer: Peer): string => {
  const state = peer.state === 'Established' ? String(peer.prefixes) : peer.shutdown ? 'Shut (Admin)' : peer.state;
  const rest = `4 ${peer.remoteAs.padStart(5)} ${String(peer.received).padStart(7)} ${String(peer.sent).padStart(7)} ${'7'.padStart(8)} ${'0'.padStart(4)} ${'0'.padStart(4)} ${ago(device, peer).padStart(8)} ${state}`;
  return peer.address.length > 15 ? `${peer.address}\n${' '.repeat(16)}${rest}` : `${peer.address.padEnd(15)} ${rest}`;
};

/** `show bgp sessions vrf all`, as text and as JSON. */
export const sessionsText = (device: Device, table: BgpTable): string => {
  const peers = table.peers();
  const up = peers.filter(({ state }) => state === 'Established').length;
  const letter = (peer: Peer) => (peer.state === 'Established' ? 'E' : peer.state === 'Active' ? 'A' : 'I');
  return `Total peers ${peers.length}, established peers ${up}
ASN ${peers[0]?.localAs ?? 0}
${vrfsOf(peers)
  .map((vrf) => {
    const here = peers.filter((peer) => peer.vrf === vrf);
    return `VRF ${vrf}, local ASN ${here[0]?.localAs ?? peers[0]?.localAs ?? 0}
peers ${here.length}, established peers ${here.filter(({ state }) => state === 'Established').length}, local router-id ${here[0]?.routerId ?? '0.0.0.0'}
State: I-Idle, A-Active, O-Open, E-Established, C-Closing, S-Shutdown

Neighbor        ASN    Flaps LastUpDn|LastRead|LastWrit St Port(L/R)  Notif(S/R)
${here.map((peer) => `${peer.address.padEnd(15)} ${peer.remoteAs.padStart(5)} ${String(peer.flaps).padEnd(5)} ${ago(device, peer).padEnd(8)}|00:00:03|00:00:05 ${peer.shutdown ? 'S' : letter(peer)}   179/31234        0/0\n`).join('')}`;
  })
  .join('\n')}`;
};

const neighborText = (device: Device, peer: Peer): string => {
  const up = peer.state === 'Established';
  const state = peer.shutdown && !up ? 'Shut (Admin)' : stateOf(peer);
  const count = (sent: number, received: number) =>
    `${String(sent).padStart(12)}       ${String(received).padStart(12)}`;
  const remoteId = up && !peer.address.includes(':') ? peer.address : '0.0.0.0';
  return `BGP neighbor is ${peer.address}, remote AS ${peer.remoteAs}, ${peer.remoteAs === peer.localAs ? 'ibgp' : 'ebgp'} link, Peer index 1
${peer.description === '' ? '' : `  Description: ${peer.description}\n`}  BGP version 4, remote router ID ${remoteId}
  Neighbor previous state = ${up ? 'OpenConfirm' : 'Idle'}
  BGP state = ${state}, ${up ? 'up' : 'down'} for ${ago(device, peer)}
  Neighbor vrf: ${peer.vrf}
  Last read 00:00:03, hold time = ${peer.hold}, keepalive interval is ${peer.keepalive} seconds
  Received ${peer.received} messages, 0 notifications, 0 bytes in queue
  Sent ${peer.sent} messages, ${peer.flaps} notifications, 0(0) bytes in queue
  Connections established ${peer.established}, dropped ${peer.flaps}
  Last reset by us ${peer.flaps === 0 ? 'never, due to No error' : `${ago(device, peer)}, due to ${peer.lastError}`}
  Last reset by peer never, due to No error

  4-Byte AS capability: advertised${up ? ' received' : ''}

  Message statistics:
                              Sent               Rcvd
  Opens:              ${count(peer.established, peer.established)}
  Notifications:      ${count(peer.flaps, 0)}
  Updates:            ${count(peer.advertised, peer.prefixes)}
  Keepalives:         ${count(peer.keepalives, peer.keepalives)}
  Total:              ${count(peer.sent, peer.received)}

${peer.families.map((key) => `  For address family: ${families.find((one) => one.key === key)?.name}\n  BGP table version 7, neighbor version 7\n  ${peer.prefixes} accepted prefixes (${peer.prefixes} paths), consuming 1440 bytes of memory\n  0 received prefixes treated as withdrawn\n  ${peer.advertised} sent prefixes (${peer.advertised} paths)\n\n`).join('')}${up ? `  Local host: ${peer.local}, Local port: 179\n  Foreign host: ${peer.address}, Foreign port: 31234\n` : '  No established BGP session with peer\n'}`;
};

/** `show bgp vrf all all neighbors`. */
export const neighborsText = (device: Device, table: BgpTable): string => {
  const peers = table.peers();
  return vrfsOf(peers)
    .flatMap((vrf) => peers.filter((peer) => peer.vrf === vrf).map((peer) => neighborText(device, peer)))
    .join('\n');
};
