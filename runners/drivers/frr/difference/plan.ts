import type { Mode } from '../../../../core/bus.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { type FrrScratch, rehearse, releaseOf } from '../scratch/scratch.ts';
import { missing } from './diff.ts';
import { additions, earlyRemovals, firstRemovals, inParts, removals, typed } from './lines.ts';
import { apart, areLong, isListed, numbered, together, withoutLists } from './lists.ts';
import { judgeSaid, refuseImpossible } from './refusals.ts';
import { childOf, type Node, type Placed, placedLines, readTree, sameTree, without } from './tree.ts';
import { unprinted } from './unprinted.ts';

/** What a text asks of a router. */
export type Wanted = {
  readonly name: string;
  readonly text: string;
  readonly mode: Mode;
  /** What runs, as the router prints it, and as it is structured. */
  readonly running: string;
  readonly now: Node;
  /** Names of those that the router has. */
  readonly interfaces: ReadonlySet<string>;
};

/** What a deployment would do to it. */
export type Plan = {
  readonly now: Node;
  /** What runs when it is done, as this release of FRR prints it. */
  readonly want: Node;
  readonly interfaces: ReadonlySet<string>;
  /** Lines that were tried out and lead there; '' where there was no scratch to try them in. */
  readonly forth: string;
  readonly back: string;
  /** Lines of the text that FRR does not print. */
  readonly unstable: readonly string[];
  /** What else the operator must know. */
  readonly notes: readonly string[];
};

const absent = (want: Node, interfaces: ReadonlySet<string>): string[] =>
  [...want.children.values()]
    .map(({ line, children }) => (children.size > 0 ? (/^interface (\S+)/.exec(line)?.[1] ?? '') : ''))
    .filter((port) => port !== '' && !interfaces.has(port))
    .map((port) => `the router has no interface ${port}: its configuration takes effect once the interface exists`);

const made = (
  { text, now, interfaces }: Wanted,
  want: Node,
  lines: { forth: string; back: string },
  notes: string[],
): Plan => ({
  now,
  want,
  interfaces,
  forth: lines.forth,
  back: lines.back,
  unstable: unprinted(areLong(text, now) ? withoutLists(text) : text, want),
  notes: [...notes, ...absent(want, interfaces)],
});

/** The plan where nothing is to be done. @param printed what this release prints of the text, where that is known */
export const nothingToDo = (wanted: Wanted, printed: Node | undefined): Plan | undefined => {
  const want = printed ?? (wanted.mode === 'replace' ? readTree(wanted.text) : undefined);
  return want && sameTree(want, wanted.now) ? made(wanted, want, { forth: '', back: '' }, []) : undefined;
};

const put = (tree: Node, lines: readonly Placed[]) => {
  for (const { path, line } of lines) [...path, line].reduce(childOf, tree);
};

/**
 * What FRR prints when it has read the text, or what runs and then the text.
 *
 * @returns also what of it the router has and a scratch does not take
 */
const print = async (
  { name, text, mode, running, now }: Wanted,
  scratch: FrrScratch,
): Promise<{ here: Node; taken: Placed[] }> => {
  const merge = mode === 'merge';
  const base = merge ? (await scratch.enter(running)).runs : now;
  const { said, runs } = await scratch.enter(text);
  return { here: runs, taken: [...judgeSaid(name, { text, said, merge }, placedLines(now)), ...missing(base, now)] };
};

/** Lines that are not tried out. */
const untried = (from: Node, to: Node, interfaces: ReadonlySet<string>) => ({
  first: inParts([typed(earlyRemovals(from, to)), typed([...firstRemovals(from, to), ...additions(from, to)])]),
  last: typed(removals(from, to, new Map(), interfaces)),
});

/** Finds out in a scratch what a text comes to, and how to get there. @throws PlumbError `rejected` with what FRR cannot do */
export const planTried = async (wanted: Wanted, scratch: FrrScratch): Promise<Plan> => {
  const { name, text, mode, now, interfaces } = wanted;
  if (!areLong(text, now)) {
    const { want, lines } = await tryOut(wanted, scratch);
    return made(wanted, want, lines, []);
  }
  const ours = apart(now);
  const lists = mode === 'merge' ? ours.lists : readTree(numbered(text).filter(isListed).join('\n'));
  if (mode === 'merge' && withoutLists(text) !== text) {
    throw new PlumbError(
      'unsupported',
      `${name}: entries cannot be merged into lists as long as those on this router`,
      {
        hint: 'deploy the complete configuration',
      },
    );
  }
  const small = { text: withoutLists(text), running: withoutLists(wanted.running), now: ours.rest };
  const { want, lines: tried } = await tryOut({ ...wanted, ...small }, scratch);
  const [forth, back] = [untried(ours.lists, lists, interfaces), untried(lists, ours.lists, interfaces)];
  const lines = {
    forth: inParts([forth.first, tried.forth, forth.last]),
    back: inParts([back.first, tried.back, back.last]),
  };
  return made(wanted, together(lists, want), lines, []);
};

const tryOut = async (wanted: Wanted, scratch: FrrScratch) => {
  const { name, text, running, interfaces } = wanted;
  const { here, taken } = await print(wanted, scratch);
  const [now, want] = [without(wanted.now, taken), without(here, [])];
  put(want, taken);
  if (sameTree(here, now)) return { want, lines: { forth: '', back: '' } };
  const { forth, back, cannot } = await rehearse(scratch, { running, now, want: here }, interfaces);
  refuseImpossible(name, releaseOf(running), text, cannot);
  return { want, lines: { forth, back } };
};

/** The plan where no scratch can be had: the text is taken as it is written. @throws PlumbError `unsupported` for a merge */
export const planUntried = (wanted: Wanted, why: string): Plan => {
  const { name, text, mode, now, interfaces } = wanted;
  if (mode === 'merge') {
    throw new PlumbError(
      'unsupported',
      `${name}: the effect of a merge cannot be determined without a scratch, which ${why}`,
      {
        hint: 'deploy the complete configuration',
      },
    );
  }
  const want = readTree(numbered(text).join('\n'));
  const { first, last } = untried(want, now, interfaces);
  const note = `the text could not be tried out on the router (${why}): write it as FRR prints it, without defaults and short forms`;
  return { ...made(wanted, want, { forth: '', back: inParts([first, last, first]) }, [note]), unstable: [] };
};
