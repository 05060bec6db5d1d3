import { exponent, fixed } from './decimals.ts';
import { room } from './limits.ts';
import { str } from './text.ts';
import { Float, isFloat, isInt } from './values.ts';

/** How a value is written, whichever of the two ways said so. */
export type Spec = {
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

const group = (digits: string, mark: string, size = 3): string => {
  const first = digits.length % size || size;
  const parts = [digits.slice(0, first)];
  for (let at = first; at < digits.length; at += size) parts.push(digits.slice(at, at + size));
  return parts.join(mark);
};

/** `%g`: the shorter of fixed and exponent; `point` keeps one decimal, as a float without a type has. */
const general = (
  value: number,
  precision: number,
  { alternate, point }: { alternate: boolean; point: boolean },
): string => {
  const digits = precision === 0 ? 1 : precision;
  const power = value === 0 ? 0 : Number(exponent(value, digits - 1).split('e')[1]);
  const short = power < -4 || power >= (point ? digits - 1 : digits);
  const text =
    short && !(point && value === 0) ? exponent(value, digits - 1) : fixed(value, Math.max(0, digits - 1 - power));
  const [mantissa = '', ...exponents] = text.split('e');
  const cut = mantissa.replace(/(?<!0)0+$/, '').replace(/\.$/, '');
  const trimmed = alternate || !mantissa.includes('.') ? text : [cut, ...exponents].join('e');
  return point && !/[.e]/.test(trimmed) ? `${trimmed}.0` : trimmed;
};

const bases: Record<string, [number, string]> = { x: [16, '0x'], X: [16, '0X'], o: [8, '0o'], b: [2, '0b'] };

/** Digits of a number without its sign. */
const magnitude = (value: unknown, { type, precision, alternate, comma }: Spec): string => {
  const base = bases[type];
  if (base || type === 'd' || type === 'i' || type === 'u' || type === 'c') {
    const whole = isInt(value) ? BigInt(value) : BigInt(Math.trunc(asNumber(value)));
    const digits = (whole < 0n ? -whole : whole).toString(base?.[0] ?? 10);
    const cased = type === 'X' ? digits.toUpperCase() : digits;
    room(precision ?? 0);
    const padded = cased.padStart(precision ?? 0, '0');
    return (base && alternate ? base[1] : '') + (comma ? group(padded, comma, base ? 4 : 3) : padded);
  }
  const size = Math.abs(asNumber(value));
  if (!Number.isFinite(size)) return Number.isNaN(size) ? 'nan' : 'inf';
  let text: string;
  if (/[fF%]/.test(type)) text = fixed(type === '%' ? size * 100 : size, precision ?? 6);
  else if (/[eE]/.test(type)) text = exponent(size, precision ?? 6);
  else if (/[gG]/.test(type)) text = general(size, precision ?? 6, { alternate, point: false });
  else
    text =
      precision === undefined
        ? str(isFloat(value) ? new Float(size) : size)
        : general(size, precision, { alternate, point: true });
  if (alternate && !text.includes('.')) text = text.replace(/^\d+/, '$&.');
  if (comma) text = text.replace(/^\d+/, (digits) => group(digits, comma));
  if (/[EGF]/.test(type)) text = text.toUpperCase();
  return type === '%' ? `${text}%` : text;
};

/** Fills a text up to its width. */
export const pad = (text: string, spec: Spec, byDefault: string): string => {
  room(spec.width);
  const missing = spec.width - [...text].length;
  if (missing <= 0) return text;
  const align = spec.align || byDefault;
  if (align === '<') return text + spec.fill.repeat(missing);
  if (align === '^') return spec.fill.repeat(Math.floor(missing / 2)) + text + spec.fill.repeat(Math.ceil(missing / 2));
  if (align === '=') {
    const sign = /^[-+ ]?(?:0[xXob])?/.exec(text)?.[0] ?? '';
    return sign + spec.fill.repeat(missing) + text.slice(sign.length);
  }
  return spec.fill.repeat(missing) + text;
};

/** A number with its sign. */
export const signed = (value: unknown, spec: Spec): string => {
  const plain = typeof value === 'bigint' ? value : asNumber(value);
  const number = /[diuxXob]/.test(spec.type) && typeof plain === 'number' ? Math.trunc(plain) + 0 : plain; // an int has no -0
  const sign = number < 0 || Object.is(number, -0) ? '-' : spec.sign === '+' || spec.sign === ' ' ? spec.sign : '';
  return sign + magnitude(value, spec);
};
