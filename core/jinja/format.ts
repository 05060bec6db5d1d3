import { dictGet, dictHas } from './contents.ts';
import { fail } from './failure.ts';
import { repr, str } from './text.ts';
import { defined, Float, isDict, isFloat, isInt, isNumber, Tuple, typeName } from './values.ts';

// Python's two ways to format: `"%-10s|%03d" % (a, b)` and `"{:>8}".format(a)`.

type Spec = {
  fill: string;
  align: string;
  sign: string;
  alternate: boolean;
  width: number;
  comma: string;
  precision: number | undefined;
  type: string;
};

const asNumber = (value: unknown): number => (value instanceof Float ? value.value : Number(value));

const group = (digits: string, mark: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, mark);

const exponent = (value: number, precision: number): string =>
  value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2');

/** `%g`: the shorter of fixed and exponent. */
const general = (value: number, precision: number, alternate: boolean): string => {
  const digits = precision === 0 ? 1 : precision;
  const power = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(Number(value.toExponential(digits - 1)))));
  const text =
    power < -4 || power >= digits ? exponent(value, digits - 1) : value.toFixed(Math.max(0, digits - 1 - power));
  return alternate || !text.includes('.') ? text : text.replace(/\.?0+(?=e|$)/, '');
};

const bases: Record<string, [number, string]> = { x: [16, '0x'], X: [16, '0X'], o: [8, '0o'], b: [2, '0b'] };

/** Digits of a number without its sign. */
const magnitude = (value: unknown, { type, precision, alternate, comma }: Spec): string => {
  const base = bases[type];
  if (base || type === 'd' || type === 'i' || type === 'u' || type === 'c') {
    const whole = isInt(value) ? BigInt(value) : BigInt(Math.trunc(asNumber(value)));
    const digits = (whole < 0n ? -whole : whole).toString(base?.[0] ?? 10);
    const cased = type === 'X' ? digits.toUpperCase() : digits;
    const padded = cased.padStart(precision ?? 0, '0');
    return (base && alternate ? base[1] : '') + (comma && !base ? group(padded, comma) : padded);
  }
  const size = Math.abs(asNumber(value));
  if (!Number.isFinite(size)) return Number.isNaN(size) ? 'nan' : 'inf';
  let text: string;
  if (/[fF%]/.test(type)) text = (type === '%' ? size * 100 : size).toFixed(precision ?? 6);
  else if (/[eE]/.test(type)) text = exponent(size, precision ?? 6);
  else if (/[gG]/.test(type)) text = general(size, precision ?? 6, alternate);
  else
    text = precision === undefined ? str(isFloat(value) ? new Float(size) : size) : general(size, precision, alternate);
  if (comma) text = text.replace(/^\d+/, (digits) => group(digits, comma));
  if (/[EGF]/.test(type)) text = text.toUpperCase();
  return type === '%' ? `${text}%` : text;
};

const pad = (text: string, spec: Spec, byDefault: string): string => {
  const missing = spec.width - [...text].length;
  if (missing <= 0) return text;
  const align = spec.align || byDefault;
  if (align === '<') return text + spec.fill.repeat(missing);
  if (align === '^') return spec.fill.repeat(Math.floor(missing / 2)) + text + spec.fill.repeat(Math.ceil(missing / 2));
  if (align === '=') {
    const sign = /^[+-]?(?:0[xXob])?/.exec(text)?.[0] ?? '';
    return sign + spec.fill.repeat(missing) + text.slice(sign.length);
  }
  return spec.fill.repeat(missing) + text;
};

const signed = (value: unknown, spec: Spec): string => {
  const number = typeof value === 'bigint' ? value : asNumber(value);
  const sign = number < 0 || Object.is(number, -0) ? '-' : spec.sign === '+' || spec.sign === ' ' ? spec.sign : '';
  return sign + magnitude(value, spec);
};

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
  const isText = typeof known === 'string' || (typeof known === 'boolean' && !type);
  if (isNumber(known) && !isText) {
    if (isFloat(known) && /[dxXob]/.test(type)) return fail(`format "${text}" expects an int, found a float`);
    if (!type && isInt(known)) return pad(signed(known, { ...spec, type: 'd' }), spec, '>');
    return pad(signed(known, spec), spec, '>');
  }
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
  const pattern = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?(.)?/gsu;
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
  const field = (name: string): unknown => {
    const [, first = '', path = ''] = /^([^.[]*)(.*)$/s.exec(name) ?? [];
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
