import type { Mode } from './syntax.ts';

/** Lines that begin with one of these words; `_` stands for a blank. */
export const begin = (words: string): RegExp =>
  new RegExp(`^(?:${words.trim().split(/\s+/).join('|').replaceAll('_', ' ')})(?: |$)`);

/**
 * A part that takes lines beginning with one of `words`, and every line whose first word the platform knows.
 *
 * @param within names of the parts that it is opened from, with blanks between; `''` for the top level
 */
export const openPart = (name: string, within: string, opens: RegExp, prompt: Mode['prompt'], words: string): Mode => ({
  name,
  ...(within === '' ? {} : { in: within.split(' ') }),
  opens,
  prompt,
  own: begin(words),
});

/** A part that takes no lines but those beginning with one of the words. */
export const part = (...of: Parameters<typeof openPart>): Mode => ({ ...openPart(...of), closed: true });
