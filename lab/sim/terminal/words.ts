/** A command: its words, `<x>` for any one word, `<x...>` for the rest of the line; and what it does. */
export type Command<Action> = { words: readonly string[]; action: Action };

/** What a typed line is. `at`: the character that was not understood. */
type Match<Action> =
  | { kind: 'found'; action: Action; args: readonly string[] }
  | { kind: 'invalid' | 'incomplete' | 'ambiguous'; at: number };

/** `write [memory|<to>]` written out: without what stands in brackets, and with each of it. */
const spelled = (text: string): string[] => {
  const [base = '', choices] = text.split(' [');
  return choices === undefined
    ? [base]
    : [
        base,
        ...choices
          .slice(0, -1)
          .split('|')
          .map((each) => `${base} ${each}`),
      ];
};

/** A table of commands from `[['show version [detail]', action], …]`. */
export const commandTable = <Action>(entries: readonly (readonly [string, Action])[]): Command<Action>[] =>
  entries.flatMap(([text, action]) => spelled(text).map((each) => ({ words: each.split(' '), action })));

const isRest = (word: string | undefined) => word?.startsWith('<') === true && word.endsWith('...>');
const isArgument = (word: string | undefined) => word?.startsWith('<') === true;

/** Finds the command that was typed, keywords abbreviated or not, as a device's parser does. */
export const findCommand = <Action>(table: readonly Command<Action>[], line: string): Match<Action> => {
  const tokens = [...line.matchAll(/"[^"]*"|'[^']*'|\S+/g)];
  let open = [...table];
  for (const [at, token] of tokens.entries()) {
    const typed = token[0].toLowerCase();
    const rest = open.filter(({ words }) => words.slice(0, at + 1).some((word) => isRest(word)));
    const here = open.filter((command) => !rest.includes(command) && command.words[at] !== undefined);
    const keywords = here.filter(({ words }) => !isArgument(words[at]));
    const exact = keywords.filter(({ words }) => words[at]?.toLowerCase() === typed);
    const begun = keywords.filter(({ words }) => words[at]?.toLowerCase().startsWith(typed));
    if (exact.length > 0) open = exact;
    else if (begun.length > 0) {
      if (new Set(begun.map(({ words }) => words[at])).size > 1) return { kind: 'ambiguous', at: token.index };
      open = begun;
    } else open = here.filter(({ words }) => isArgument(words[at]));
    open = [...open, ...rest];
    if (open.length === 0) return { kind: 'invalid', at: token.index };
  }
  const done = open.filter(
    ({ words }) => words.length === tokens.length || (isRest(words.at(-1)) && words.length <= tokens.length),
  );
  const best = done.sort((a, b) => Number(isRest(a.words.at(-1))) - Number(isRest(b.words.at(-1))))[0];
  if (!best) return { kind: 'incomplete', at: line.length };
  const args = best.words.flatMap((word, at) => {
    if (isRest(word)) return [line.slice(tokens[at]?.index ?? line.length)];
    return isArgument(word) ? [tokens[at]?.[0] ?? ''] : [];
  });
  return { kind: 'found', action: best.action, args };
};
