import type { Node } from '../../config/tree.ts';
import { known, leafKey, nextStatement } from './grammar.ts';

/** Children by what tells them apart: a part by its whole text, a value by its keyword. Of twins, the first. */
const indexOf = (children: readonly Node[]): { parts: Map<string, Node>; values: Map<string, Node> } => {
  const parts = new Map<string, Node>();
  const values = new Map<string, Node>();
  for (const node of children) {
    if (!parts.has(node.text)) parts.set(node.text, node);
    const key = leafKey(node.text);
    if (node.children.length === 0 && !values.has(key)) values.set(key, node);
  }
  return { parts, values };
};

/** Puts a tree into another: parts are joined, single values replaced, `replace:` and `delete:` obeyed. */
export const mergeInto = (into: Node, from: Node): void => {
  let index = indexOf(into.children);
  for (const one of from.children) {
    const tag = /^(replace|delete): ?(.*)$/.exec(one.text);
    const text = tag?.[2] ?? one.text;
    const part = index.parts.get(text);
    const value = one.children.length > 0 ? undefined : index.values.get(leafKey(text));
    const known = part && (one.children.length > 0 || part.children.length > 0) ? part : (value ?? part);
    if (!tag && known && one.notes) known.notes = one.notes;
    if (!tag && !known) {
      const added = { ...structuredClone(one), text };
      into.children.push(added);
      index.parts.set(text, added);
      if (added.children.length === 0) index.values.set(leafKey(text), added);
    } else if (!tag && known && one.children.length > 0) mergeInto(known, one);
    else {
      if (tag?.[1] === 'delete') into.children = into.children.filter((node) => node !== known);
      else if (!known) into.children.push({ ...structuredClone(one), text });
      else if (tag) into.children[into.children.indexOf(known)] = { ...structuredClone(one), text };
      else if (known.text === text) continue;
      else if (known.children.length === 0) known.text = text;
      index = indexOf(into.children);
    }
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
  const noted = (start: string, { notes = [] }: Node): string[] =>
    notes.flatMap((text) => text.split('\n')).map((line) => `${start}${line}`);
  const whole = (sign: string, node: Node, depth = 0): string[] => {
    const start = `${sign}${pad}${' '.repeat(depth * 4)}`;
    if (node.children.length === 0)
      return [
        ...noted(start, node),
        `${start}${node.text};${/^(?:encrypted-password|authentication-key|secret) /.test(node.text) ? ' ## SECRET-DATA' : ''}`,
      ];
    return [
      ...noted(start, node),
      `${start}${node.text} {`,
      ...node.children.flatMap((one) => whole(sign, one, depth + 1)),
      `${start}}`,
    ];
  };
  const known = new Set(before.children.map(({ text }) => text));
  const twins = indexOf(after.children).parts;
  const added = new Set(after.children.filter(({ text }) => !known.has(text)));
  const values = indexOf([...added]).values;
  for (const one of before.children) {
    const twin = twins.get(one.text);
    if (twin) {
      if ((one.notes ?? []).join('\n') !== (twin.notes ?? []).join('\n'))
        changes.push(...noted(`-${pad}`, one), ...noted(`+${pad}`, twin));
      if (one.children.length === 0 && twin.children.length === 0) continue;
      deeper.push(...compare(one, twin, [...path, ...wordsOf(one.text)], depth + 1));
      continue;
    }
    changes.push(...whole('-', one));
    const successor = one.children.length > 0 ? undefined : values.get(leafKey(one.text));
    if (successor && added.has(successor)) {
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
