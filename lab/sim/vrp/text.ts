import { emptyTree, type Node, plainLines } from '../config/tree.ts';
import { VrpEditor } from './editor.ts';
import type { Grammar } from './grammar.ts';

const indent = (line: string): number => line.length - line.trimStart().length;

/** Reads a configuration as it is printed: views by indentation, `#` between them. What the grammar does not know is kept. */
export const readConfig = (text: string): Node => {
  const root = emptyTree();
  let stack: { indent: number; node: Node }[] = [];
  let base = Number.POSITIVE_INFINITY;
  for (const line of text.split(/\r?\n/)) {
    if (/^#\s*$/.test(line)) {
      stack = [];
      base = Number.POSITIVE_INFINITY;
      continue;
    }
    if (/^\s*(?:#|!|return\s*$|version |$)/.test(line)) continue;
    const depth = indent(line);
    if (depth <= base) {
      base = depth;
      stack = [];
    }
    stack = stack.filter((one) => one.indent < depth);
    const node: Node = { text: line.trim(), children: [] };
    (stack.at(-1)?.node ?? root).children.push(node);
    stack.push({ indent: depth, node });
  }
  return root;
};

/** Lines of a merge on a tree, each with the views that it was typed in. */
export type Typed = { path: readonly string[]; line: string };

/** Does again on a tree what was typed. */
export const replay = (grammar: Grammar, root: Node, typed: readonly Typed[]): Node => {
  const editor = new VrpEditor(grammar, root);
  for (const { path, line } of typed) {
    editor.top();
    for (const view of path) editor.apply(view);
    editor.apply(line);
  }
  return root;
};

/** The commands of a configuration, a `#` between those of the top level. @param lead what stands before a single one */
export const configBody = (root: Node, lead: string): string =>
  root.children
    .map((node) => {
      const view =
        node.children.length > 0 || node.opens === true || /^(?:interface|vlan|bgp|aaa) ?\S*$/.test(node.text);
      return `#\n${view ? '' : lead}${node.text}\n${plainLines(node, 1)
        .map((line) => ` ${line}\n`)
        .join('')}`;
    })
    .join('');

export const sysname = (root: Node, or: string): string =>
  /^sysname (\S+)/.exec(root.children.find(({ text }) => text.startsWith('sysname '))?.text ?? '')?.[1] ?? or;
