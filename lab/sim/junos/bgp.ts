import type { PeerConfig } from '../bgp.ts';
import { child, children, type Node, value } from '../config/tree.ts';

const peersOf = (vrf: string, at: Node | undefined, root: Node): PeerConfig[] => {
  const bgp = child(child(at, 'protocols'), 'bgp');
  const options = child(at, 'routing-options');
  const own = child(root, 'routing-options');
  const asn = value(options, 'autonomous-system') ?? value(own, 'autonomous-system') ?? '0';
  return children(bgp, /^group (\S+)$/).flatMap(([group, [, groupName = '']]) =>
    children(group, /^neighbor (\S+)$/).map(([neighbor, [, address = '']]) => {
      const of = (words: string) => value(neighbor, words) ?? value(group, words) ?? value(bgp, words);
      const families = [
        ...children(neighbor, /^family (\S+)$/),
        ...children(group, /^family (\S+)$/),
        ...children(bgp, /^family (\S+)$/),
      ].map(([, match]) => match[1]);
      const internal = of('type') === 'internal';
      const hold = Number(of('hold-time') ?? 90);
      return {
        vrf,
        address,
        remoteAs: of('peer-as') ?? (internal ? asn : '0'),
        localAs: of('local-as')?.split(' ')[0] ?? asn.split(' ')[0] ?? '0',
        routerId: value(options, 'router-id') ?? value(own, 'router-id') ?? '0.0.0.0',
        description: (of('description') ?? '').replace(/^"|"$/g, ''),
        group: groupName,
        source: of('local-address') ?? '',
        shutdown: child(neighbor, 'shutdown') !== undefined,
        families:
          families.length === 0
            ? [address.includes(':') ? 'ipv6' : 'ipv4']
            : families.flatMap((name): PeerConfig['families'][number][] =>
                name === 'inet' ? ['ipv4'] : name === 'inet6' ? ['ipv6'] : name === 'evpn' ? ['evpn'] : [],
              ),
        keepalive: hold / 3,
        hold,
      };
    }),
  );
};

/** The BGP sessions that a Junos configuration asks for. */
export const junosPeers = (root: Node): PeerConfig[] => [
  ...peersOf('master', root, root),
  ...(child(root, 'routing-instances')?.children ?? []).flatMap((instance) => peersOf(instance.text, instance, root)),
];
