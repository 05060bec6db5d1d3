import { differ, type FrrDiff } from './diff.ts';
import {
  additions,
  earlyRemovals,
  firstRemovals,
  inParts,
  mostForms,
  removals,
  type Step,
  type Tries,
  typed,
} from './lines.ts';
import { type Node, sameTree } from './tree.ts';

/** What FRR said to lines, and what ran afterwards. */
export type Entered = { readonly said: string; readonly runs: Node };

/** Types lines on a router and reads what runs then. */
type Enter = (lines: string) => Promise<Entered>;

/** What was typed, and what is left to do: nothing where FRR can be brought there. */
type Converged = { readonly typed: string; readonly now: Node; readonly left: FrrDiff };

const mostRounds = mostForms + 2;
// Lines that were refused together are tried one by one where there are no more than these.
const mostSingly = 60;

/** Brings FRR from what runs to what is wanted, looking at it after each step: what comes may take the place of what goes. */
export const converge = async (
  enter: Enter,
  from: Node,
  want: Node,
  interfaces: ReadonlySet<string>,
): Promise<Converged> => {
  const tries: Tries = new Map();
  const sent: string[] = [];
  let now = from;
  const send = async (steps: readonly Step[]): Promise<void> => {
    if (steps.length === 0) return;
    const lines = typed(steps);
    sent.push(lines);
    const { said, runs } = await enter(lines);
    now = runs;
    if (!/^% Configuration failed/m.test(said) || steps.length === 1 || steps.length > mostSingly) return;
    for (const step of steps) await send([step]);
  };
  for (let round = 0; round < mostRounds && !sameTree(now, want); round++) {
    await send(earlyRemovals(now, want));
    await send([...firstRemovals(now, want), ...additions(now, want)]);
    if (!sameTree(now, want)) await send(removals(now, want, tries, interfaces));
  }
  return { typed: inParts(sent), now, left: differ(now, want) };
};
