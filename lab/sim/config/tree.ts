/** A configuration line with what stands under it. The root has an empty text. */
export type Node = {
  text: string;
  children: Node[];
  /** A multi-line block as it was typed, its last line included: a banner, a certificate. */
  body?: readonly string[];
  /** Where the line stands in the platform's own order; equal ranks keep the order in which they came. */
  rank?: number;
  /** A part of its own, though nothing may stand under it: `interface Ethernet1`. */
  opens?: boolean;
  /** Comments that belong to it, as they were typed. */
  notes?: readonly string[];
};

/** An empty configuration. */
export const emptyTree = (): Node => ({ text: '', children: [] });

/** A copy that shares nothing that changes. */
export const cloneTree = (node: Node): Node => ({ ...node, children: node.children.map(cloneTree) });

/** True when both hold the same lines in the same order. */
export const sameTree = (a: Node, b: Node): boolean =>
  a.text === b.text &&
  (a.body ?? []).join('\n') === (b.body ?? []).join('\n') &&
  (a.notes ?? []).join('\n') === (b.notes ?? []).join('\n') &&
  a.children.length === b.children.length &&
  a.children.every((child, at) => {
    const other = b.children[at];
    return other !== undefined && sameTree(child, other);
  });

/** The first child whose text matches. */
export const child = (node: Node | undefined, text: string | RegExp): Node | undefined =>
  node?.children.find((one) => (typeof text === 'string' ? one.text === text : text.test(one.text)));

/** Every child whose text matches, with what matched. */
export const children = (node: Node | undefined, pattern: RegExp): [Node, RegExpExecArray][] =>
  (node?.children ?? []).flatMap((one) => {
    const match = pattern.exec(one.text);
    return match ? [[one, match] as [Node, RegExpExecArray]] : [];
  });

/** What follows the given words on a child line: `value(router, 'router-id')`. */
export const value = (node: Node | undefined, words: string): string | undefined =>
  node?.children.find((one) => one.text.startsWith(`${words} `))?.text.slice(words.length + 1);

/** The lines of a tree, indented, without separators. */
export const plainLines = (node: Node, indent: number, depth = 0): string[] =>
  node.children.flatMap((one) => [
    `${' '.repeat(indent * depth)}${one.text}`,
    ...(one.body ?? []),
    ...plainLines(one, indent, depth + 1),
  ]);
