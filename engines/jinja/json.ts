import { dictEntries } from './contents.ts';
import { fail } from './failure.ts';
import { room } from './limits.ts';
import { str } from './text.ts';
import { defined, isDict, isNumber, typeName } from './values.ts';

/** Python's `json.dumps` with sorted keys, and what Jinja2's tojson does to it for HTML. */
export const toJson = (value: unknown, indent: number | undefined): string => {
  const text = (part: string) =>
    JSON.stringify(part).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const write = (part: unknown, depth: number): string => {
    const known = defined(part);
    if (known === null) return 'null';
    if (typeof known === 'boolean') return String(known);
    if (isNumber(known)) return str(known).replace('inf', 'Infinity').replace('nan', 'NaN');
    if (typeof known === 'string') return text(known);
    const [open, close, items] = Array.isArray(known)
      ? ['[', ']', known.map((item) => write(item, depth + 1))]
      : isDict(known)
        ? ['{', '}', sortedEntries(known).map(([key, item]) => `${text(key)}: ${write(item, depth + 1)}`)]
        : fail(`tojson cannot write ${typeName(known)}${typeName(known) === 'a generator' ? ': add "| list"' : ''}`);
    if (items.length === 0) return open + close;
    if (indent === undefined) return open + items.join(', ') + close;
    room(indent * (depth + 1) * items.length);
    const pad = (level: number) => `\n${' '.repeat(indent * level)}`;
    return open + pad(depth + 1) + items.join(`,${pad(depth + 1)}`) + pad(depth) + close;
  };
  return write(value, 0).replace(/[<>&']/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
};

const sortedEntries = (dict: Parameters<typeof dictEntries>[0]): [string, unknown][] => {
  const word = (key: unknown) => (typeof key === 'boolean' ? String(key) : key === null ? 'null' : str(key));
  const entries = dictEntries(dict);
  if (entries.some(([key]) => typeof key !== typeof entries[0]?.[0]))
    fail('tojson cannot sort keys of different types');
  entries.sort(([a], [b]) => (typeof a === 'number' && typeof b === 'number' ? a - b : word(a) < word(b) ? -1 : 1));
  return entries.map(([key, value]) => [word(key), value]);
};
