import { missing } from './diff.ts';
import { type Node, nodeAt, type Placed, placedLines } from './tree.ts';

// The lines that bring FRR from one tree to another, in an order in which traffic feels little of it.

/** A line to be typed, with the contexts to type it in. `opens`: what follows may stand under it. */
export type Step = Placed & { readonly opens?: boolean };

/** How often it was tried to take a line away: each time in another form. */
export type Tries = Map<string, number>;

const keyOf = (path: readonly string[], line: string) => [...path, line].join('\n');

const list =
  /^(?:(?:ip|ipv6|mac) )?(?:access-list|prefix-list) |^bgp (?:as-path access-list|(?:large-|ext)?community-list) /;
const address = /^ipv?6? address /;
const interfaceLine = /^interface (\S+)/;
const instance = /^router bgp \S+((?: (?:vrf|view) \S+)?)/;
const imports = /^import vrf (?!route-map )/;
// `no` before these is refused or does nothing: what stands under them goes line by line
const keepsItself = /^(?:interface|address-family|line vty|segment-routing|traffic-eng|router pim6?)(?: |$)/;
// these never go only to come again: their sessions would
const heldBy = /^(?:interface|address-family|line vty|router|vrf)(?: |$)/;

/** Lists come before the route-maps that match them, and these before what uses them; what goes, goes the other way. */
const rank = ({ path, line }: Placed): number => {
  const top = path[0] ?? line;
  if (list.test(top)) return 0;
  return top.startsWith('route-map ') ? 1 : 2;
};

/** The lines that FRR lacks. */
export const additions = (now: Node, want: Node): Step[] =>
  missing(now, want)
    .map((placed) => ({ ...placed, opens: nodeAt(want, [...placed.path, placed.line])?.opens ?? false }))
    .sort((a, b) => rank(a) - rank(b));

// With `no` these do not take what they were given.
const valueless =
  /^(description|(?:enable )?password|set as-path (?:prepend|exclude)|(?:ip )?ospf (?:authentication-key|message-digest-key \d+)) /;

/** How many forms there are of taking a line away. */
export const mostForms = 6;

/** What takes a line away, by how often that was tried: the line with `no`, then with fewer of its words, then with few. */
const takeAway = (line: string, tries: number): string => {
  if (line.startsWith('no ')) return line.slice(3);
  if (line.startsWith('exec-timeout ')) return 'exec-timeout 10 0'; // the default, where `no` means never
  const words = (valueless.exec(line)?.[1] ?? line).split(' ');
  const left = tries < mostForms - 2 ? words.length - tries : mostForms - tries;
  return ['no', ...words.slice(0, Math.max(1, Math.min(left, words.length - tries)))].join(' ');
};

/** Names of the neighbours and groups that a BGP instance holds, in whatever family. */
const neighbours = (at: Node): Set<string> =>
  new Set(placedLines(at).flatMap(({ line }) => /^(?:no )?neighbor (\S+) /.exec(line)?.[1] ?? []));

