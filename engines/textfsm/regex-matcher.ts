import { atomSource, placeSource } from './regex-native.ts';
import type { Atom, Node, Place } from './regex-nodes.ts';
import { someNode, width } from './regex-nodes.ts';

/** Start and end of what a group matched. */
type Span = readonly [number, number];

/** `forgets`: nothing that is still to match looks at what a group holds, so a way that failed once fails again. */
type State = { text: string; spans: (Span | undefined)[]; forgets: boolean };
type Rest = (position: number) => boolean;
/** Tries to match at a position, and what follows after it. */
type Matcher = (state: State, position: number, rest: Rest) => boolean;

const single = (node: Atom | Place): ((text: string, position: number) => number) => {
  const source = node.kind === 'atom' ? atomSource(node, 'any') : placeSource(node, 'any');
  const pattern = new RegExp(source, node.kind === 'atom' && node.fold ? 'iuy' : 'uy');
  return (text, position) => {
    pattern.lastIndex = position;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };
};

const back = (text: string, position: number, characters: number): number => {
  let start = position;
  for (let left = characters; left > 0; left--) {
    start -= /[\udc00-\udfff]/.test(text[start - 1] ?? '') && start > 1 ? 2 : 1;
  }
  return start;
};

const loop = ({ body, min, max, how }: Node & { kind: 'loop' }): Matcher => {
  if (how === 'possessive') return compile({ kind: 'atomic', body: { kind: 'loop', body, min, max, how: 'greedy' } });
  const once = compile(body);
  return (state, position, rest) => {
    const failed = new Set<string>();
    const turn = (count: number, at: number, last: number): boolean => {
      const turns = max === Number.POSITIVE_INFINITY ? Math.min(count, min) : count;
      const way = `${turns} ${at} ${at === last}`;
      if (failed.has(way)) return false;
      const again = (from: number) => once(state, at, (next) => turn(count + 1, next, from));
      const more = () => count < max && at !== last && again(at);
      const found = count < min ? again(last) : how === 'lazy' ? rest(at) || more() : more() || rest(at);
      if (!found && state.forgets) failed.add(way);
      return found;
    };
    return turn(0, position, -1);
  };
};

const look = ({ body, ahead, negative }: Node & { kind: 'look' }): Matcher => {
  const inner = compile(body);
  const [characters] = width(body);
  return (state, position, rest) => {
    const before = [...state.spans];
    const start = ahead ? position : back(state.text, position, characters);
    const found = start >= 0 && inner(state, start, (end) => ahead || end === position);
    if (found !== negative && rest(position)) return true;
    state.spans = before;
    return false;
  };
};

const compile = (node: Node): Matcher => {
  switch (node.kind) {
    case 'atom':
    case 'place': {
      const end = single(node);
      return (state, position, rest) => {
        const next = end(state.text, position);
        return next >= 0 && rest(next);
      };
    }
    case 'sequence':
      return node.items.map(compile).reduceRight<Matcher>(
        (after, item) => (state, position, rest) => item(state, position, (next) => after(state, next, rest)),
        (_, position, rest) => rest(position),
      );
    case 'choice': {
      const options = node.options.map(compile);
      return (state, position, rest) => options.some((option) => option(state, position, rest));
    }
    case 'capture': {
      const body = compile(node.body);
      return (state, position, rest) =>
        body(state, position, (end) => {
          const before = state.spans[node.index];
          state.spans[node.index] = [position, end];
          if (rest(end)) return true;
          state.spans[node.index] = before;
          return false;
        });
    }
    case 'loop':
      return loop(node);
    case 'look':
      return look(node);
    case 'atomic': {
      const body = compile(node.body);
      return (state, position, rest) => {
        const before = [...state.spans];
        let end = -1;
        const found = body(state, position, (at) => {
          end = at;
          return true;
        });
        if (found && rest(end)) return true;
        state.spans = before;
        return false;
      };
    }
    case 'back':
      return ({ text, spans }, position, rest) => {
        const span = spans[node.index];
        if (!span) return false;
        const wanted = text.slice(...span);
        const there = text.slice(position, position + wanted.length);
        const same = node.fold ? there.toLowerCase() === wanted.toLowerCase() : there === wanted;
        return same && rest(position + wanted.length);
      };
    case 'condition': {
      const [yes, no] = [compile(node.yes), compile(node.no)];
      return (state, position, rest) => (state.spans[node.index] ? yes : no)(state, position, rest);
    }
    default:
      return node satisfies never;
  }
};

/**
 * A matcher with Python's own rules for what JavaScript does otherwise.
 *
 * @returns the spans of the whole match and of each group, or undefined
 */
export const ownMatcher = (root: Node): ((text: string) => (Span | undefined)[] | undefined) => {
  const match = compile(root);
  const forgets = !someNode(root, ({ kind }) => kind === 'back' || kind === 'condition');
  return (text) => {
    const state: State = { text, spans: [], forgets };
    let end = -1;
    const found = match(state, 0, (at) => {
      end = at;
      return true;
    });
    if (!found) return undefined;
    state.spans[0] = [0, end];
    return state.spans;
  };
};
