import { dictEntries } from './contents.ts';
import { fail } from './failure.ts';
import { Attributes, DictView, defined, Float, isDict, Lazy, Namespace, Range, Tuple, Undefined } from './values.ts';

/** A float as Python's repr writes it. */
const floatText = (value: number): string => {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    const sign = exponent.startsWith('-') ? '-' : '+';
    return `${digits}e${sign}${exponent.replace(/[+-]/, '').padStart(2, '0')}`;
  }
  if (Number.isInteger(value)) return `${Object.is(value, -0) ? '-0' : value}.0`;
  const text = String(value);
  return text.includes('e') ? plainSmall(value) : text;
};

/** Shortest digits without an exponent: JavaScript writes one below 1e-6, Python below 1e-4. */
const plainSmall = (value: number): string => {
  const [digits = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  const zeros = '0'.repeat(Math.max(0, -Number(exponent) - 1));
  return `${value < 0 ? '-' : ''}0.${zeros}${digits.replace('.', '')}`;
};

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const hex = (code: number): string => {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
};

/** A text as Python's repr writes it. */
const quote = (text: string): string => {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\\n\r\t'"]|[\p{C}\p{Z}]/gu, (letter) => {
    if (letter === ' ') return letter;
    if (letter === '"' || letter === "'") return letter === mark ? `\\${letter}` : letter;
    return escapes[letter] ?? hex(letter.codePointAt(0) ?? 0);
  });
  return mark + body + mark;
};

const list = (items: readonly unknown[]): string => items.map(repr).join(', ');

/** What Python's `repr` prints. */
export const repr = (value: unknown): string => {
  const known = defined(value);
  return typeof known === 'string' ? quote(known) : str(known);
};

/** What Python's `str` prints: how a value stands in the output. */
export const str = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined || value === undefined) return String(defined(value));
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value).toString() : floatText(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Tuple) return `(${list(value)}${value.length === 1 ? ',' : ''})`;
  if (value instanceof DictView) return `${value.view}([${list(value)}])`;
  if (value instanceof Range) return value.text;
  if (Array.isArray(value)) return `[${list(value)}]`;
  if (isDict(value)) {
    return `{${dictEntries(value)
      .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
      .join(', ')}}`;
  }
  if (value instanceof Lazy) return fail(`what ${value.from} gives has no text of its own: add "| list" or "| join"`);
  if (value instanceof Namespace) return `<Namespace ${str(value.attributes)}>`;
  if (value instanceof Attributes) return fail(`${value.typeName} has no text of its own`);
  return fail('a function has no text of its own: call it with ()');
};
