import type { PeerConfig } from '../bgp.ts';
import { child, children, type Node, value } from '../tree.ts';

const families = (neighbor: Node, template: Node | undefined): PeerConfig['families'] => {
  const all = [
    ...children(neighbor, /^address-family (\S+) \S+$/),
    ...children(template, /^address-family (\S+) \S+$/),
  ];
  const names = all.map(([, match]) =>
    match[1] === 'l2vpn' ? 'evpn' : match[1] === 'ipv6' ? 'ipv6' : match[1] === 'vpnv4' ? 'vpnv4' : 'ipv4',
  );
  return [...new Set(names)] as PeerConfig['families'];
};

const peersOf = (vrf: string, at: Node, router: Node, asn: string): PeerConfig[] =>
  children(at, /^neighbor (\S+)(?: remote-as (\S+))?$/).flatMap(([neighbor, [, name = '', short]]) => {
    if (name.includes('/')) return [];
    const group = value(neighbor, 'inherit peer');
    const template = group === undefined ? undefined : child(router, `template peer ${group}`);
    const of = (words: string) => value(neighbor, words) ?? value(template, words);
    const remoteAs = short ?? of('remote-as');
    if (remoteAs === undefined) return [];
    const [keepalive = '60', hold = '180'] = (of('timers') ?? value(router, 'timers bgp') ?? '60 180').split(' ');
    return [
      {
        vrf,
        address: name,
        remoteAs,
        localAs: of('local-as')?.split(' ')[0] ?? value(at, 'local-as')?.split(' ')[0] ?? asn,
        routerId: value(at, 'router-id') ?? value(router, 'router-id') ?? '0.0.0.0',
        description: of('description') ?? '',
        group: group ?? '',
        shutdown: child(neighbor, 'shutdown') !== undefined,
        families: families(neighbor, template),
        keepalive: Number(keepalive),
        hold: Number(hold),
      },
    ];
  });

/** The BGP sessions that an NX-OS configuration asks for. */
export const nxosPeers = (root: Node): PeerConfig[] =>
  children(root, /^router bgp (\S+)$/).flatMap(([router, [, asn = '']]) => [
    ...peersOf('default', router, router, asn),
    ...children(router, /^vrf (\S+)$/).flatMap(([node, [, name = '']]) => peersOf(name, node, router, asn)),
  ]);
