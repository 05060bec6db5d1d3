import { type Node, type Placed, placedLines } from './tree.ts';

/** What goes and what comes: each line for itself, those under a context that goes or comes too. */
export type FrrDiff = { readonly removed: readonly Placed[]; readonly added: readonly Placed[] };

/** The lines of `to` that `from` has not, each before those under it. */
export const missing = (from: Node, to: Node): Placed[] => {
  const found: Placed[] = [];
  const walk = (one: Node | undefined, other: Node, path: readonly string[]) => {
    for (const child of other.children.values()) {
      const same = one?.children.get(child.line);
      if (!same) found.push({ path, line: child.line });
      if (child.children.size > 0) walk(same, child, [...path, child.line]);
    }
  };
  walk(from, to, []);
  return found;
};

/** How two trees differ. */
export const differ = (from: Node, to: Node): FrrDiff => ({ removed: missing(to, from), added: missing(from, to) });

const whole = (sign: '-' | '+', at: Node, depth: number): string[] =>
  [{ path: [], line: at.line }, ...placedLines(at, [at.line])].map(
    ({ path, line }) => `${sign}${' '.repeat(depth + path.length)}${line}`,
  );

/** A difference as people read one: `-` what goes, `+` what comes, under the contexts that stay. */
export const unified = (from: Node, to: Node): string => {
  const within = (one: Node, other: Node, depth: number): string[] => {
    const lines: string[] = [];
    const comes = [...other.children.values()];
    const places = new Map(comes.map((child, place) => [child, place]));
    let at = 0;
    /** What comes, up to a line that stays. */
    const until = (stays: Node | undefined) => {
      for (; at < comes.length && comes[at] !== stays; at++) {
        const child = comes[at];
        if (child && !one.children.has(child.line)) lines.push(...whole('+', child, depth));
      }
    };
    for (const child of one.children.values()) {
      const same = other.children.get(child.line);
      if (same && (places.get(same) ?? 0) >= at) until(same);
      const below = same ? within(child, same, depth + 1) : whole('-', child, depth);
      if (same && below.length > 0) lines.push(` ${' '.repeat(depth)}${child.line}`);
      lines.push(...below);
    }
    until(undefined);
    return lines;
  };
  const lines = within(from, to, 0);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
};
