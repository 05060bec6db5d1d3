import { type Atom, type CharItem, inside, type Node, type Place, someNode, width } from './regex-nodes.ts';

const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** Python's classes for text, and their form where only ASCII is asked for or can occur. */
const classes = {
  unicode: {
    d: '\\p{Nd}',
    D: '\\P{Nd}',
    w: '[\\p{L}\\p{N}_]',
    W: '[^\\p{L}\\p{N}_]',
    s: `[${space}]`,
    S: `[^${space}]`,
  },
  ascii: { d: '\\d', D: '\\D', w: '\\w', W: '\\W', s: '[\\t-\\r\\x20]', S: '[^\\t-\\r\\x20]' },
  // text of ASCII alone, which Python counts as blank from the separators 1c to 1f on
  plain: { d: '\\d', D: '\\D', w: '\\w', W: '\\W', s: '[\\t-\\r\\x1c-\\x20]', S: '[^\\t-\\r\\x1c-\\x20]' },
};

/** The text to be matched: any, or one line of nothing but ASCII, for which the expression is a faster one. */
export type Subject = 'any' | 'plain';

const code = (point: number): string => {
  const character = String.fromCodePoint(point);
  return /[A-Za-z0-9]/.test(character) ? character : `\\u{${point.toString(16)}}`;
};

const classesFor = (ascii: boolean, subject: Subject) =>
  classes[ascii ? 'ascii' : subject === 'plain' ? 'plain' : 'unicode'];

const member = (item: CharItem, ascii: boolean, subject: Subject): string => {
  if ('class' in item) return classesFor(ascii, subject)[item.class];
  return item.lo === item.hi ? code(item.lo) : `${code(item.lo)}-${code(item.hi)}`;
};

/** The set in JavaScript's syntax (flag `v`). */
export const atomSource = ({ items, negate, ascii }: Atom, subject: Subject): string => {
  const members = items.map((item) => member(item, ascii, subject));
  return members.length === 1 && !negate && items[0] && !('hi' in items[0] && items[0].lo !== items[0].hi)
    ? (members[0] ?? '')
    : `[${negate ? '^' : ''}${members.join('')}]`;
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
      const w = classesFor(ascii, subject).w;
      if (at === 'boundary') return w === '\\w' ? '\\b' : `(?:(?<=${w})(?!${w})|(?<!${w})(?=${w}))`;
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
      if (node.how === 'possessive') return true;
      return (
        hasCapture(node.body) && node.max > 0 && (width(node.body)[0] === 0 || (node.max > 1 && maySkip(node.body)))
      );
    default:
      return false;
  }
};

const hasCapture = (node: Node) => someNode(node, ({ kind }) => kind === 'capture');

/** Whether a match of the node may leave out a group in it. */
const maySkip = (node: Node): boolean => {
  if (node.kind === 'choice') return hasCapture(node);
  if (node.kind === 'loop' && node.min === 0 && hasCapture(node.body)) return true;
  return inside(node).some(maySkip);
};

/** The expression in JavaScript's syntax, for the flag `v`; groups keep their numbers. */
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
