import { dictGet, dictHas } from './contents.ts';
import { fail } from './failure.ts';
import { pad, type Spec, signed } from './format-number.ts';
import { repr, str } from './text.ts';
import { defined, isDict, isFloat, isInt, isNumber, Tuple, typeName } from './values.ts';

// Python's two ways to format: `"%-10s|%03d" % (a, b)` and `"{:>8}".format(a)`.

/** One value by a format specification as `>8`, `03d`, `.2f`. */
const formatValue = (value: unknown, text: string): string => {
  const match = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su.exec(text);
  if (!match) return fail(`"${text}" is not a format`);
  const [, fill, align = '', sign = '', hash, zero, width, comma = '', precision, type = ''] = match;
  const spec: Spec = {
    fill: fill ?? (zero ? '0' : ' '),
    align: align || (zero ? '=' : ''),
    sign,
    alternate: hash !== undefined,
    width: Number(width ?? 0),
    comma,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
  const known = defined(value);
  if (type && !/[dxXobceEfFgGs%]/.test(type)) return fail(`"${text}" is not a format`);
  const isText = typeof known === 'string';
  if (isNumber(known) && !isText) {
    const crossed = comma && (zero !== undefined || fill === '0' || (comma === ',' && /[xXob]/.test(type)));
    if (crossed) return fail(`format "${text}" mixes what cannot be mixed`);
    const whole = isInt(known) && (!type || /[dxXobc]/.test(type));
    if (type === 's' || (whole && precision !== undefined))
      return fail(`format "${text}" does not work on ${typeName(known)}`);
    if (isFloat(known) && /[dxXobc]/.test(type)) return fail(`format "${text}" expects an int, found a float`);
    if (!type && isInt(known)) return pad(signed(known, { ...spec, type: 'd' }), spec, '>');
    return pad(signed(known, spec), spec, '>');
  }
  if (sign || align === '=' || comma || hash)
    return fail(`format "${text}" expects a number, found ${typeName(known)}`);
  if (type && type !== 's') return fail(`format "${text}" expects a number, found ${typeName(known)}`);
  if (text && !isText) return fail(`format "${text}" does not work on ${typeName(known)}`);
  const plain = str(known);
  const cut = spec.precision === undefined ? plain : [...plain].slice(0, spec.precision).join('');
  return pad(cut, { ...spec, align: align || (zero ? '<' : '') }, '<');
};

/** `template % values`. */
export const percentFormat = (template: string, values: unknown): string => {
  const list = values instanceof Tuple ? [...values] : [values];
  let used = 0;
  const take = (): unknown => {
    if (used >= list.length) return fail(`not enough values for the format ${repr(template)}`);
    used += 1;
    return list[used - 1];
  };
  // a key that is not closed goes on to the end: none is looked for twice
  const pattern = /%(?:\(([^)]*)(?:\)|$))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?(.)?/gsu;
  const text = template.replace(pattern, (_, key, flags, width, precision, type) => {
    if (type === '%') return '%';
    if (!type) return fail(`the format ${repr(template)} ends in the middle`);
    const stars = [width, precision].map((part) =>
      part === '*' ? Number(take()) : part === undefined ? undefined : Number(part),
    );
    const mapping = isDict(list[0]) ? list[0] : undefined;
    const named = () => {
      used = list.length;
      return mapping && dictHas(mapping, key)
        ? dictGet(mapping, key)
        : fail(`the format ${repr(template)} needs a key "${key}"`);
    };
    const value = defined(key === undefined ? take() : named());
    const left = flags.includes('-');
    const spec: Spec = {
      fill: flags.includes('0') && !left && !/[srac]/.test(type) ? '0' : ' ',
      align: left ? '<' : flags.includes('0') && !/[srac]/.test(type) ? '=' : '>',
      sign: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '',
      alternate: flags.includes('#'),
      width: stars[0] ?? 0,
      comma: '',
      precision: stars[1],
      type,
    };
    if (/[sra]/.test(type)) {
      const plain = type === 's' ? str(value) : repr(value);
      return pad(spec.precision === undefined ? plain : [...plain].slice(0, spec.precision).join(''), spec, '>');
    }
    if (type === 'c') return pad(typeof value === 'string' ? value : String.fromCodePoint(Number(value)), spec, '>');
    if (!/[diuxXoeEfFgG]/.test(type)) return fail(`"%${type}" is not a format`);
    if (!isNumber(value)) return fail(`"%${type}" expects a number, found ${typeName(value)}`);
    if (/[xXo]/.test(type) && !isInt(value)) return fail(`"%${type}" expects an int, found a float`);
    return pad(signed(value, spec), spec, '>');
  });
  if (used < list.length && !isDict(list[0])) return fail(`not all values are used by the format ${repr(template)}`);
  return text;
};

/** `template.format(…)`; `look` follows the `.name` and `[key]` of a field. */
export const braceFormat = (
  template: string,
  args: readonly unknown[],
  named: ReadonlyMap<string, unknown>,
  look: (value: unknown, path: string) => unknown,
): string => {
  let automatic = 0;
  let manual = false;
  const field = (name: string): unknown => {
    const [, first = '', path = ''] = /^([^.[]*)(.*)$/s.exec(name) ?? [];
    if (/^\d+$/.test(first)) manual = true;
    if ((first === '' || automatic > 0) && manual) fail(`the format ${repr(template)} numbers only some of its fields`);
    const index = first === '' ? automatic++ : /^\d+$/.test(first) ? Number(first) : undefined;
    if (index !== undefined && index >= args.length)
      return fail(`no value for the field {${name}} of ${repr(template)}`);
    const value =
      index === undefined
        ? named.has(first)
          ? named.get(first)
          : fail(`no value for the field {${name}}`)
        : args[index];
    return path ? look(value, path) : value;
  };
  const pattern = /\{\{|\}\}|\{([^{}:!]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g;
  return template.replace(pattern, (all, name, conversion, spec) => {
    if (all === '{{' || all === '}}') return all.charAt(0);
    if (name === undefined) return fail(`a single "${all}" in the format ${repr(template)}`);
    const value = field(name);
    const filled = (spec ?? '').replace(/\{([^{}]*)\}/g, (_: string, inner: string) => str(field(inner)));
    if (conversion) return formatValue(conversion === 's' ? str(value) : repr(value), filled);
    return filled === '' ? str(value) : formatValue(value, filled);
  });
};
