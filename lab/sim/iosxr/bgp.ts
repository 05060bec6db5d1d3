import type { PeerConfig } from '../bgp.ts';
import { familyOf, neighborOf } from '../cisco/cisco-bgp.ts';
import { child, children, type Node, value } from '../config/tree.ts';

const peersOf = (vrf: string, at: Node, router: Node, asn: string): PeerConfig[] =>
  children(at, /^neighbor (\S+)$/).flatMap(([neighbor, [, name = '']]) => {
    const group = value(neighbor, 'use neighbor-group');
    const shared = group === undefined ? undefined : child(router, `neighbor-group ${group}`);
    const of = (words: string) => value(neighbor, words) ?? value(shared, words);
    const remoteAs = of('remote-as');
    if (remoteAs === undefined) return [];
    const families = [...children(neighbor, /^address-family (\S+)/), ...children(shared, /^address-family (\S+)/)];
    return [
      {
        ...neighborOf(of, { vrf, address: name, asn, router, group }),
        remoteAs,
        routerId: value(at, 'bgp router-id') ?? value(router, 'bgp router-id') ?? '0.0.0.0',
        shutdown:
          child(neighbor, 'shutdown') !== undefined ||
          (shared !== undefined && child(shared, 'shutdown') !== undefined),
        families: [...new Set(families.map(([, match]) => familyOf(match[1] ?? '')))],
      },
    ];
  });

/** The BGP sessions that an IOS-XR configuration asks for. */
export const iosxrPeers = (root: Node): PeerConfig[] =>
  children(root, /^router bgp (\S+)/).flatMap(([router, [, asn = '']]) => [
    ...peersOf('default', router, router, asn),
    ...children(router, /^vrf (\S+)$/).flatMap(([node, [, name = '']]) => peersOf(name, node, router, asn)),
  ]);
