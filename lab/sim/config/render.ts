import type { Node } from './tree.ts';

/** How a platform lays out its configuration. */
export type Layout = {
  indent: number;
  /** Between top-level sections. */
  separator: string;
  /** True: a separator goes between two lines of equal rank too when this says so. */
  apart?: (before: Node, after: Node) => boolean;
  /** What closes a node, at its own indentation: `!` of IOS-XR, `exit-address-family` of IOS. */
  closing?: (node: Node) => string | undefined;
  /** What comes before a node that is not at the top, at its own indentation: `!` of IOS. */
  opening?: (node: Node) => string | undefined;
  /** Goes between two parts under the same parent: EOS. */
  innerSeparator?: string;
  /** Parts whose lines stand one step further in: oddities of the platform. */
  deep?: (node: Node) => boolean;
};

const body = (layout: Layout, nodes: readonly Node[], depth: number): string[] => {
  const pad = ' '.repeat(layout.indent * depth);
  return nodes.flatMap((node, at) => {
    const before = nodes[at - 1];
    const between =
      layout.innerSeparator !== undefined &&
      depth > 0 &&
      before &&
      (node.children.length > 0 || before.children.length > 0)
        ? [`${pad}${layout.innerSeparator}`]
        : [];
    const opening = depth > 0 ? layout.opening?.(node) : undefined;
    const closing = layout.closing?.(node);
    return [
      ...between,
      ...(opening === undefined ? [] : [`${pad}${opening}`]),
      `${pad}${node.text}`,
      ...(node.body ?? []),
      ...body(layout, node.children, depth + (layout.deep?.(node) ? 2 : 1)),
      ...(closing === undefined ? [] : [`${pad}${closing}`]),
    ];
  });
};

/** True for a part of its own, with lines under it or not. */
export const opensPart = (node: Node): boolean => node.children.length > 0 || node.opens === true;

/** The lines of a configuration as the platform shows them, without header and `end`. */
export const layOut = (layout: Layout, root: Node): string[] =>
  root.children.flatMap((node, at) => {
    const before = root.children[at - 1];
    const apart =
      before !== undefined &&
      (before.rank !== node.rank || opensPart(node) || opensPart(before) || layout.apart?.(before, node) === true);
    return [...(apart && layout.separator !== 'none' ? [layout.separator] : []), ...body(layout, [node], 0)];
  });