/** The lines that take away what FRR has and should not. Each call for the same line tries another form. */
export const removals = (now: Node, want: Node, tries: Tries, interfaces: ReadonlySet<string>): Step[] => {
  const steps: Step[] = [];
  const tried = (key: string) => {
    const count = tries.get(key) ?? 0;
    tries.set(key, count + 1);
    return count;
  };

  const isOf = (line: string, names: ReadonlySet<string>) =>
    names.has(/^(?:no )?neighbor (\S+) /.exec(line)?.[1] ?? '');

  const whole = (at: Node, path: readonly string[], gone: ReadonlySet<string>) => {
    const { line, children, opens } = at;
    if (isOf(line, gone)) return;
    const key = keyOf(path, line);
    const below = () => {
      for (const child of [...children.values()].reverse()) whole(child, [...path, line], gone);
    };
    const port = path.length === 0 ? interfaceLine.exec(line)?.[1] : undefined;
    if (port !== undefined) {
      below();
      if (!interfaces.has(port)) steps.push({ path, line: `no ${line}` }); // else what FRR does not let go of stays for ever
      return;
    }
    const count = keepsItself.test(line) ? 1 : tried(key);
    const outer = path.at(-1);
    if (children.size > 0 && count % 2 === 1) below();
    else if (opens) steps.push({ path, line: `no ${line}` });
    else if (count >= Math.min(mostForms, line.split(' ').length) && outer !== undefined && !heldBy.test(outer)) {
      steps.push({ path: path.slice(0, -1), line: `no ${outer}` }); // it comes again, without this
    } else steps.push({ path, line: takeAway(line, count) });
  };

  const within = (one: Node, other: Node, path: readonly string[], gone: ReadonlySet<string>) => {
    for (const child of [...one.children.values()].reverse()) {
      const same = other.children.get(child.line);
      if (!same) whole(child, path, gone);
      else if (child.children.size > 0) within(child, same, [...path, child.line], goneWith(child, same, path) ?? gone);
    }
  };

  /** Neighbours that go altogether: at once, not policy by policy. */
  const goneWith = (one: Node, other: Node, path: readonly string[]): ReadonlySet<string> | undefined => {
    if (path.length > 0 || !instance.test(one.line)) return undefined;
    const kept = neighbours(other);
    const gone = [...neighbours(one)].filter(
      (name) => !kept.has(name) && tried(keyOf([one.line], `neighbor ${name}`)) === 0,
    );
    const isGroup = (name: string) => one.children.has(`neighbor ${name} peer-group`);
    for (const name of gone.sort((a, b) => Number(isGroup(a)) - Number(isGroup(b)))) {
      steps.push({ path: [one.line], line: `no neighbor ${name}${isGroup(name) ? ' peer-group' : ''}` });
    }
    return new Set(gone);
  };

  within(now, want, [], new Set());
  // what stands on interfaces goes before what it belongs to
  const last = (step: Step) => (interfaceLine.test(step.path[0] ?? '') ? 3 : rank(step));
  return steps.sort((a, b) => last(b) - last(a));
};

/**
 * What must be gone before all else. zebra 10.3 dies of a prefix that goes together with the address in it. And while one VRF
 * imports another, bgpd keeps that other's route targets, distinguisher and label to itself: for good, if the one that
 * imports goes without having said `no import vrf`.
 */
export const earlyRemovals = (now: Node, want: Node): Step[] =>
  missing(want, now)
    .filter(({ path: [top = ''], line }) =>
      interfaceLine.test(top) ? line.startsWith('ipv6 nd prefix ') : instance.test(top) && imports.test(line),
    )
    .map(({ path, line }) => ({ path, line: `no ${line}` }));

/** What must go before anything comes: addresses, which may overlap, and an instance in whose place another comes. */
export const firstRemovals = (now: Node, want: Node): Step[] => {
  const slot = (line: string) => instance.exec(line)?.[1];
  const steps: Step[] = [];
  for (const child of now.children.values()) {
    const same = want.children.get(child.line);
    if (interfaceLine.test(child.line)) {
      for (const { line } of child.children.values()) {
        if (address.test(line) && !same?.children.has(line)) steps.push({ path: [child.line], line: `no ${line}` });
      }
    }
    const place = slot(child.line);
    if (same || place === undefined) continue;
    if ([...want.children.keys()].some((line) => slot(line) === place))
      steps.push({ path: [], line: `no ${child.line}` });
  }
  return steps;
};

/** Lines that are read one after the other: what is read together may be refused together. */
export const inParts = (parts: readonly string[]): string => parts.filter(Boolean).join('!--\n');

/** Steps as a file for `vtysh -f`. */
export const typed = (steps: readonly Step[]): string => {
  const lines: string[] = [];
  let at: readonly string[] = [];
  const go = (path: readonly string[]) => {
    let common = 0;
    while (common < at.length && common < path.length && at[common] === path[common]) common++;
    for (let level = at.length; level > common; level--) lines.push('exit');
    lines.push(...path.slice(common));
    at = path;
  };
  for (const { path, line, opens } of steps) {
    go(path);
    lines.push(line);
    if (opens) at = [...path, line];
  }
  go([]);
  return lines.map((line) => `${line}\n`).join('');
};
