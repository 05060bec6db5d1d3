/** What a character may be: a range of code points, or one of Python's classes. */
export type CharItem = { lo: number; hi: number } | { class: 'd' | 'D' | 'w' | 'W' | 's' | 'S' };

/** One character out of a set. */
export type Atom = { kind: 'atom'; items: readonly CharItem[]; negate: boolean; fold: boolean; ascii: boolean };

/** A place between characters. `end`: Python's `$`, which also stands before a last line feed. */
export type Place = {
  kind: 'place';
  at: 'start' | 'end' | 'line start' | 'line end' | 'very end' | 'boundary' | 'no boundary';
  ascii: boolean;
};

/** A Python regular expression, taken apart. */
export type Node =
  | Atom
  | Place
  | { kind: 'sequence'; items: readonly Node[] }
  | { kind: 'choice'; options: readonly Node[] }
  | { kind: 'capture'; index: number; body: Node }
  | { kind: 'loop'; body: Node; min: number; max: number; how: 'greedy' | 'lazy' | 'possessive' }
  | { kind: 'look'; body: Node; ahead: boolean; negative: boolean }
  | { kind: 'atomic'; body: Node }
  | { kind: 'back'; index: number; fold: boolean }
  | { kind: 'condition'; index: number; yes: Node; no: Node };

/** The nodes right inside a node. */
export const inside = (node: Node): readonly Node[] => {
  switch (node.kind) {
    case 'sequence':
      return node.items;
    case 'choice':
      return node.options;
    case 'capture':
    case 'loop':
    case 'look':
    case 'atomic':
      return [node.body];
    case 'condition':
      return [node.yes, node.no];
    default:
      return [];
  }
};

/** Whether some node of the tree, the root included, is such. */
export const someNode = (node: Node, test: (node: Node) => boolean): boolean =>
  test(node) || inside(node).some((each) => someNode(each, test));

/** How many characters a node can match at least and at most. */
export const width = (node: Node): [number, number] => {
  switch (node.kind) {
    case 'atom':
      return [1, 1];
    case 'place':
    case 'look':
      return [0, 0];
    case 'back':
      return [0, Number.POSITIVE_INFINITY];
    case 'loop': {
      const [min, max] = width(node.body);
      return [min * node.min, node.max === 0 || max === 0 ? 0 : max * node.max];
    }
    case 'sequence': {
      const widths = node.items.map(width);
      return [widths.reduce((sum, [min]) => sum + min, 0), widths.reduce((sum, [, max]) => sum + max, 0)];
    }
    default: {
      const widths = inside(node).map(width);
      return [Math.min(...widths.map(([min]) => min)), Math.max(...widths.map(([, max]) => max))];
    }
  }
};
