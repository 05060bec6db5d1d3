import { BlockList, isIP } from 'node:net';
import type { Vital } from '../../shapes.ts';
import { sameInterface, statementsOf } from './statements.ts';

/** What a change of the configuration takes away by intent: losing that is no failure. */
export type TakenAway = {
  interface(name: string): boolean;
  /** A neighbour of a protocol that runs on interfaces. */
  adjacency(protocol: 'ospf' | 'isis', neighbour: Vital): boolean;
  /** A session whose address is on an interface that is taken away, or that is named after it. */
  session(address: string): boolean;
  /** A VRF or routing instance that is defined no more. */
  vrf(name: string): boolean;
  /** Whether some statement on this matter was removed or negated. */
  about(matter: RegExp): boolean;
  /**
   * How many statements no longer make prefixes of their own (networks, addresses, static routes): those that were removed,
   * and those about an address on an interface that is taken away.
   */
  origins: number;
};

/** An interface that is up because others are. */
const standsOnOthers = /^(?:vlan|vl|po|ae\d|bundle|be\d|bvi|bv\d|irb|bond|br-?\d|vxlan|nve|loopback-group)/i;

const address = String.raw`(?:\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:]*:[0-9a-fA-F:.]+)`;
const addresses = new RegExp(address, 'g');
const subnet = new RegExp(`(?:address|primary) (${address})(?:/(\\d+)| (\\d+\\.\\d+\\.\\d+\\.\\d+))`);
const network = new RegExp(`^router ospf.* network (${address})(?:/(\\d+)| (\\d+\\.\\d+\\.\\d+\\.\\d+))`);
const origin = new RegExp(
  `(?:^|\\s)(?:network|address|route|prefix|aggregate-address|redistribute|unicast) (?:.* )?(?:${address}|connected|static)`,
);

const definition = /^(?:(?:ip )?vrf (?:(?:context|definition|instance) )?|routing-instances )(\S+)/;

const bits = (mask: string): number => {
  const ones = mask.split('.').flatMap((byte) => [...Number(byte).toString(2).padStart(8, '0')]);
  return ones[0] === '1' ? ones.filter((bit) => bit === '1').length : ones.filter((bit) => bit === '0').length;
};

const familyOf = (ip: string) => (isIP(ip) === 6 ? 'ipv6' : 'ipv4');

/** Adds the subnet that a pattern found. */
const add = (list: BlockList, found: RegExpExecArray | null): void => {
  const [, base = '', length, mask = ''] = found ?? [];
  if (isIP(base) === 0) return;
  const most = isIP(base) === 6 ? 128 : 32;
  list.addSubnet(base, Math.min(most, length === undefined ? bits(mask) : Number(length)), familyOf(base));
};

const isIn = (list: BlockList, ip: string): boolean => isIP(ip) !== 0 && list.check(ip, familyOf(ip));

const holds = (found: RegExpExecArray | null, inside: string): boolean => {
  const list = new BlockList();
  add(list, found);
  return isIn(list, inside);
};

/** One side of the change: what a configuration says of interfaces. */
class Side {
  readonly all: readonly string[];
  readonly #own: Map<string, string[]> = new Map();

  constructor(config: string) {
    this.all = statementsOf(config);
    for (const statement of this.all) {
      const [, name = '', unit, rest = ''] = /^interfaces? (\S+)(?: unit (\d+))?(.*)$/.exec(statement) ?? [];
      if (name === '') continue;
      this.#add(name, unit === undefined ? rest : `unit ${unit}${rest}`);
      if (unit !== undefined) this.#add(`${name}.${unit}`, rest);
    }
  }

