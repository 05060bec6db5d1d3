import type { BgpTable, Peer } from '../../bgp.ts';
import { upDown } from '../../clock.ts';
import type { Device } from '../../device.ts';

type Family = 'ipv4' | 'ipv6' | 'evpn';

const inFamily = (peer: Peer, family: Family) => peer.families.includes(family);

const byVrf = (peers: readonly Peer[], vrf: string): Map<string, Peer[]> => {
  const groups = new Map<string, Peer[]>();
  for (const peer of peers)
    if (vrf === 'all' || peer.vrf === vrf) groups.set(peer.vrf, [...(groups.get(peer.vrf) ?? []), peer]);
  return groups;
};

/** `show ip bgp summary`, `show ipv6 bgp summary`, `show bgp evpn summary`. */
export const bgpSummary = (device: Device, table: BgpTable, family: Family, vrf: string) => {
  const now = device.clock.now();
  const vrfs: Record<string, object> = {};
  const text: string[] = [];
  for (const [name, peers] of byVrf(table.peers(), vrf)) {
    const shown = peers.filter((peer) => inFamily(peer, family));
    const [first] = peers;
    vrfs[name] = {
      vrf: name,
      routerId: first?.routerId ?? '0.0.0.0',
      asn: first?.localAs ?? '',
      peers: Object.fromEntries(shown.map((peer) => [peer.address, summaryPeer(peer)])),
    };
    text.push(
      `BGP summary information for VRF ${name}`,
      `Router identifier ${first?.routerId}, local AS number ${first?.localAs}`,
      'Neighbor Status Codes: m - Under maintenance',
      '  Description              Neighbor         V AS           MsgRcvd   MsgSent  InQ OutQ  Up/Down State   PfxRcd PfxAcc',
      ...shown.map((peer) => summaryLine(peer, now)),
    );
  }
  return { json: { vrfs }, text: text.length === 0 ? '' : `${text.join('\n')}\n` };
};

const summaryPeer = (peer: Peer) => ({
  ...(peer.description === '' ? {} : { description: peer.description }),
  version: 4,
  msgReceived: peer.received,
  msgSent: peer.sent,
  inMsgQueue: 0,
  outMsgQueue: 0,
  asn: peer.remoteAs,
  prefixAccepted: peer.prefixes,
  prefixReceived: peer.prefixes,
  upDownTime: peer.since / 1000,
  underMaintenance: false,
  peerState: peer.state,
  ...(peer.state === 'Idle' && peer.shutdown ? { peerStateIdleReason: 'Admin' } : {}),
});

const summaryLine = (peer: Peer, now: number): string => {
  const state = peer.state === 'Established' ? 'Estab ' : peer.shutdown ? 'Idle(Admin)' : peer.state;
  const counts = peer.state === 'Established' ? `${String(peer.prefixes).padEnd(6)} ${peer.prefixes}` : '';
  return `  ${peer.description.slice(0, 24).padEnd(24)} ${peer.address.padEnd(16)} 4 ${peer.remoteAs.padEnd(12)} ${String(peer.received).padStart(9)} ${String(peer.sent).padStart(9)}    0    0 ${upDown((now - peer.since) / 1000).padStart(8)} ${state}  ${counts}`.trimEnd();
};

const capabilities = (peer: Peer) => {
  const up = peer.state === 'Established';
  const capability = { advertised: true, received: up, enabled: up };
  const names = { ipv4: 'ipv4Unicast', ipv6: 'ipv6Unicast', evpn: 'l2VpnEvpn' } as const;
  return Object.fromEntries(
    Object.entries(names).flatMap(([family, name]) => (inFamily(peer, family as Family) ? [[name, capability]] : [])),
  );
};

