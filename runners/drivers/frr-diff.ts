import { byContext, type Placed, placeLines, topLevel } from './frr-config.ts';

// What `frr-reload.py --test` prints, as a diff; and which of its lines FRR will list for ever.

/** A difference: what to delete, what to add, and the lines that never compare equal. */
export type FrrDiff = { deletions: readonly Placed[]; additions: readonly Placed[]; unstable: readonly string[] };

const block = (output: string, title: string): string => {
  const start = output.indexOf(`${title}\n${'='.repeat(title.length)}\n`);
  if (start === -1) return '';
  const body = output.slice(start + 2 * title.length + 2);
  const end = body.search(/^Lines To (?:Add|Delete)$/m);
  return end === -1 ? body : body.slice(0, end);
};

/** Each item is printed with all its contexts; only its last line is what differs. */
const items = (text: string): Placed[] => {
  const placed = placeLines(text);
  return placed.filter(({ path }, index) => (placed[index + 1]?.path.length ?? 0) <= path.length);
};

// Defaults of each profile that the running configuration does not show; in a text they are added for ever.
const defaults: Readonly<Record<string, readonly RegExp[]>> = {
  traditional: [
    /^no bgp log-neighbor-changes$/,
    /^bgp ebgp-requires-policy$/,
    /^no bgp default show-(?:nexthop-)?hostname$/,
    /^no bgp deterministic-med$/,
    /^timers bgp 60 180$/,
    /^neighbor \S+ timers connect 120$/,
  ],
  datacenter: [
    /^bgp log-neighbor-changes$/,
    /^no bgp ebgp-requires-policy$/,
    /^bgp default show-(?:nexthop-)?hostname$/,
    /^bgp deterministic-med$/,
    /^timers bgp 3 9$/,
    /^neighbor \S+ timers connect 10$/,
  ],
};
// The system's name wins; forwarding is shown only while it is off; the others are never shown, or never taken back.
const alwaysAdded =
  /^(?:hostname \S+|line vty|frr version .*|ip forwarding|ipv6 forwarding|service integrated-vtysh-config)$/;
const alwaysDeleted = /^no (?:hostname \S+|frr version .*|line vty|service integrated-vtysh-config)$/;

/** The words by which a line and its opposite or successor are the same setting. */
const stem = (line: string) => line.replace(/^no /, '').replace(/(?: \d+)+$/, '');

/** The line that takes a line back. */
export const taken = (line: string) => (line.startsWith('no ') ? line.slice(3) : `no ${line}`);

const within = (path: readonly string[], outer: readonly string[]) => outer.every((line, at) => path[at] === line);

/** Reads the tool's output. @param merge lines that only the device has are no difference */
export const readDiff = (output: string, running: string, merge: boolean): FrrDiff => {
  const contexts = byContext(running);
  const profile = defaults[topLevel(running, 'frr defaults')?.value ?? 'traditional'] ?? [];
  const unstable: string[] = [];
  const present = ({ path }: Placed) => contexts.get(path.join('\n')) ?? new Set<string>();
  const isSet = (placed: Placed) => [...present(placed)].some((other) => stem(other) === stem(placed.line));

  const deletions = (merge ? [] : items(block(output, 'Lines To Delete'))).filter(({ path, line }) => {
    const never = path.length === 0 && alwaysDeleted.test(line);
    if (never) unstable.push(line);
    return !never;
  });
  /** The line goes with its context, or by itself, and comes again. */
  const returns = ({ path, line }: Placed) =>
    deletions.some((gone) => within([...path, line], [...gone.path, taken(gone.line)]));
  const added = items(block(output, 'Lines To Add'));
  const additions = added.filter((placed) => {
    const { path, line } = placed;
    const top = path.length === 0;
    const changes = top && /^ip(?:v6)? forwarding$/.test(line) && present(placed).has(`no ${line}`);
    const never =
      (top && alwaysAdded.test(line) && !changes) ||
      (profile.some((pattern) => pattern.test(line)) && !isSet(placed)) ||
      (present(placed).has(line) && !returns(placed)) ||
      (top && /^interface \S+$/.test(line) && !added.some((other) => other.path[0] === line)) ||
      (merge && line.startsWith('no ') && !isSet(placed));
    if (never) unstable.push(line);
    return !never;
  });
  // the tool takes some lines back while it adds others: an entry of a list gives way to the one that replaces it
  const goes = (placed: Placed) => placed.line.startsWith('no ') && present(placed).has(placed.line.slice(3));
  return {
    deletions: [...deletions, ...additions.filter(goes)],
    additions: additions.filter((placed) => !goes(placed)),
    unstable,
  };
};

/** A difference as people read one: `-` what goes, `+` what comes, each under its contexts. */
export const unified = ({ deletions, additions }: Pick<FrrDiff, 'deletions' | 'additions'>): string => {
  const lines: string[] = [];
  let shown: readonly string[] = [];
  const put = (sign: '-' | '+', { path, line }: Placed) => {
    for (const [level, context] of path.entries()) {
      if (shown[level] === context && shown.slice(0, level).every((above, at) => above === path[at])) continue;
      lines.push(` ${' '.repeat(level)}${context}`);
    }
    shown = path;
    lines.push(`${sign}${' '.repeat(path.length)}${line}`);
  };
  for (const placed of deletions) put('-', { path: placed.path, line: taken(placed.line) });
  shown = [];
  for (const placed of additions) {
    put('+', placed);
    shown = [...placed.path, placed.line];
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
};
