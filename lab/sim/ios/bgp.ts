import type { PeerConfig } from '../bgp.ts';
import { familyOf, neighborOf } from '../cisco/cisco-bgp.ts';
import { child, children, type Node, value } from '../config/tree.ts';

const setting = (router: Node, name: string, words: string): string | undefined => {
  if (child(router, `neighbor ${name} ${words}`)) return '';
  return value(router, `neighbor ${name} ${words}`);
};

const peersOf = (
  vrf: string,
  at: Node,
  router: Node,
  asn: string,
  known: (name: string) => PeerConfig['families'],
): PeerConfig[] => {
  const names = new Set(children(at, /^neighbor (\S+) /).map(([, [, name = '']]) => name));
  return [...names].flatMap((name) => {
    if (!/^[\d.]+$/.test(name) && !name.includes(':')) return [];
    const group = setting(at, name, 'peer-group') ?? setting(at, name, 'inherit peer-session');
    const of = (words: string) =>
      setting(at, name, words) ?? (group === undefined ? undefined : setting(router, group, words));
    const remoteAs = of('remote-as');
    if (remoteAs === undefined) return [];
    return [
      {
        ...neighborOf(of, { vrf, address: name, asn, router, group }),
        remoteAs,
        routerId: value(at, 'bgp router-id') ?? value(router, 'bgp router-id') ?? '0.0.0.0',
        shutdown: of('shutdown') !== undefined,
        families: known(name),
      },
    ];
  });
};

/** The BGP sessions that an IOS configuration asks for. */
export const iosPeers = (root: Node): PeerConfig[] =>
  children(root, /^router bgp (\S+)$/).flatMap(([router, [, asn = '']]) => {
    const families = children(router, /^address-family (\S+(?: \S+)*?)(?: vrf (\S+))?$/);
    const active = (name: string): PeerConfig['families'] => {
      const listed = families
        .filter(([node, match]) => match[2] === undefined && child(node, `neighbor ${name} activate`))
        .map(([, match]) => familyOf(match[1] ?? ''));
      const plain =
        !name.includes(':') &&
        !child(router, 'no bgp default ipv4-unicast') &&
        !listed.includes('ipv4') &&
        !families.some(
          ([node, match]) =>
            match[1]?.startsWith('ipv4') && match[2] === undefined && child(node, `no neighbor ${name} activate`),
        );
      return plain && families.every(([, match]) => match[2] !== undefined || !match[1]?.startsWith('ipv4'))
        ? ['ipv4', ...listed]
        : listed;
    };
    return [
      ...peersOf('default', router, router, asn, active),
      ...families.flatMap(([node, match]) =>
        match[2] === undefined ? [] : peersOf(match[2], node, router, asn, () => [familyOf(match[1] ?? '')]),
      ),
    ];
  });
