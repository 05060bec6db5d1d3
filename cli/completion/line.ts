import type { Argument, Command, Option } from 'commander';

/** What the word under the cursor is: the value of an option, an argument, an option, or a verb. */
type Place =
  | { kind: 'value'; of: Option; before: string }
  | { kind: 'option'; verb: Command; used: ReadonlySet<string> }
  | { kind: 'argument'; of: Argument }
  | { kind: 'verb'; of: Command }
  | { kind: 'nothing' };

export type Line = {
  place: Place;
  /** What is typed of the word under the cursor; for `--option=val`, of the value. */
  typed: string;
  /** Values of the options that were given, by their long names. */
  given: Readonly<Record<string, string>>;
  /** What precedes the cursor and is neither a verb nor an option. */
  operands: readonly string[];
};

const optionOf = (verb: Command, word: string): Option | undefined => {
  for (let at: Command | null = verb; at; at = at.parent) {
    const found = at.options.find(({ long, short }) => long === word || short === word);
    if (found) return found;
  }
  return undefined;
};

/** bash splits at `=`: joins what belongs together. */
const joined = (words: readonly string[]): string[] => {
  const out: string[] = [];
  for (const [index, word] of words.entries()) {
    const before = out.at(-1);
    const afterOption = before?.startsWith('--') && !before.includes('=') && word === '=';
    const afterSign = before?.startsWith('--') && before.endsWith('=') && words[index - 1] === '=';
    if (afterOption || afterSign) out[out.length - 1] = `${before}${word}`;
    else out.push(word);
  }
  return out;
};

/**
 * Reads a line as commander would, up to the cursor.
 *
 * @param words all of the line but the program, the last one up to the cursor
 */
export const readLine = (program: Command, words: readonly string[], splitAtEquals: boolean): Line => {
  const [typed = '', ...reversed] = (splitAtEquals ? joined(words) : [...words]).reverse();
  const given: Record<string, string> = {};
  const used = new Set<string>();
  let verb = program;
  const operands: string[] = [];
  let helped = false;
  let literal = false;
  let waiting: Option | undefined;
  const keep = (option: Option, value: string) => {
    given[option.attributeName()] = value;
  };
  for (const word of reversed.reverse()) {
    if (waiting) {
      keep(waiting, word);
      waiting = undefined;
    } else if (!literal && word === '--') literal = true;
    else if (!literal && word.startsWith('-') && word !== '-') {
      const [, name = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
      const option = optionOf(verb, name);
      if (option) used.add(option.attributeName());
      if (option && value !== undefined) keep(option, value);
      else if (option?.required) waiting = option;
    } else {
      const inner = verb.commands.find((each) => each.name() === word);
      if (inner) verb = inner;
      else if (verb === program && word === 'help') helped = true;
      else operands.push(word);
    }
  }
  const line = (place: Place, text = typed): Line => ({ place, typed: text, given, operands });
  if (literal) return line({ kind: 'nothing' }); // a command of a device, of which nothing is known here
  if (waiting) return line({ kind: 'value', of: waiting, before: '' });
  const [, name = '', value] = /^(--[^=]+)=(.*)$/s.exec(typed) ?? [];
  const option = value === undefined ? undefined : optionOf(verb, name);
  if (option && value !== undefined) {
    return line({ kind: 'value', of: option, before: splitAtEquals ? '' : `${name}=` }, value);
  }
  if (typed.startsWith('-')) return line({ kind: 'option', verb, used });
  if (verb.commands.length > 0) return line(operands.length === 0 ? { kind: 'verb', of: verb } : { kind: 'nothing' });
  if (helped) return line({ kind: 'nothing' });
  const { registeredArguments: all } = verb;
  const argument = all[operands.length] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
  return line(argument ? { kind: 'argument', of: argument } : { kind: 'nothing' });
};
