// How Tcl 8.3 parts a command into words. Source: Tcl's own manual page, Tcl(n), of that version.

const letters: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A backslash and what follows it. @returns what it means, and where the text goes on; undefined: more must follow */
const substituted = (text: string, at: number): { value: string; next: number } | undefined => {
  const rest = text.slice(at + 1, at + 64);
  if (rest === '') return undefined;
  const [line] = /^\n[ \t]*/.exec(rest) ?? [];
  if (line !== undefined)
    return at + 1 + line.length >= text.length ? undefined : { value: ' ', next: at + 1 + line.length };
  const [octal] = /^[0-7]{1,3}/.exec(rest) ?? [];
  if (octal !== undefined)
    return { value: String.fromCharCode(Number.parseInt(octal, 8) & 255), next: at + 1 + octal.length };
  const [hex] = /^x[0-9a-fA-F]+/.exec(rest) ?? []; // all digits that follow, and the last two count
  if (hex !== undefined)
    return { value: String.fromCharCode(Number.parseInt(hex.slice(1).slice(-2), 16)), next: at + 1 + hex.length };
  const [char = ''] = rest;
  return { value: letters[char] ?? char, next: at + 2 };
};

/** Where a `[` at `at` is closed; -1: not yet. */
const bracketEnd = (text: string, at: number): number => {
  let depth = 0;
  for (let place = at; place < text.length; place++) {
    if (text[place] === '\\') place++;
    else if (text[place] === '[') depth++;
    else if (text[place] === ']' && --depth === 0) return place;
  }
  return -1;
};

/** A word in braces: nothing in it means anything but braces and a backslash at the end of a line. */
const braced = (text: string, at: number): { value: string; next: number } | undefined => {
  let depth = 0;
  let value = '';
  for (let place = at; place < text.length; place++) {
    const char = text[place] ?? '';
    if (char === '\\') {
      const [line] = /^\\\n[ \t]*/.exec(text.slice(place, place + 64)) ?? [];
      value += line === undefined ? text.slice(place, place + 2) : ' ';
      place += line === undefined ? 1 : line.length - 1;
      continue;
    }
    if (char === '{' && depth++ === 0) continue;
    if (char === '}' && --depth === 0) return { value, next: place + 1 };
    value += char;
  }
  return undefined;
};

/**
 * The words of a command, with everything in them substituted.
 *
 * @param run what a command in brackets comes to
 * @param variable the value of a variable
 * @returns undefined while the command is not complete
 */
export const words = (
  text: string,
  run: (script: string) => string,
  variable: (name: string) => string,
): string[] | undefined => {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    at += /^(?:[ \t]|\\\n)*/.exec(text.slice(at, at + 4096))?.[0].length ?? 0;
    if (at >= text.length || text[at] === '\n' || text[at] === ';') return found;
    if (text[at] === '{') {
      const word = braced(text, at);
      if (word === undefined) return undefined;
      found.push(word.value);
      at = word.next;
      continue;
    }
    const inQuotes = text[at] === '"';
    let word = '';
    if (inQuotes) at++;
    for (;;) {
      const char = text[at];
      if (char === undefined) {
        if (inQuotes) return undefined;
        break;
      }
      if (inQuotes ? char === '"' : /[\s;]/.test(char)) break;
      if (char === '\\') {
        const meant = substituted(text, at);
        if (meant === undefined) return undefined;
        word += meant.value;
        at = meant.next;
      } else if (char === '[') {
        const end = bracketEnd(text, at);
        if (end < 0) return undefined;
        word += run(text.slice(at + 1, end));
        at = end + 1;
      } else if (char === '$' && /^\w+/.test(text.slice(at + 1, at + 64))) {
        const [name = ''] = /^\w+/.exec(text.slice(at + 1, at + 64)) ?? [];
        word += variable(name);
        at += name.length + 1;
      } else {
        word += char;
        at++;
      }
    }
    if (inQuotes) at++;
    found.push(word);
  }
};
