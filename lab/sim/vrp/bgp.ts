import type { BgpTable, Peer, PeerConfig } from '../bgp.ts';
import { hms } from '../clock.ts';
import { children, type Node, value } from '../config/tree.ts';

type Family = PeerConfig['families'][number];

const familyOf = (view: string): Family | undefined =>
  (({ 'ipv4-family': 'ipv4', 'ipv6-family': 'ipv6', 'l2vpn-family': 'evpn' })[view.split(' ')[0] ?? ''] as
    | Family
    | undefined) ?? (/^address-family (\S+)/.exec(view)?.[1]?.replace('l2vpn', 'evpn') as Family | undefined);

const peersIn = (
  vrf: string,
  at: Node,
  asn: string,
  routerId: string,
  families: readonly [Node, Family][],
): PeerConfig[] =>
  children(at, /^peer (\S+) as-number (\S+)$/).map(([, [, address = '', remoteAs = '']]) => {
    const of = (words: string) => value(at, `peer ${address} ${words}`);
    const on = families.filter(([node]) => node.children.some(({ text }) => text === `peer ${address} enable`));
    const [, keepalive = '60', hold = '180'] = /keepalive (\d+) hold (\d+)/.exec(of('timer') ?? '') ?? [];
    return {
      vrf,
      address,
      remoteAs,
      localAs: asn,
      routerId,
      description: of('description') ?? '',
      group: '',
      source: of('connect-interface') ?? '',
      shutdown: at.children.some(({ text }) => text === `peer ${address} ignore`),
      families: on.length > 0 ? on.map(([, family]) => family) : [address.includes(':') ? 'ipv6' : 'ipv4'],
      keepalive: Number(keepalive),
      hold: Number(hold),
    };
  });

/** The BGP sessions that a VRP or Comware configuration asks for. */
export const vrpPeers = (root: Node): PeerConfig[] =>
  children(root, /^bgp (\S+)$/).flatMap(([bgp, [, asn = '']]) => {
    const routerId = value(bgp, 'router-id') ?? '0.0.0.0';
    const families = children(bgp, /^(?:ipv[46]-family|l2vpn-family|address-family) (?!vpn-instance)/).flatMap(
      ([node]) => {
        const family = familyOf(node.text);
        return family ? [[node, family] as [Node, Family]] : [];
      },
    );
    const instances = children(bgp, /^(?:ip vpn-instance|ipv4-family vpn-instance) (\S+)$/).flatMap(
      ([node, [, name = '']]) => peersIn(name, node, asn, value(node, 'router-id') ?? routerId, []),
    );
    return [...peersIn('default', bgp, asn, routerId, families), ...instances];
  });

const upDown = (peer: Peer, now: number): string => {
  const seconds = (now - peer.since) / 1000;
  return seconds < 86_400
    ? hms(seconds)
    : `${String(Math.floor(seconds / 3600)).padStart(4, '0')}h${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}m`;
};

const state = (peer: Peer): string => (peer.shutdown ? 'Idle(Admin)' : peer.state);

/** The sessions of a family, within one VRF or in all but the default one. */
export const peersOf = (table: BgpTable, family: string, vrf: string | undefined): Peer[] =>
  table.peers().filter((peer) => (vrf === undefined || peer.vrf === vrf) && peer.families.includes(family as Family));

const head = (peers: readonly Peer[], colon: string): string => {
  const [first] = peers;
  const up = peers.filter((peer) => peer.state === 'Established').length;
  return ` BGP local router ID${colon} ${first?.routerId}\n Local AS number${colon} ${first?.localAs}\n Total number of peers${colon} ${peers.length}                 Peers in established state${colon} ${up}\n\n`;
};

/** Huawei's table. */
export const huaweiTable = (peers: readonly Peer[], now: number): string => {
  if (peers.length === 0) return '';
  const rows = peers.map(
    (peer) =>
      `  ${peer.address.padEnd(15)} 4  ${peer.remoteAs.padStart(10)} ${String(peer.received).padStart(8)} ${String(peer.sent).padStart(8)}     0  ${upDown(peer, now)} ${state(peer).padStart(11)} ${String(peer.prefixes).padStart(8)}\n`,
  );
  return `${head(peers, ' :')}  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv\n${rows.join('')}`;
};

