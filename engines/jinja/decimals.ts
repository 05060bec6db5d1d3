import { room } from './limits.ts';

// Decimals of a float as C and Python round them: a tie goes to the even digit, while JavaScript takes the larger one.
// A float has at most 1,074 decimals; a tie shows within 60 of those that are asked for in any text that people write.

const extra = 40;
const most = 100;

const isTie = (rest: string): boolean => /^50*$/.test(rest);
const isEven = (digits: string): boolean => /[02468]$/.test(digits.replace('.', ''));

/** `%.Nf` of a number that is not negative. */
export const fixed = (value: number, digits: number): string => {
  room(digits);
  if (value >= 1e21) return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
  const places = Math.min(digits, most);
  const exact = value.toFixed(Math.min(most, places + extra));
  const end = exact.indexOf('.') + 1 + places;
  const cut = exact.slice(0, places === 0 ? end - 1 : end);
  const rounded = isTie(exact.slice(end)) && isEven(cut) ? cut : value.toFixed(places);
  return rounded + '0'.repeat(digits - places);
};

/** `%.Ne` of a number that is not negative. */
export const exponent = (value: number, digits: number): string => {
  const places = Math.min(digits, most);
  const [mantissa = '', power = ''] = value.toExponential(Math.min(most, places + extra)).split('e');
  const end = 2 + places;
  const cut = mantissa.slice(0, places === 0 ? 1 : end);
  const rounded = isTie(mantissa.slice(end)) && isEven(cut) ? `${cut}e${power}` : value.toExponential(places);
  return rounded.replace(/e([+-])(\d)$/, 'e$10$2');
};
