import type { Node } from '../tree.ts';
import { known, leafKey, nextStatement } from './grammar.ts';

/** Puts a tree into another: parts are joined, single values replaced, `replace:` and `delete:` obeyed. */
export const mergeInto = (into: Node, from: Node): void => {
  for (const one of from.children) {
    const tag = /^(replace|delete): ?(.*)$/.exec(one.text);
    const text = tag?.[2] ?? one.text;
    const at = into.children.findIndex((node) =>
      node.children.length > 0 || one.children.length > 0 ? node.text === text : leafKey(node.text) === leafKey(text),
    );
    const known = into.children[at];
    if (tag?.[1] === 'delete') {
      if (at >= 0) into.children.splice(at, 1);
    } else if (!known) into.children.push({ ...structuredClone(one), text });
    else if (tag?.[1] === 'replace') into.children[at] = { ...structuredClone(one), text };
    else if (one.children.length > 0) mergeInto(known, one);
    else if (known.children.length === 0) known.text = text;
  }
};

/** Splits a statement into words; quoted text and lists stay whole. */
export const wordsOf = (text: string): string[] => text.match(/"(?:[^"\\]|\\.)*"|\[[^\]]*\]|\S+/g) ?? [];

/** Walks a path that exists. @returns the node, its parent, and the words that were not found */
export const find = (root: Node, words: readonly string[]): { node: Node; parents: Node[]; rest: string[] } => {
  let node = root;
  const parents: Node[] = [];
  let rest = [...words];
  while (rest.length > 0) {
    let hit: Node | undefined;
    for (let take = rest.length; take > 0 && !hit; take--)
      hit = node.children.find((one) => one.text === rest.slice(0, take).join(' '));
    if (!hit) break;
    parents.push(node);
    node = hit;
    rest = rest.slice(wordsOf(hit.text).length);
  }
  return { node, parents, rest };
};

/** `set PATH`. @returns the word that is not known, undefined when it was set */
export const setPath = (root: Node, words: readonly string[]): string | undefined => {
  let { node, rest } = find(root, words);
  if (rest.length === 0) return undefined;
  const made: Node = { text: '', children: [] };
  let at = made;
  let parent = node.text;
  while (rest.length > 0) {
    const { take } = nextStatement(parent, rest);
    const text = rest.slice(0, take).join(' ');
    if (!known(parent, text)) return rest[0];
    const one: Node = { text, children: [] };
    at.children.push(one);
    at = one;
    parent = text;
    rest = rest.slice(take);
  }
  const [first] = made.children;
  const twin =
    first &&
    node.children.find((one) => one.children.length === 0 && first.children.length > 0 && one.text === first.text);
  if (twin && first) twin.children = first.children;
  else mergeInto(node, made);
  node = root;
  return undefined;
};

/** `delete PATH`. @returns false when there is no such statement */
export const deletePath = (root: Node, words: readonly string[]): boolean => {
  if (words.length === 0) {
    root.children = [];
    return true;
  }
  const { node, parents, rest } = find(root, words);
  if (rest.length > 0) {
    const [first = ''] = rest;
    const leaf = node.children.find(
      (one) => one.children.length === 0 && rest.length === 1 && leafKey(one.text) === first,
    );
    if (!leaf) return false;
    node.children = node.children.filter((one) => one !== leaf);
    return true;
  }
  const parent = parents.at(-1);
  if (parent) parent.children = parent.children.filter((one) => one !== node);
  for (let at = parents.length - 1; at > 0; at--) {
    const empty = parents[at];
    const above = parents[at - 1];
    if (empty && above && empty.children.length === 0) above.children = above.children.filter((one) => one !== empty);
  }
  return true;
};

/** `show | compare`: what differs, part by part. */
export const compare = (before: Node, after: Node, path: readonly string[] = [], depth = 0): string[] => {
  const changes: string[] = [];
  const deeper: string[] = [];
  const pad = ' '.repeat(Math.max(2, depth + 1));
  const whole = (sign: string, node: Node, depth = 0): string[] => {
    const start = `${sign}${pad}${' '.repeat(depth * 4)}`;
    if (node.children.length === 0)
      return [
        `${start}${node.text};${/^(?:encrypted-password|authentication-key|secret) /.test(node.text) ? ' ## SECRET-DATA' : ''}`,
      ];
    return [`${start}${node.text} {`, ...node.children.flatMap((one) => whole(sign, one, depth + 1)), `${start}}`];
  };
  const added = new Set(after.children.filter((one) => !before.children.some((other) => other.text === one.text)));
  for (const one of before.children) {
    const twin = after.children.find((other) => other.text === one.text);
    if (twin) {
      if (one.children.length === 0 && twin.children.length === 0) continue;
      deeper.push(...compare(one, twin, [...path, ...wordsOf(one.text)], depth + 1));
      continue;
    }
    changes.push(...whole('-', one));
    const successor =
      one.children.length > 0
        ? undefined
        : [...added].find((other) => other.children.length === 0 && leafKey(other.text) === leafKey(one.text));
    if (successor) {
      changes.push(...whole('+', successor));
      added.delete(successor);
    }
  }
  for (const one of added) changes.push(...whole('+', one));
  return [
    ...(changes.length > 0 ? [`[edit${path.length > 0 ? ` ${path.join(' ')}` : ''}]`, ...changes] : []),
    ...deeper,
  ];
};
