import { type Atom, type CharItem, inside, type Node, type Place, someNode, width } from './regex-nodes.ts';

const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const noSpace =
  '\\0-\\x08\\x0e-\\x1b\\x21-\\x84\\x86-\\x9f\\xa1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\u{10ffff}';
const word = '\\p{L}\\p{N}_';

/** Python's classes for text as members of a set, and their form where only ASCII is asked for or can occur. */
const classes = {
  unicode: { d: '\\p{Nd}', D: '\\P{Nd}', w: word, s: space, S: noSpace },
  ascii: { d: '\\d', D: '\\D', w: '\\w', W: '\\W', s: '\\t-\\r\\x20', S: '\\0-\\x08\\x0e-\\x1f\\x21-\\u{10ffff}' },
  // text of ASCII alone, which Python counts as blank from the separators 1c to 1f on
  plain: {
    d: '\\d',
    D: '\\D',
    w: '\\w',
    W: '\\0-\\x2f\\x3a-\\x40\\x5b-\\x5e\\x60\\x7b-\\x7f',
    s: '\\t-\\r\\x1c-\\x20',
    S: '\\0-\\x08\\x0e-\\x1b\\x21-\\x7f',
  },
};

/** The text to be matched: any, or one line of nothing but ASCII, for which the expression is a faster one. */
export type Subject = 'any' | 'plain';

const code = (point: number): string => {
  const character = String.fromCodePoint(point);
  return /[A-Za-z0-9]/.test(character) ? character : `\\u{${point.toString(16)}}`;
};

const classesFor = (ascii: boolean, subject: Subject): Partial<Record<'d' | 'D' | 'w' | 'W' | 's' | 'S', string>> =>
  classes[ascii ? 'ascii' : subject === 'plain' ? 'plain' : 'unicode'];

/** Undefined for what no set can hold beside others: all that is no letter, number or `_`. */
const member = (item: CharItem, ascii: boolean, subject: Subject): string | undefined => {
  if ('class' in item) return classesFor(ascii, subject)[item.class];
  return item.lo === item.hi ? code(item.lo) : `${code(item.lo)}-${code(item.hi)}`;
};

/** The set in JavaScript's syntax (flag `u`: with `v`, V8 misses matches of negated sets in a loop). */
export const atomSource = ({ items, negate, ascii }: Atom, subject: Subject): string => {
  const members = items.map((item) => member(item, ascii, subject));
  const [only] = items;
  if (items.length === 1 && !negate && only && 'lo' in only && only.lo === only.hi) return code(only.lo);
  const others = members.join('');
  if (members.every((each) => each !== undefined)) return `[${negate ? '^' : ''}${others}]`;
  return negate ? `(?:(?![${others}])[${word}])` : `(?:[${others}]|[^${word}])`;
};

/** The place in JavaScript's syntax. */
export const placeSource = ({ at, ascii }: Place, subject: Subject): string => {
  switch (at) {
    case 'start':
      return '(?<![^])';
    case 'very end':
      return '(?![^])';
    case 'end':
      return subject === 'plain' ? '(?![^])' : '(?=\\n?(?![^]))';
    case 'line start':
      return '(?<![^\\n])';
    case 'line end':
      return '(?![^\\n])';
    case 'boundary':
    case 'no boundary': {
      const w = `[${classesFor(ascii, subject).w}]`;
      if (at === 'boundary') return subject === 'plain' ? '\\b' : `(?:(?<=${w})(?!${w})|(?<!${w})(?=${w}))`;
      // Python before 3.14 finds none in an empty text
      return `(?:(?:(?<=${w})(?=${w})|(?<!${w})(?!${w}))(?:(?=[^])|(?<=[^])))`;
    }
    default:
      return at satisfies never;
  }
};

/**
 * Whether JavaScript would find the same: it forgets what a group matched in an earlier turn of a loop, takes no turn
 * that matches nothing, lets a reference to an unset group match, and knows neither conditions nor flags for a part.
 */
export const isNative = (root: Node): boolean => {
  const folds = new Set<boolean>();
  someNode(root, (node) => {
    if (node.kind === 'atom') folds.add(node.fold);
    return false;
  });
  return folds.size < 2 && !someNode(root, differs);
};

const differs = (node: Node): boolean => {
  switch (node.kind) {
    case 'back':
    case 'condition':
    case 'atomic':
      return true;
    case 'look':
      return hasCapture(node.body);
    case 'loop':
      if (node.how === 'possessive' || (node.max > 1 && prefersNothing(node.body))) return true;
      return (
        hasCapture(node.body) && node.max > 0 && (width(node.body)[0] === 0 || (node.max > 1 && maySkip(node.body)))
      );
    default:
      return false;
  }
};

/** Whether a match of the node may take nothing before it tries to take something, which JavaScript refuses in a loop. */
const prefersNothing = (body: Node): boolean =>
  width(body)[0] === 0 &&
  someNode(body, (node) => {
    if (node.kind === 'loop') return node.how === 'lazy' && node.min === 0;
    return node.kind === 'choice' && node.options.slice(0, -1).some((option) => width(option)[0] === 0);
  });

const hasCapture = (node: Node) => someNode(node, ({ kind }) => kind === 'capture');

/** Whether a match of the node may leave out a group in it. */
const maySkip = (node: Node): boolean => {
  if (node.kind === 'choice') return hasCapture(node);
  if (node.kind === 'loop' && node.min === 0 && hasCapture(node.body)) return true;
  return inside(node).some(maySkip);
};

/** The expression in JavaScript's syntax, for the flag `u`; groups keep their numbers. */
export const nativeSource = (node: Node, subject: Subject): string => {
  switch (node.kind) {
    case 'atom':
      return atomSource(node, subject);
    case 'place':
      return placeSource(node, subject);
    case 'sequence':
      return node.items
        .map((item) => (item.kind === 'choice' ? `(?:${nativeSource(item, subject)})` : nativeSource(item, subject)))
        .join('');
    case 'choice':
      return node.options.map((option) => nativeSource(option, subject)).join('|');
    case 'capture':
      return `(${nativeSource(node.body, subject)})`;
    case 'loop': {
      const body = nativeSource(node.body, subject);
      const single = node.body.kind === 'atom' || node.body.kind === 'capture';
      const count = `{${node.min},${node.max === Number.POSITIVE_INFINITY ? '' : node.max}}`;
      return `${single ? body : `(?:${body})`}${count}${node.how === 'lazy' ? '?' : ''}`;
    }
    case 'look':
      return `(?${node.ahead ? '' : '<'}${node.negative ? '!' : '='}${nativeSource(node.body, subject)})`;
    default:
      throw new Error(`${node.kind} has no form in JavaScript`);
  }
};
