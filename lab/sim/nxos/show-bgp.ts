import type { BgpTable, Peer } from '../bgp.ts';
import { upDown } from '../clock.ts';
import type { Device } from '../device.ts';

const families = [
  { key: 'ipv4', name: 'IPv4 Unicast', id: 1, safi: 1 },
  { key: 'ipv6', name: 'IPv6 Unicast', id: 2, safi: 1 },
  { key: 'vpnv4', name: 'VPNv4 Unicast', id: 1, safi: 128 },
  { key: 'evpn', name: 'L2VPN EVPN', id: 25, safi: 70 },
] as const;

/** One row for a single one, as NX-OS does. */
const rows = <Row>(all: Row[]): Row | Row[] => (all.length === 1 && all[0] !== undefined ? all[0] : all);

const vrfsOf = (peers: readonly Peer[]) => [...new Set(['default', ...peers.map(({ vrf }) => vrf)])];

const stateOf = (peer: Peer) =>
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

const neighborJson = (device: Device, peer: Peer) => {
  const up = peer.state === 'Established';
  const seconds = Math.floor((device.clock.now() - peer.since) / 1000);
  return {
    neighbor: peer.address,
    remoteas: peer.remoteAs,
    localas: peer.localAs,
    link: peer.remoteAs === peer.localAs ? 'ibgp' : 'ebgp',
    index: '1',
    version: '4',
    remoteid: up && !peer.address.includes(':') ? peer.address : '0.0.0.0',
    state: stateOf(peer),
    up: String(up),
    elapsedtime: ago(device, peer),
    elapsedseconds: seconds,
    ...(peer.description === '' ? {} : { descr: peer.description }),
    holdtime: String(peer.hold),
    keepalivetime: String(peer.keepalive),
    peersestablished: String(peer.established),
    connsestablished: String(peer.established),
    connsdropped: String(peer.flaps),
    resetreason: peer.lastError === '' ? 'never' : peer.lastError,
    msgsent: String(peer.sent),
    msgrecvd: String(peer.received),
    keepalivesent: String(peer.keepalives),
    keepaliverecvd: String(peer.keepalives),
    openssent: String(peer.established),
    opensrecvd: String(peer.established),
    TABLE_af: {
      ROW_af: rows(
        peer.families.map((key) => ({
          'af-afi': families.find((one) => one.key === key)?.id ?? 1,
          TABLE_saf: {
            ROW_saf: {
              'af-safi': families.find((one) => one.key === key)?.safi ?? 1,
              'af-name': families.find((one) => one.key === key)?.name ?? '',
              rcvdacceptedpaths: peer.prefixes,
              acceptedpaths: peer.prefixes,
              sentpaths: peer.advertised,
            },
          },
        })),
      ),
    },
  };
};

/** `show bgp vrf all all neighbors | json`. */
export const neighborsJson = (device: Device, table: BgpTable): object => {
  const peers = table.peers();
  return {
    TABLE_neighbor: { ROW_neighbor: rows(peers.map((peer) => ({ vrf: peer.vrf, ...neighborJson(device, peer) }))) },
  };
};

/** `show bgp vrf all all neighbors`. */
export const neighborsText = (device: Device, table: BgpTable): string =>
  table
    .peers()
    .map(
      (
        peer,
      ) => `BGP neighbor is ${peer.address}, remote AS ${peer.remoteAs}, ${peer.remoteAs === peer.localAs ? 'ibgp' : 'ebgp'} link, Peer index 1
${peer.description === '' ? '' : `  Description: ${peer.description}\n`}  BGP version 4, remote router ID ${peer.state === 'Established' && !peer.address.includes(':') ? peer.address : '0.0.0.0'}
  BGP state = ${stateOf(peer)}, ${peer.state === 'Established' ? 'up' : 'down'} for ${ago(device, peer)}
  Last read 00:00:03, hold time = ${peer.hold}, keepalive interval is ${peer.keepalive} seconds
  Received ${peer.received} messages, 0 notifications, 0 bytes in queue
  Sent ${peer.sent} messages, ${peer.flaps} notifications, 0(0) bytes in queue
  Connections established ${peer.established}, dropped ${peer.flaps}
  Last reset by us ${peer.flaps === 0 ? 'never' : `${ago(device, peer)}, due to ${peer.lastError}`}

  Message statistics:
                              Sent               Rcvd
  Opens:              ${String(peer.established).padStart(12)}       ${String(peer.established).padStart(12)}
  Notifications:      ${String(peer.flaps).padStart(12)}       ${'0'.padStart(12)}
  Keepalives:         ${String(peer.keepalives).padStart(12)}       ${String(peer.keepalives).padStart(12)}
  Total:              ${String(peer.sent).padStart(12)}       ${String(peer.received).padStart(12)}

${peer.families.map((key) => `  For address family: ${families.find((one) => one.key === key)?.name}\n  BGP table version 7, neighbor version 7\n  ${peer.prefixes} accepted paths consume 1440 bytes of memory\n  ${peer.prefixes} received prefixes treated as withdrawn\n  ${peer.advertised} sent paths\n`).join('')}`,
    )
    .join('\n');
