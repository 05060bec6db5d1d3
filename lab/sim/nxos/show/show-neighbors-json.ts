import type { BgpTable, Peer } from '../../bgp.ts';
import type { Device } from '../../device.ts';
import { families, rows, stateOf, vrfsOf } from './show-bgp.ts';

const duration = (seconds: number): string =>
  `PT${Math.floor(seconds / 3600)}H${Math.floor(seconds / 60) % 60}M${seconds % 60}S`;

const neighborJson = (device: Device, peer: Peer) => {
  const up = peer.state === 'Established';
  const ago = duration(Math.max(0, Math.floor((device.clock.now() - peer.since) / 1000)));
  const v6 = peer.address.includes(':');
  const perFamily = peer.families.map((key) => {
    const family = families.find((one) => one.key === key);
    const counts = {
      pfxrecvd: String(peer.prefixes),
      pathsrecvd: String(peer.prefixes),
      pfxsent: String(peer.advertised),
      pathssent: String(peer.advertised),
    };
    const saf = { 'per-safi': String(family?.safi ?? 1), 'per-af-name': family?.name ?? '', ...counts };
    return { 'per-afi': String(family?.id ?? 1), TABLE_persaf: { ROW_persaf: saf } };
  });
  return {
    neighbor: peer.address,
    remoteas: peer.remoteAs,
    link: peer.remoteAs === peer.localAs ? 'ibgp' : 'ebgp',
    index: '3',
    ...(peer.group === '' ? {} : { 'inherit-template': peer.group }),
    ...(peer.description === '' ? {} : { description: peer.description }),
    version: '4',
    'remote-id': up && !v6 ? peer.address : '0.0.0.0',
    state: stateOf(peer),
    up: String(up),
    elapsedtime: ago,
    'localas-inactive': 'false',
    'remove-privateas': 'false',
    ...(up
      ? { holdtime: String(peer.hold), keepalivetime: String(peer.keepalive) }
      : { configholdtime: String(peer.hold), configkeepalivetime: String(peer.keepalive) }),
    msgrecvd: String(peer.received),
    notificationsrcvd: '0',
    msgsent: String(peer.sent),
    notificationssent: String(peer.flaps),
    connsestablished: String(peer.established),
    connsdropped: String(peer.flaps),
    ...(peer.flaps === 0 ? {} : { resettime: ago }),
    resetreason: peer.flaps === 0 ? 'No error' : peer.lastError,
    peerresetreason: 'No error',
    capas4advertised: 'true',
    capas4recvd: String(up),
    openssent: String(peer.established),
    opensrecvd: String(peer.established),
    updatessent: String(peer.advertised),
    updatesrecvd: String(peer.prefixes),
    keepalivesent: String(peer.keepalives),
    keepaliverecvd: String(peer.keepalives),
    TABLE_peraf: { ROW_peraf: rows(perFamily) },
    ...(up
      ? {
          [v6 ? 'ipv6localaddr' : 'localaddr']: peer.local,
          localport: '179',
          [v6 ? 'ipv6remoteaddr' : 'remoteaddr']: peer.address,
          remoteport: '31234',
        }
      : {}),
  };
};

/** `show bgp vrf all all neighbors | json`. Its rows name no VRF. Source: Nexus 9000 Series NX-OS Command Reference (Show). */
export const neighborsJson = (device: Device, table: BgpTable): object => {
  const peers = table.peers();
  const all = vrfsOf(peers).flatMap((vrf) => peers.filter((peer) => peer.vrf === vrf));
  return { TABLE_neighbor: { ROW_neighbor: rows(all.map((peer) => neighborJson(device, peer))) } };
};