  #add(name: string, rest: string): void {
    this.#own.set(name, [...(this.#own.get(name) ?? []), rest.trim()]);
  }

  get interfaces(): string[] {
    return [...this.#own.keys()];
  }

  /** What stands in an interface's own section; undefined where there is none. */
  of(name: string): readonly string[] | undefined {
    return this.#own.get(name) ?? [...this.#own].find(([own]) => sameInterface(own, name))?.[1];
  }

  isShut(name: string): boolean {
    return this.of(name)?.some((text) => text === 'shutdown' || text === 'disable') ?? false;
  }

  isOpened(name: string): boolean {
    return this.of(name)?.includes('no shutdown') ?? false;
  }

  defines(vrf: string): boolean {
    return this.all.some((text) => definition.exec(text)?.[1] === vrf);
  }

  /** Whether a protocol finds neighbours there: by the interface's section, the protocol's, or a network statement. */
  runs(protocol: 'ospf' | 'isis', { interface: name = '', address: neighbour = '' }: Vital): boolean {
    const section = new RegExp(`^(?:router|protocols?) ${protocol}`);
    const inside = this.all.filter((statement) => section.test(statement));
    const nested = inside.flatMap((statement) => {
      const [, own = '', rest = ''] = / interface (\S+)(.*)$/.exec(statement) ?? [];
      return own !== '' && sameInterface(own, name) ? [rest.trim()] : [];
    });
    const own = this.of(name) ?? [];
    const passive = (text: string) => /^(?:passive|disable)\b|\b(?:ospf|isis) passive/.test(text);
    if ([...nested, ...own.filter((text) => /\b(?:ospf|isis)/.test(text))].some(passive)) return false;
    const quiet = inside.some((text) => / passive-interface default$/.test(text))
      ? !inside.some((text) => names(text, / no passive-interface (\S+)$/, name))
      : inside.some((text) => names(text, / passive-interface (\S+)$/, name));
    if (quiet) return false;
    const enables =
      protocol === 'ospf' ? /\bospf\S{0,64}\b.{0,200}\barea\b|\brouter ospf/ : /\brouter isis|\bisis enable/;
    return (
      nested.length > 0 ||
      own.some((text) => enables.test(text)) ||
      (protocol === 'ospf' && inside.some((text) => holds(network.exec(text), neighbour)))
    );
  }
}

const names = (text: string, pattern: RegExp, name: string): boolean => {
  const found = pattern.exec(text)?.[1];
  return found !== undefined && sameInterface(found, name);
};

/** The interface that a subinterface belongs to. */
const parentOf = (name: string): string | undefined => /^(.+)\.\d+$/.exec(name)?.[1];

/**
 * Compares two configurations of a device.
 *
 * @param before what ran before the change
 * @param after what runs since, as the device prints it
 */
export const takenAway = (before: string, after: string): TakenAway => {
  const [old, now] = [new Side(before), new Side(after)];
  const kept = new Set(now.all);
  const removed = old.all.filter((statement) => !kept.has(statement));
  const known = new Set(old.all);
  const negated = now.all.filter((text) => !known.has(text) && /(?:^| )(?:no|undo|disable|shutdown)(?: |$)/.test(text));
  const byItself = (name: string): boolean => {
    const parent = parentOf(name);
    return (
      (old.of(name) !== undefined && now.of(name) === undefined) ||
      (now.isShut(name) && !old.isShut(name)) ||
      (old.isOpened(name) && !now.isOpened(name)) ||
      (parent !== undefined && byItself(parent))
    );
  };
  const gone = old.interfaces.filter(byItself);
  const isTaken = (name: string) => byItself(name) || (standsOnOthers.test(name) && gone.length > 0);
  const away = new BlockList();
  for (const text of old.interfaces.filter(isTaken).flatMap((name) => old.of(name) ?? [])) add(away, subnet.exec(text));
  const isAway = (text: string) =>
    away.rules.length > 0 && [...text.matchAll(addresses)].some(([ip]) => isIn(away, ip));
  const runsAtAll = (side: Side, protocol: string) => side.all.some((text) => text.includes(protocol));
  return {
    interface: isTaken,
    adjacency: (protocol, neighbour) =>
      isTaken(neighbour.interface ?? '') ||
      (old.runs(protocol, neighbour) && !now.runs(protocol, neighbour)) ||
      (runsAtAll(old, protocol) && !runsAtAll(now, protocol)),
    session: (peer) => {
      const [where = peer] = peer.split(' ');
      return gone.some(
        (name) => sameInterface(name, where) || old.of(name)?.some((text) => holds(subnet.exec(text), where)) === true,
      );
    },
    vrf: (name) => old.defines(name) && !now.defines(name),
    about: (matter) => [...removed, ...negated].some((text) => matter.test(text)),
    origins: old.all.filter((text) => (!kept.has(text) || isAway(text)) && origin.test(text)).length,
  };
};