const detail = (peer: Peer, now: number) => {
  const up = peer.state === 'Established';
  return {
    peerAddress: peer.address,
    asn: peer.remoteAs,
    localAsn: peer.localAs,
    localRouterId: peer.routerId,
    linkType: peer.remoteAs === peer.localAs ? 'internal' : 'external',
    routerId: up ? (peer.address.includes(':') ? '192.0.2.1' : peer.address) : '0.0.0.0',
    vrf: peer.vrf,
    version: 4,
    ...(peer.description === '' ? {} : { description: peer.description }),
    ...(peer.group === '' ? {} : { peerGroupName: peer.group }),
    holdTime: up ? peer.hold : 0,
    keepaliveTime: up ? peer.keepalive : 0,
    configHoldTime: peer.hold,
    configKeepaliveTime: peer.keepalive,
    state: peer.state,
    ...(peer.state === 'Idle'
      ? { idleReason: peer.shutdown ? 'Administratively shut down' : 'Peer connection failed' }
      : {}),
    ...(up ? { establishedTime: Math.floor((now - peer.since) / 1000) } : {}),
    establishedTransitions: peer.established,
    ...(peer.lastError === '' ? {} : { lastErrorSentCode: peer.lastError, lastErrorSentSubcode: 'Unspecified' }),
    ...(up ? { peerTcpInfo: { localIp: peer.local, localPort: 179, remoteIp: peer.address, remotePort: 31234 } } : {}),
    neighborCapabilities: { multiprotocolCaps: capabilities(peer) },
    outMessageStats: { opens: peer.established, notifications: peer.flaps, updates: 4, keepalives: peer.keepalives },
    inMessageStats: {
      opens: peer.established,
      notifications: 0,
      updates: peer.prefixes,
      keepalives: peer.keepalives,
    },
    sentMessages: peer.sent,
    receivedMessages: peer.received,
    prefixesReceived: inFamily(peer, 'ipv4') ? peer.prefixes : 0,
    prefixesSent: inFamily(peer, 'ipv4') ? peer.advertised : 0,
    v6PrefixesReceived: inFamily(peer, 'ipv6') ? peer.prefixes : 0,
    v6PrefixesSent: inFamily(peer, 'ipv6') ? peer.advertised : 0,
    ...(inFamily(peer, 'evpn') ? { evpnPrefixesReceived: peer.prefixes, evpnPrefixesSent: peer.advertised } : {}),
  };
};

const detailText = (peer: Peer, now: number): string => {
  const ago = upDown((now - peer.since) / 1000);
  const counts = (name: string, family: Family) =>
    `    ${`${name}:`.padEnd(14)}${String(inFamily(peer, family) ? peer.advertised : 0).padStart(11)}${String(inFamily(peer, family) ? peer.prefixes : 0).padStart(10)}`;
  return `BGP neighbor is ${peer.address}, remote AS ${peer.remoteAs}, ${peer.remoteAs === peer.localAs ? 'internal' : 'external'} link
${peer.description === '' ? '' : `  Description: ${peer.description}\n`}  BGP version 4, remote router ID ${peer.state === 'Established' ? peer.address : '0.0.0.0'}, VRF ${peer.vrf}
${peer.group === '' ? '' : `  Inherits configuration from and member of peer-group ${peer.group}\n`}  Hold time is ${peer.hold}, keepalive interval is ${peer.keepalive} seconds
  Configured hold time is ${peer.hold}, keepalive interval is ${peer.keepalive} seconds
  BGP state is ${peer.state}, ${peer.state === 'Established' ? `up for ${ago}` : peer.shutdown ? 'Administratively shut down' : `down for ${ago}`}
  Last state was ${peer.state === 'Established' ? 'OpenConfirm' : 'Idle'}
  Last event was ${peer.state === 'Established' ? 'RecvKeepAlive' : 'Start'}
  Number of transitions to established: ${peer.established}
  Message statistics:
    InQ depth is 0
    OutQ depth is 0
                         Sent      Rcvd
    Opens:        ${String(peer.established).padStart(11)}${String(peer.established).padStart(10)}
    Notifications:${String(peer.flaps).padStart(11)}${String(0).padStart(10)}
    Updates:      ${String(peer.advertised).padStart(11)}${String(peer.prefixes).padStart(10)}
    Keepalives:   ${String(peer.keepalives).padStart(11)}${String(peer.keepalives).padStart(10)}
    Total messages:${String(peer.sent).padStart(10)}${String(peer.received).padStart(10)}
  Prefix statistics:
                         Sent      Rcvd
${counts('IPv4 Unicast', 'ipv4')}
${counts('IPv6 Unicast', 'ipv6')}
Local AS is ${peer.localAs}, local router ID ${peer.routerId}
${peer.state === 'Established' ? `Local TCP address is ${peer.local}, local port is 179\nRemote TCP address is ${peer.address}, remote port is 31234\n` : ''}Auto-Local-Addr is disabled
`;
};

/** `show ip bgp neighbors`, `show ipv6 bgp peers`, `show bgp neighbors`. */
export const bgpNeighbors = (device: Device, table: BgpTable, family: 'ipv4' | 'ipv6' | 'any', vrf: string) => {
  const now = device.clock.now();
  const vrfs: Record<string, object> = {};
  const text: string[] = [];
  for (const [name, peers] of byVrf(table.peers(), vrf)) {
    const shown = peers.filter((peer) => family === 'any' || peer.address.includes(':') === (family === 'ipv6'));
    vrfs[name] = { peerList: shown.map((peer) => detail(peer, now)) };
    text.push(...shown.map((peer) => detailText(peer, now)));
  }
  return { json: { vrfs }, text: text.join('\n') };
};
