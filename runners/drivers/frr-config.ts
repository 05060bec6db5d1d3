// FRR's configuration text as it is structured: lines under the contexts that they belong to.

/** The first line of each top-level context, or the line itself. */
const contextEnd = /^\s*(?:exit(?:-[\w-]+)?|end|quit)$/;

const depth = (line: string) => line.length - line.trimStart().length;

/** A line with the lines that it stands under, outermost first. */
export type Placed = { path: readonly string[]; line: string };

/** Reads the nesting from the indentation, as `show running-config` and `frr-reload.py --test` print it. */
export const placeLines = (text: string): Placed[] => {
  const placed: Placed[] = [];
  const stack: { depth: number; line: string }[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('!') || line.startsWith('#')) continue;
    const at = depth(raw);
    while (stack.length > 0 && (stack.at(-1)?.depth ?? 0) >= at) stack.pop();
    if (contextEnd.test(line)) continue;
    placed.push({ path: stack.map((above) => above.line), line });
    stack.push({ depth: at, line });
  }
  return placed;
};

/** The lines of one context, by the path joined with newlines; '' for the top. */
export const byContext = (text: string): Map<string, Set<string>> => {
  const contexts = new Map<string, Set<string>>();
  for (const { path, line } of placeLines(text)) {
    const key = path.join('\n');
    const lines = contexts.get(key) ?? new Set();
    contexts.set(key, lines.add(line));
  }
  return contexts;
};

/** The value of a top-level line such as `hostname`, the last one that is given. */
export const topLevel = (text: string, keyword: string): { value: string; line: number } | undefined => {
  let found: { value: string; line: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const match = line.startsWith(`${keyword} `) ? line.slice(keyword.length + 1).trim() : undefined;
    if (match) found = { value: match, line: index + 1 };
  }
  return found;
};

/** The line number, from 1, of a line of the text; undefined where it does not hold it. */
export const findLine = (text: string, wanted: string): number | undefined => {
  const squeezed = wanted.trim().split(/\s+/).join(' ');
  const index = text.split('\n').findIndex((line) => line.trim().split(/\s+/).join(' ') === squeezed);
  return index === -1 ? undefined : index + 1;
};

// Lines that FRR or its tools put at the head of a file, comments, and what only closes a context.
const unstored = /^(?:Building configuration\.\.\.|Current configuration:|frr version .*|end|\s*!.*|\s*)$/;

/** The text as it is hashed and compared: without headers, comments and blanks at line ends. */
export const normalise = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !unstored.test(line))
    .map((line) => `${line}\n`)
    .join('');
