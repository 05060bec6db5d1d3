const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** `one device`, `12 devices`: numbers below ten as words only where they begin no sentence and stand for people's reading. */
export const count = (number: number, one: string): string => `${number} ${number === 1 ? one : `${one}s`}`;

/** The same with the number in words, up to nine. */
export const inWords = (number: number, one: string): string =>
  `${small[number] ?? number} ${number === 1 ? one : `${one}s`}`;

/** The first letter of a sentence. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