/** Comware's table. */
export const comwareTable = (peers: readonly Peer[], now: number): string => {
  if (peers.length === 0) return '';
  const rows = peers.map(
    (peer) =>
      `  ${peer.address.padEnd(16)} ${peer.remoteAs.padStart(10)} ${String(peer.received).padStart(8)} ${String(peer.sent).padStart(8)}    0 ${String(peer.prefixes).padStart(7)} ${upDown(peer, now)} ${state(peer)}\n`,
  );
  return `\n${head(peers, ':')}  * - Dynamically created peer\n  Peer                    AS  MsgRcvd  MsgSent OutQ PrefRcv Up/Down  State\n\n${rows.join('')}`;
};

const session = (peer: Peer, now: number): string => {
  const time = Math.floor((now - peer.since) / 1000);
  const part = (size: number, of: number) => String(Math.floor(time / size) % of).padStart(2, '0');
  const up = peer.state === 'Established' ? `, Up for ${part(3600, 1e6)}h${part(60, 60)}m${part(1, 60)}s` : '';
  const described = peer.description === '' ? '' : ` Peer's description: "${peer.description}"\n`;
  return `${described} BGP version 4, Remote router ID ${up === '' ? '0.0.0.0' : peer.address.includes(':') ? '9.9.9.9' : peer.address}\n BGP current state: ${state(peer)}${up}\n BGP current event: KATimerExpired\n BGP last state: OpenConfirm\n`;
};

const timers = (peer: Peer): string => {
  const both = `Active Hold Time: ${peer.hold} sec   Keepalive Time:${peer.keepalive} sec\n`;
  return ` Configured: ${both} Received  : Active Hold Time: ${peer.hold} sec\n Negotiated: ${both}`;
};

/** Huawei's `verbose`. */
export const huaweiVerbose = (peers: readonly Peer[], now: number): string =>
  peers
    .map((peer) => {
      const counts = (way: string, total: number, keepalives: number) =>
        ` ${way}:\n                  Total  messages                ${total}\n                  Update messages                ${peer.prefixes}\n                  Open messages                  1\n                  KeepAlive messages             ${keepalives}\n                  Notification messages          0\n                  Refresh messages               0\n`;
      return ` BGP Peer is ${peer.address},  remote AS ${peer.remoteAs}\n Type: ${peer.remoteAs === peer.localAs ? 'IBGP' : 'EBGP'} link\n${session(peer, now)} BGP Peer Up count: ${peer.established}\n Received total routes: ${peer.prefixes}\n Received active routes total: ${peer.prefixes}\n Advertised total routes: ${peer.advertised}\n Port: Local - 179        Remote - 58368\n${timers(peer)} Peer optional capabilities:\n  Peer supports bgp 4-byte-as capability\n${counts('Received', peer.received, peer.keepalives)}${counts('Sent    ', peer.sent, peer.keepalives)} Authentication type configured: None\n Minimum route advertisement interval is 30 seconds\n Routing policy configured:\n No routing policy is configured\n\n`;
    })
    .join('');

/** Comware's `verbose`, which counts messages in a table of two lines a kind. */
export const comwareVerbose = (peers: readonly Peer[], now: number): string =>
  peers
    .map((peer) => {
      const kind = (name: string, received: number, sent: number) =>
        ` ${name.padEnd(12)} 19:46:59-2025.10.21  ${String(received).padEnd(24)} ${received}\n              19:46:59-2025.10.21  ${String(sent).padEnd(24)} ${sent}\n`;
      return `\n         Peer: ${peer.address}\t Local: ${peer.routerId}\n         Type: ${peer.remoteAs === peer.localAs ? 'IBGP' : 'EBGP'} link\n${session(peer, now).replace('Remote router', 'remote router')} Port:  Local - 179\tRemote - 23424\n${timers(peer)} Peer optional capabilities:\n Peer supports BGP route AS4 capability\n\n Message statistics:\n Msg type     Last rcvd time/      Current rcvd count/      History rcvd count/\n              Last sent time       Current sent count       History sent count\n${kind('Open', 1, 1)}${kind('Update', peer.prefixes, peer.advertised)}${kind('Notification', 0, 0)}${kind('Keepalive', peer.keepalives, peer.keepalives)}${kind('Total', peer.received, peer.sent)}\n Maximum allowed prefix number: 4294967295\n Routing policy configured:\n No routing policy is configured\n`;
    })
    .join('');
