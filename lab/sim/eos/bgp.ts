import type { PeerConfig } from '../bgp.ts';
import { child, children, type Node, value } from '../config/tree.ts';

const isPeer = (name: string) => /^[\d.]+$/.test(name) || name.includes(':');

/** A line of a neighbor, its own or that of its group. */
const setting = (router: Node, name: string, group: string | undefined, words: string): string | undefined => {
  for (const who of [name, group]) {
    if (who === undefined) continue;
    if (child(router, `neighbor ${who} ${words}`)) return '';
    const found = value(router, `neighbor ${who} ${words}`);
    if (found !== undefined) return found;
  }
  return undefined;
};

const familiesOf = (router: Node, name: string, group: string | undefined): PeerConfig['families'] => {
  const active = (family: string) => {
    const node = child(router, `address-family ${family}`);
    if (!node) return undefined;
    if (child(node, `no neighbor ${name} activate`)) return false;
    return setting(node, name, group, 'activate') !== undefined ? true : undefined;
  };
  const ipv4 = active('ipv4') ?? (!name.includes(':') && !child(router, 'no bgp default ipv4-unicast'));
  const families: PeerConfig['families'][number][] = ipv4 ? ['ipv4'] : [];
  if (active('ipv6')) families.push('ipv6');
  if (active('evpn')) families.push('evpn');
  if (active('vpn-ipv4')) families.push('vpnv4');
  return families;
};

const peersOf = (vrf: string, router: Node, top: Node, asn: string): PeerConfig[] => {
  const named = new Map<string, PeerConfig>();
  for (const [, [, name = '']] of children(router, /^neighbor (?:interface )?(\S+) /)) {
    if (!isPeer(name) || named.has(name)) continue;
    const group = setting(router, name, undefined, 'peer group') ?? setting(router, name, undefined, 'peer-group');
    const from = group !== undefined && setting(router, name, group, 'remote-as') === undefined ? top : router;
    const remoteAs = setting(from, name, group, 'remote-as');
    if (remoteAs === undefined) continue;
    const timers = (
      setting(from, name, group, 'timers') ??
      value(router, 'timers bgp') ??
      value(top, 'timers bgp') ??
      '60 180'
    ).split(' ');
    named.set(name, {
      vrf,
      address: name,
      remoteAs,
      localAs: setting(from, name, group, 'local-as')?.split(' ')[0] ?? value(router, 'local-as')?.split(' ')[0] ?? asn,
      routerId: value(router, 'router-id') ?? value(top, 'router-id') ?? '0.0.0.0',
      description: (setting(router, name, undefined, 'description') ?? '').replace(/^"|"$/g, ''),
      group: group ?? '',
      source: setting(from, name, group, 'update-source') ?? '',
      shutdown: setting(router, name, group, 'shutdown') !== undefined,
      families: familiesOf(from, name, group),
      keepalive: Number(timers[0]),
      hold: Number(timers[1]),
    });
  }
  return [...named.values()];
};

/** The BGP sessions that an EOS configuration asks for. */
export const eosPeers = (root: Node): PeerConfig[] =>
  children(root, /^router bgp (\S+)$/).flatMap(([router, [, asn = '']]) => {
    if (child(router, 'shutdown')) return [];
    const vrfs = children(router, /^vrf (\S+)$/);
    return [
      ...peersOf('default', router, router, asn),
      ...vrfs.flatMap(([node, [, name = '']]) =>
        peersOf(name, node, router, value(node, 'local-as')?.split(' ')[0] ?? asn),
      ),
    ];
  });
