import { emptyTree, type Node } from '../../config/tree.ts';
import { known } from './grammar.ts';

/** A mistake in a text: where, and what could not be read. */
export type Mistake = { line: number; column: number; path: readonly string[]; text: string; what: string };

/** Reads a configuration in braces. An annotation stays with the statement after it; comments behind `#` are dropped. */
export const readBraces = (text: string): { root: Node; mistakes: Mistake[] } => {
  const root = emptyTree();
  const open: Node[] = [root];
  const mistakes: Mistake[] = [];
  let words = '';
  let notes: string[] = [];
  let line = 1;
  let column = 0;
  let bad: Node | undefined;
  const path = () => open.slice(1).map((node) => node.text);
  const add = (opens: boolean): Node => {
    const node: Node = {
      text: words.trim().replace(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, ' '),
      children: [],
      ...(opens ? { opens } : {}),
      ...(notes.length > 0 ? { notes } : {}),
    };
    words = '';
    notes = [];
    const parent = open.at(-1) ?? root;
    if (!bad && !known(parent.text, node.text)) {
      mistakes.push({
        line,
        column: Math.max(0, column - node.text.length),
        path: path(),
        text: node.text,
        what: 'syntax error',
      });
      if (opens) bad = node;
      return node;
    }
    if (!bad) parent.children.push(node);
    return node;
  };
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|##?[^\n]*|[{};\n]|[^\s{};"#]+|[^\S\n]+/g);
  for (const [token] of tokens) {
    if (token === '\n') {
      line++;
      column = 0;
      words += ' ';
      continue;
    }
    column += token.length;
    if (token.startsWith('#') || token.startsWith('/*')) {
      line += token.split('\n').length - 1;
      if (token.startsWith('/*') && words.trim() === '') notes.push(token);
      continue;
    }
    if (token === '{') open.push(add(true));
    else if (token === ';') {
      if (words.trim() !== '') add(false);
    } else if (token === '}') {
      const closed = open.pop();
      if (closed === bad) bad = undefined;
      if (open.length === 0) {
        mistakes.push({ line, column, path: [], text: '}', what: 'syntax error' });
        open.push(root);
      }
    } else words += token;
  }
  if (open.length > 1) mistakes.push({ line, column, path: path(), text: '', what: "missing closing '}'" });
  return { root, mistakes };
};

const isSecret =
  /^(?:encrypted-password|authentication-key|secret|pre-shared-key|ssh-rsa|ssh-ed25519|simple-password|md5 .* key) "/;

const note = (text: string): string => {
  if (isSecret.test(text)) return ' ## SECRET-DATA';
  const deprecated = /^(queue-size) /.exec(text);
  return deprecated ? ` ## Warning: '${deprecated[1]}' is deprecated` : '';
};

/** The lines of a configuration in braces. */
export const braces = (node: Node, depth = 0): string[] =>
  node.children.flatMap((one) => {
    const pad = ' '.repeat(depth * 4);
    const notes = (one.notes ?? []).flatMap((text) => `${pad}${text}`.split('\n'));
    if (one.children.length === 0) return [...notes, `${pad}${one.text};${note(one.text)}`];
    return [...notes, `${pad}${one.text} {`, ...braces(one, depth + 1), `${pad}}`];
  });

/** The lines of a configuration as `set` commands. */
export const setLines = (node: Node, path = ''): string[] =>
  node.children.flatMap((one) => {
    const here = `${path} ${one.text}`;
    return one.children.length === 0 ? [`set${here}`] : setLines(one, here);
  });
