import type { PeerConfig } from '../bgp.ts';
import { familyOf, neighborOf } from '../cisco/cisco-bgp.ts';
import { child, children, type Node, value } from '../config/tree.ts';

const families = (neighbor: Node, template: Node | undefined): PeerConfig['families'] => {
  const all = [
    ...children(neighbor, /^address-family (\S+) \S+$/),
    ...children(template, /^address-family (\S+) \S+$/),
  ];
  return [...new Set(all.map(([, match]) => familyOf(match[1] ?? '')))];
};

const peersOf = (vrf: string, at: Node, router: Node, asn: string): PeerConfig[] =>
  children(at, /^neighbor (\S+)(?: remote-as (\S+))?$/).flatMap(([neighbor, [, name = '', short]]) => {
    if (name.includes('/')) return [];
    const group = value(neighbor, 'inherit peer');
    const template = group === undefined ? undefined : child(router, `template peer ${group}`);
    const of = (words: string) => value(neighbor, words) ?? value(template, words);
    const remoteAs = short ?? of('remote-as');
    if (remoteAs === undefined) return [];
    return [
      {
        ...neighborOf(of, { vrf, address: name, asn: value(at, 'local-as')?.split(' ')[0] ?? asn, router, group }),
        remoteAs,
        routerId: value(at, 'router-id') ?? value(router, 'router-id') ?? '0.0.0.0',
        shutdown: child(neighbor, 'shutdown') !== undefined,
        families: families(neighbor, template),
      },
    ];
  });

/** The BGP sessions that an NX-OS configuration asks for. */
export const nxosPeers = (root: Node): PeerConfig[] =>
  children(root, /^router bgp (\S+)$/).flatMap(([router, [, asn = '']]) => [
    ...peersOf('default', router, router, asn),
    ...children(router, /^vrf (\S+)$/).flatMap(([node, [, name = '']]) => peersOf(name, node, router, asn)),
  ]);
