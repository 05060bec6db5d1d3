import type { Device } from '../device.ts';
import type { Node } from './tree.ts';

/** A line that a commit refuses: what it stands below, and why. */
export type RefusedAtCommit = { above: readonly string[]; text: string; says: string };

const reason = 'The object is used, but not defined';

/** The first line of a candidate that the commit refuses. */
export const refusedAtCommit = ({ faults }: Device, tree: Node): RefusedAtCommit | undefined => {
  if (!faults.refuseCommit) return undefined;
  const { match, says = reason } = faults.refuseCommit;
  const pattern = new RegExp(match);
  const walk = (node: Node, above: readonly string[]): RefusedAtCommit | undefined => {
    for (const { text, children, ...rest } of node.children) {
      if (pattern.test(text)) return { above, text, says };
      const below = walk({ text, children, ...rest }, [...above, text]);
      if (below) return below;
    }
    return undefined;
  };
  return walk(tree, []);
};
