import type { Syntax } from './syntax.ts';
import { negation } from './syntax.ts';
import type { Node } from './tree.ts';

const pieces = (text: string): (string | number)[] =>
  (text.match(/\d+|\D+/g) ?? []).map((piece) => (/^\d/.test(piece) ? Number(piece) : piece));

/** Compares as people count: Ethernet2 before Ethernet10. */
const natural = (a: string, b: string): number => {
  const [left, right] = [pieces(a), pieces(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [x, y] = [left[at], right[at]];
    if (x === undefined) return -1;
    if (y === undefined) return 1;
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return 0;
};

/** The rank of a top-level line; one that the table does not name stays behind the line before it. */
export const rankOf = (syntax: Syntax, text: string, before: number): number => {
  const { rest } = negation(text);
  const at = syntax.order.findIndex((pattern) => pattern.test(rest));
  return at < 0 ? before : at;
};

const interfaceRank = (syntax: Syntax, text: string): number =>
  syntax.interfaceOrder.findIndex((pattern) => pattern.test(text.replace(/^interface /, '')));

/** Puts a new top-level line where the running configuration shows it. */
export const insertOrdered = (syntax: Syntax, parent: Node, node: Node): void => {
  const rank = node.rank ?? 0;
  let at = parent.children.length;
  while (at > 0) {
    const before = parent.children[at - 1];
    if (!before) break;
    const beforeRank = before.rank ?? 0;
    if (beforeRank < rank) break;
    if (beforeRank === rank && !comesLater(syntax, before, node)) break;
    at--;
  }
  parent.children.splice(at, 0, node);
};

const comesLater = (syntax: Syntax, before: Node, node: Node): boolean => {
  if (!before.text.startsWith('interface ') || !node.text.startsWith('interface ')) {
    const counted = /^(?:vlan|vrf instance|vrf context) /;
    return counted.test(before.text) && counted.test(node.text) && natural(before.text, node.text) > 0;
  }
  const [left, right] = [interfaceRank(syntax, before.text), interfaceRank(syntax, node.text)];
  return left === right ? natural(before.text, node.text) > 0 : left > right;
};
