import type { EventEmitter } from 'node:events';
import type { Command } from 'commander';

/** What is at the end of a verb's help: exit codes, notes, examples. */
const afterwords = (verb: Command): string => {
  let text = '';
  (verb as Command & EventEmitter).emit('afterHelp', {
    error: false,
    command: verb,
    write: (more: string) => {
      text += more;
    },
  });
  return text;
};

/** Escaped for roff: nothing in it is a macro or an escape. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');

const paragraph = (text: string): string => roff(text.trim().replaceAll('\n', ' '));

const verbatim = (lines: readonly string[]): string[] => ['.nf', ...lines.map((line) => roff(line)), '.fi'];

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`.SH ${title}`, ...lines];

type Item = { term: string; description: string };

const items = (all: readonly Item[]): string[] =>
  all.flatMap(({ term, description }) => ['.TP', `\\fB${roff(term)}\\fR`, paragraph(description) || '\\&']);

const synopsis = (verb: Command, words: string): string[] => [`\\fB${roff(words)}\\fR ${roff(verb.usage())}`];

/** Arguments and options, as the help lists them. */
const parts = (verb: Command): { given: string[]; options: string[] } => {
  const help = verb.createHelp();
  return {
    given: items(
      help
        .visibleArguments(verb)
        .map((each) => ({ term: help.argumentTerm(each), description: help.argumentDescription(each) })),
    ),
    options: items(
      help
        .visibleOptions(verb)
        .map((each) => ({ term: help.optionTerm(each), description: help.optionDescription(each) })),
    ),
  };
};

/** Paragraphs from the end of the help, each in its section of the manual. */
const ending = (verb: Command): string[] => {
  const [notes, codes, examples]: [string[], string[], string[]] = [[], [], []];
  for (const block of afterwords(verb)
    .trim()
    .split(/\n{2,}/)) {
    const [first = '', ...rest] = block.split('\n');
    if (/^(Example|Start here):/.test(first)) examples.push(...verbatim(rest.map((line) => line.trimStart())));
    else if (first.startsWith('Exit code:')) {
      codes.push(paragraph(first.slice('Exit code:'.length)));
      if (rest.length > 0) notes.push('.PP', ...rest.flatMap((line) => [roff(line), '.br']));
    } else if (first !== '') notes.push('.PP', paragraph(block));
  }
  return [...section('NOTES', notes), ...section('EXIT STATUS', codes), ...section('EXAMPLES', examples)];
};

const inner = (verb: Command, words: string): string[] =>
  verb.commands.flatMap((each) => {
    const { given, options } = parts(each);
    const name = `${words} ${each.name()}`;
    return section(name.toUpperCase(), [
      ...synopsis(each, name),
      '.PP',
      paragraph(each.description()),
      ...given,
      ...options,
    ]);
  });

/**
 * The manual page of a verb, or of `plumb` itself, generated from what `--help` prints.
 *
 * @param seeAlso names of other pages of section 1
 */
export const manPage = (
  verb: Command,
  {
    words,
    summary,
    version,
    date,
    seeAlso,
  }: Record<'words' | 'summary' | 'version' | 'date', string> & {
    seeAlso: readonly string[];
  },
): string => {
  const name = words.replaceAll(' ', '-');
  const { given, options } = parts(verb);
  const isProgram = name === 'plumb';
  const verbs = verb.commands.map((each) => ({ term: each.name(), description: each.summary() || each.description() }));
  const lines = [
    `.TH ${roff(name.toUpperCase())} 1 ${date} "plumbline ${roff(version)}" "Plumbline"`,
    ...section('NAME', [`${roff(name)} \\- ${paragraph(summary)}`]),
    ...section('SYNOPSIS', synopsis(verb, words)),
    ...section('DESCRIPTION', [paragraph(verb.description())]),
    ...section('ARGUMENTS', given),
    ...section('OPTIONS', options),
    ...(isProgram ? section('VERBS', items(verbs)) : inner(verb, words)),
    ...ending(verb),
    ...section('SEE ALSO', [seeAlso.map((each) => `\\fB${roff(each)}\\fR(1)`).join(', ')]),
  ];
  return `${lines.join('\n')}\n`;
};
