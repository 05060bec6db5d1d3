import { fail } from './failure.ts';

// Cuts a template into tokens exactly as Jinja2's lexer does (jinja2/lexer.py, 3.1): nunjucks' own lexer differs in
// `trim_blocks` after comments, `lstrip_blocks`, `{%+`, number formats, escapes in strings, and dictionaries before `}}`.

export type Token = {
  type:
    | 'text'
    | 'begin block'
    | 'end block'
    | 'begin print'
    | 'end print'
    | 'name'
    | 'string'
    | 'int'
    | 'float'
    | 'op'
    | 'end';
  value: string;
  line: number;
};

export type WhitespaceOptions = { trimBlocks: boolean; lstripBlocks: boolean };

const inTag =
  /(\s+)|(\d+(?:_\d+)*(?:\.\d+(?:_\d+)*(?:e[+-]?\d+(?:_\d+)*)?|e[+-]?\d+(?:_\d+)*))|(0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*)|([\p{L}_][\p{L}\p{N}_]*)|('(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,;])/iuy;

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '' };

/** Python's escapes; one that it does not know stays as it is written. */
const plainText = (body: string): string =>
  body.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (all, x, u, long, octal, other) => {
      const hex = x ?? u ?? long;
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return escapes[other] ?? (/[\\'"]/.test(other) ? other : all);
    },
  );

const closing: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

/** @throws TemplateFailure for what no tag may hold */
export const tokenize = (source: string, { trimBlocks, lstripBlocks }: WhitespaceOptions): Token[] => {
  const text = source.replace(/\r\n?/g, '\n');
  const tokens: Token[] = [];
  let position = 0;
  let line = 1;
  let lineStarting = true;

  const countLines = (from: number, to: number) => {
    for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) line += 1;
  };
  const push = (type: Token['type'], value: string) => tokens.push({ type, value, line });
  const advance = (length: number) => {
    countLines(position, position + length);
    lineStarting = length > 0 && text[position + length - 1] === '\n';
    position += length;
  };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    return pattern.exec(text);
  };

  /** The text before a tag, without what the tag's sign or `lstrip_blocks` takes away. */
  const before = (raw: string, sign: string, isPrint: boolean): string => {
    if (sign === '-') return raw.trimEnd();
    if (sign === '+' || !lstripBlocks || isPrint) return raw;
    const start = raw.lastIndexOf('\n') + 1;
    return (start > 0 || lineStarting) && /^\s+$/.test(raw.slice(start)) ? raw.slice(0, start) : raw;
  };

  const suffix = trimBlocks ? '\\n?' : '';
  const ends = {
    block: new RegExp(`\\+%\\}|-%\\}\\s*|%\\}${suffix}`, 'y'),
    print: /-\}\}\s*|\}\}/y,
    comment: new RegExp(`\\+#\\}|-#\\}\\s*|#\\}${suffix}`, 'g'),
    raw: new RegExp(`\\{%([-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}${suffix})`, 'g'),
  };

  const readTag = (kind: 'block' | 'print', opened: number) => {
    const stack: string[] = [];
    for (;;) {
      const end = stack.length === 0 ? match(ends[kind]) : null;
      if (end) {
        push(`end ${kind}`, '');
        advance(end[0].length);
        return;
      }
      const found = match(inTag);
      if (!found) {
        if (position >= text.length) fail(`the tag is not closed: expected ${kind === 'block' ? '%}' : '}}'}`, opened);
        return fail(`unexpected character ${JSON.stringify(text[position])}`, line);
      }
      const [all, , float, int, name, string, op] = found;
      if (float) push('float', float.replaceAll('_', ''));
      else if (int) push('int', int.replaceAll('_', ''));
      else if (name) push('name', name);
      else if (string) push('string', plainText(string.slice(1, -1)));
      else if (op) {
        if (closing[op]) stack.push(closing[op]);
        else if (/[)\]}]/.test(op) && stack.pop() !== op) fail(`unexpected "${op}"`, line);
        push('op', op);
      }
      advance(all.length);
    }
  };

  const begin = /\{(?:%([-+]?)\s*raw\s*(-%\}\s*|%\})|%([-+]?)|\{(-?)|#([-+]?))/g;
  while (position < text.length) {
    const found = match(begin);
    if (!found) {
      push('text', text.slice(position));
      break;
    }
    const [all, rawSign, rawEnd, blockSign, printSign, commentSign] = found;
    const isPrint = printSign !== undefined;
    const raw = text.slice(position, found.index);
    const kept = before(raw, rawSign ?? blockSign ?? printSign ?? commentSign ?? '', isPrint);
    if (kept) push('text', kept);
    advance(raw.length + all.length);
    const opened = line;
    if (rawEnd !== undefined) {
      const end = match(ends.raw) ?? fail('{% raw %} is not closed: expected {% endraw %}', opened);
      const body = text.slice(position, end.index);
      const inside = before(body, end[1] ?? '', false);
      if (inside) push('text', inside);
      advance(body.length + end[0].length);
    } else if (commentSign !== undefined) {
      const end = match(ends.comment) ?? fail('the comment is not closed: expected #}', opened);
      advance(end.index - position + end[0].length);
    } else {
      push(isPrint ? 'begin print' : 'begin block', '');
      readTag(isPrint ? 'print' : 'block', opened);
    }
  }
  push('end', '');
  return tokens;
};
