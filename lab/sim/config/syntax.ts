/** A part of the configuration with its own commands: `interface Ethernet1`, `router bgp 65001`. */
export type Mode = {
  name: string;
  /** Names of the modes that it is opened from; `global` when left out. */
  in?: readonly string[];
  /** The line that opens it. */
  opens: RegExp;
  /** What the prompt shows within the brackets, after `config`. */
  prompt: string | ((line: RegExpExecArray) => string);
  /** Lines that belong here although an outer mode knows them too, without `no` and `default`. */
  own?: RegExp;
  /** Negations that are shown in this mode besides those that are shown everywhere. */
  shown?: RegExp;
  /** Takes no line but its own; else every line whose first word the platform knows. */
  closed?: boolean;
};

/** A command that goes on over several lines. */
export type Block = {
  opens: RegExp;
  /** True for the line that ends the block. `lines`: the body so far, the line itself included. */
  ends: (opening: string, lines: readonly string[]) => boolean;
  /** What the prompt shows while the body is read; no prompt when left out. */
  prompt?: string;
  /** What the device prints before it reads the body. */
  invites?: string;
  /** How the platform stores and shows it, where that is not what was typed. */
  stored?: (opening: string, lines: readonly string[]) => [opening: string, lines: readonly string[]];
};

/** How a platform reads its configuration language. Patterns see a line without leading blanks. */
export type Syntax = {
  indent: number;
  modes: readonly Mode[];
  /** Lines that the top level knows, without `no` and `default`. */
  global: RegExp;
  /** First words that open modes take. */
  words: ReadonlySet<string>;
  blocks: readonly Block[];
  /** Lines of which there is one: what matches is the key, a new line with that key replaces the old one. */
  keys: readonly RegExp[];
  /** Negations that the running configuration shows. All others only remove. */
  shownNegations: RegExp;
  /** Lines that are the default and are never shown: they only remove their negation. */
  defaults: RegExp;
  /** Top-level sections in the order of the running configuration. */
  order: readonly RegExp[];
  /** Interfaces in the order of the running configuration; then by number. */
  interfaceOrder: readonly RegExp[];
  /** Interfaces that are always there. */
  hardware: RegExp;
  /** The full spelling of a line: abbreviations and letter case as the platform stores them. */
  canonical?: (line: string) => string;
  /** A comment line, not stored. */
  comment: RegExp;
  /** A line that leaves the mode that it stands in, besides `exit`. */
  leaves?: RegExp;
};

/** Lines that say nothing without one more word, on every platform that is read line by line. */
export const incomplete =
  /^(?:hostname|interface|description|router bgp|vlan|vrf (?:instance|context|definition)|ip(?:v[46])? address|(?:bgp )?router-id|remote-as|neighbor \S+ (?:remote-as|description|update-source|route-map))$/;

/** A routing protocol that none of them has, though all know the word before it. */
export const unknownRouter =
  /^router (?!(?:bgp|ospf|ospfv3|isis|static|multicast|rip|eigrp|pim6?|igmp|mld|msdp|lisp|general|bfd|odr|rift|vrrp|hsrp|mobile|kernel|adaptive-virtual-topology|path-selection|traffic-engineering|segment-security|internet-exit|service-insertion|l2-vpn)\b)/;

/** A line without its leading `no`, and whether it had one. */
export const negation = (line: string): { negative: boolean; rest: string } => {
  const match = /^(?:no|default) +(.+)$/.exec(line);
  return match ? { negative: true, rest: match[1] ?? '' } : { negative: false, rest: line };
};

/** What identifies a line among its siblings. */
export const keyOf = (syntax: Syntax, line: string): string => {
  for (const pattern of syntax.keys) {
    const match = pattern.exec(line);
    if (match) return match[0];
  }
  return line;
};
