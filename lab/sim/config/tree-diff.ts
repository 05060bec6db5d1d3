import type { Node } from './tree.ts';

/** A tree of what is on one side only; a node that is on both sides leads to what differs under it. */
export type Difference = { text: string; whole: boolean; node: Node; children: Difference[] };

const trimmed = (node: Node): string => (node.body ?? []).map((line) => line.trim()).join('\n');

const same = (a: Node, b: Node): boolean => trimmed(a) === trimmed(b);

/** What `from` has and `to` has not, in the order of `from`. */
export const missing = (from: Node, to: Node): Difference[] => {
  const others = new Map(to.children.map((node) => [node.text, node]));
  return from.children.flatMap((node): Difference[] => {
    const other = others.get(node.text);
    if (!other || !same(node, other))
      return [{ text: node.text, whole: true, node, children: missing(node, { text: '', children: [] }) }];
    const children = missing(node, other);
    return children.length > 0 ? [{ text: node.text, whole: false, node, children }] : [];
  });
};

/** IOS's contextual diff: `+` and `-` before the line, at its indentation. */
export const contextual = (differences: readonly Difference[], sign: '+' | '-', depth = 0): string[] =>
  differences.flatMap(({ text, whole, node, children }) => [
    `${' '.repeat(depth)}${whole ? sign : ''}${text}`,
    ...(node.body ?? []).map(
      (line) => `${' '.repeat(depth + 1)}${sign}${line.trimStart().trimEnd() === 'quit' ? '\tquit' : line.trim()}`,
    ),
    ...contextual(children, sign, depth + 1),
  ]);

/** What goes, without the single values that only change: their new line says it all. */
export const withoutReplaced = (
  gone: readonly Difference[],
  come: readonly Difference[],
  key: (text: string) => string,
): Difference[] =>
  gone.flatMap((one): Difference[] => {
    const twin = come.find(({ text }) => text === one.text);
    if (!one.whole) {
      const children = withoutReplaced(one.children, twin?.children ?? [], key);
      return children.length > 0 ? [{ ...one, children }] : [];
    }
    const replaced =
      one.children.length === 0 &&
      one.node.opens !== true &&
      come.some(({ text, whole }) => whole && key(text) === key(one.text));
    return replaced ? [] : [one];
  });
