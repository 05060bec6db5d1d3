import { fail } from './failure.ts';

/** Far beyond what a configuration needs: 50,000 lines take some 500,000 steps. */
const maxSteps = 20_000_000;
const maxChars = 16 * 1024 * 1024;
/** Copying this much of a text costs about as much as a step. */
const charsPerStep = 64;

let left = maxSteps;

/** Where a rendering is, for who ends it from outside: its line, then the letters of its template's name. */
let place: Int32Array | undefined;
let placed = '';

/** A new rendering begins; there is one at a time, for none of them waits. */
export const beginSteps = (): void => {
  left = maxSteps;
  placed = '';
};

/** @param shared is told where each rendering of this thread is */
export const tellPlace = (shared: Int32Array): void => {
  place = shared;
};

/** A rendering has come to this line; 0 where only the template is known. */
export const comeTo = (template: string, line: number): void => {
  if (!place) return;
  place[0] = line;
  if (template === placed) return;
  placed = template;
  const letters = [...template].slice(0, place.length - 2);
  place[1] = letters.length;
  for (const [index, letter] of letters.entries()) place[index + 2] = letter.codePointAt(0) ?? 0;
};

/** @returns what `comeTo` was last told, the line where it is known; undefined where no rendering has begun */
export const placeOf = (shared: Int32Array): { template: string; line?: number } | undefined => {
  const [line = 0, length = 0] = shared;
  if (length === 0) return undefined;
  return { ...(line === 0 ? {} : { line }), template: String.fromCodePoint(...shared.slice(2, length + 2)) };
};

/** Counts work. @throws TemplateFailure where a rendering has done more than any configuration needs */
export const spend = (steps = 1): void => {
  left -= steps;
  if (left < 0) {
    fail(`this takes more than ${maxSteps} steps: does a loop multiply, or a list grow with every turn?`);
  }
};

/** @throws TemplateFailure where a text of so many characters is too long to be made */
export const room = (chars: number): void => {
  if (chars > maxChars) fail(`a text of more than ${maxChars} characters is too large`);
};

/** Texts with a mark between them, unless that is too long. */
export const joined = (texts: readonly string[], mark: string): string => {
  room(texts.reduce((sum, text) => sum + text.length + mark.length, 0));
  return texts.join(mark);
};

/** Counts a value that was made, by its size. @returns the value */
export const weighed = <T>(value: T): T => {
  if (typeof value === 'string') {
    room(value.length);
    spend(Math.floor(value.length / charsPerStep));
  } else if (Array.isArray(value)) spend(value.length);
  return value;
};
