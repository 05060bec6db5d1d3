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

/** Reads the tool's output. @param merge lines that only the device has are no difference */
export const readDiff = (output: string, running: string, merge: boolean): FrrDiff => {
  const contexts = byContext(running);
  const profile = defaults[topLevel(running, 'frr defaults')?.value ?? 'traditional'] ?? [];
  const unstable: string[] = [];
  const isSet = ({ path, line }: Placed) => {
    const present = contexts.get(path.join('\n')) ?? new Set<string>();
    return [...present].some((other) => stem(other) === stem(line));
  };
  const additions = items(block(output, 'Lines To Add')).filter((placed) => {
    const { line } = placed;
    const top = placed.path.length === 0;
    const changes = top && /^ip(?:v6)? forwarding$/.test(line) && contexts.get('')?.has(`no ${line}`) === true;
    const never =
      (top && alwaysAdded.test(line) && !changes) ||
      (profile.some((pattern) => pattern.test(line)) && !isSet(placed)) ||
      (merge && line.startsWith('no ') && !isSet(placed));
    if (never) unstable.push(line);
    return !never;
  });
  const deletions = (merge ? [] : items(block(output, 'Lines To Delete'))).filter(({ path, line }) => {
    const never = path.length === 0 && alwaysDeleted.test(line);
    if (never) unstable.push(line);
    return !never;
  });
  return { deletions, additions, unstable };
};

const taken = (line: string) => (line.startsWith('no ') ? line.slice(3) : `no ${line}`);

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
