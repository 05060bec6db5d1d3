import { controls } from '../../core/text/controls.ts';

const names: Record<string, string> = {
  '\r': 'CR',
  '\x00': 'NUL',
  '\x07': 'BEL',
  '\b': 'BS',
  '\x1b': 'ESC',
  '\x7f': 'DEL',
};

const nameOf = (char: string): string =>
  names[char] ?? `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** A stretch of text as it is, or the name of a character that would steer or turn the writing. */
type Part = { text: string } | { control: string };

/** A text in parts, so that nothing in it is obeyed and nothing is left out. */
export const visible = (text: string): Part[] => {
  const parts: Part[] = [];
  let from = 0;
  for (const { 0: char, index } of text.matchAll(controls)) {
    if (index > from) parts.push({ text: text.slice(from, index) });
    parts.push({ control: nameOf(char) });
    from = index + char.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
};
