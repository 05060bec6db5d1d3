import { type Interface, inSubnet, neighborAddress } from './config/interfaces.ts';
import { child, children, type Node } from './config/tree.ts';

/** A protocol by which a device knows who is beside it. */
export type Beside = 'lldp' | 'ospf' | 'isis';

/** The names of the interfaces that speak each protocol; undefined: it does not run. */
export type Speakers = Record<Beside, (running: Node) => readonly string[] | undefined>;

/** Who is beside an interface. */
export type Neighbor = { interface: Interface; system: string; port: string; address: string };

/** The other end, where a description names it: `to spine1`, `P2P_spine1_Ethernet3`. */
const named = (description: string): string | undefined =>
  /(?:^|\s)to ([\w.-]+)/.exec(description)?.[1] ?? /^P2P_([^_]+)_/i.exec(description)?.[1];

const portOf = ({ name }: Interface): string => name.toLowerCase().replace(/\.\d+$/, '');
const nameless = (one: Interface): string =>
  `peer-${portOf(one)
    .replace(/^([a-z]{2})[a-z-]*/, '$1')
    .replaceAll('/', '-')}`;

/** Who is at the other end of a port's cable. */
export type Cables = ReadonlyMap<string, string>;

/** The cables of a device: at ports whose description names the other end, or with an address of a point-to-point subnet. */
export const cablesOf = (interfaces: readonly Interface[]): Cables =>
  new Map(
    interfaces.flatMap((one): [string, string][] => {
      const twoEnds = [...one.ipv4, ...one.ipv6].some((address) => /\/(?:30|31|126|127)$/.test(address));
      const system = named(one.description) ?? (twoEnds ? nameless(one) : undefined);
      return system === undefined ? [] : [[portOf(one), system]];
    }),
  );

/** Who is there when everything works. LLDP hears those at a cable; a routing protocol always finds one. */
export const neighborsOf = (
  interfaces: readonly Interface[],
  speaking: readonly string[],
  by: Beside,
  cables: Cables,
): Neighbor[] => {
  const speaks = new Set(speaking.map((name) => name.toLowerCase()));
  return interfaces.flatMap((one) => {
    const system = cables.get(portOf(one)) ?? (by === 'lldp' ? undefined : nameless(one));
    if (!one.up || !speaks.has(one.name.toLowerCase()) || system === undefined) return [];
    return [
      { interface: one, system, port: 'Ethernet1/1', address: neighborAddress(one.ipv4[0] ?? '') ?? '192.0.2.200' },
    ];
  });
};

/** The interfaces whose part has a line that matches, and none that silences it. Loopbacks have nobody beside them. */
export const interfacesWith = (root: Node, line: RegExp, silenced = /(?!)/): string[] =>
  children(root, /^interface (\S+)/)
    .filter(([node, [, name = '']]) => !/^lo/i.test(name) && child(node, line) && !child(node, silenced))
    .map(([, [, name = '']]) => name);

/** Ports, which may speak LLDP; not what is stacked on them. */
export const portsOf = (root: Node): string[] =>
  children(root, /^interface ((?:\w*Eth\w*|\w*Gig\w*|Management|mgmt)[\d/]+)(?= |$)/i).map(([, [, name = '']]) => name);

/** Interfaces in the networks of a `router ospf`, but for its passive ones. */
export const inNetworks = (root: Node, interfaces: readonly Interface[]): string[] =>
  children(root, /^router ospf \d+/).flatMap(([router]) => {
    const networks = children(router, /^network (\S+?)(?:\/(\d+)| ([\d.]+)) area/).map(
      ([, [, network, length, wildcard]]) => {
        const bits = wildcard?.split('.').reduce((sum, byte) => sum + Math.log2(Number(byte) + 1), 0) ?? 0;
        return `${network}/${length ?? 32 - bits}`;
      },
    );
    const hello = ({ name }: Interface) =>
      child(router, 'passive-interface default')
        ? child(router, `no passive-interface ${name}`)
        : !child(router, `passive-interface ${name}`);
    return interfaces
      .filter((one) => hello(one) && !/^lo/i.test(one.name))
      .filter(({ ipv4 }) => networks.some((network) => ipv4.some((own) => inSubnet(network, own.split('/')[0] ?? ''))))
      .map(({ name }) => name);
  });

/** What stands in brackets or parts of a protocol: `interface X`, without `passive`. */
export const interfacesUnder = (node: Node | undefined, deep = /^area /): string[] => [
  ...children(node, /^interface (\S+)/)
    .filter(([one, [, name = '']]) => !/^lo/i.test(name) && !child(one, /^passive/) && !child(one, 'disable'))
    .map(([, [, name = '']]) => name),
  ...children(node, deep).flatMap(([area]) => interfacesUnder(area, deep)),
];

/** Seconds of a dead or hold time that are left: hellos come at a third of it. */
export const secondsLeft = (now: number, hold: number): number => hold - (Math.floor(now / 1000) % Math.ceil(hold / 3));
