import { TextFsmFailure } from './failure.ts';
import { PythonRegex } from './python-regex.ts';
import { parseRule, type Rule } from './rule.ts';

type ValueOption = 'Required' | 'Filldown' | 'Fillup' | 'Key' | 'List';

/** A column of the records. */
export type Value = {
  name: string;
  /** In the order in which they were written, which is the order in which they act. */
  options: readonly ValueOption[];
  /** The value's own expression; its inner groups become the fields of a `List`'s items. */
  regex: PythonRegex;
  /** What stands for `${NAME}` in a rule. */
  substitute: string;
};

/** A template, checked: all states that rules lead to are there. */
export type Template = {
  /** Where it came from, for messages. */
  file: string;
  values: readonly Value[];
  states: ReadonlyMap<string, readonly Rule[]>;
};

const optionNames: readonly string[] = ['Required', 'Filldown', 'Fillup', 'Key', 'List'] satisfies ValueOption[];
const isOption = (text: string): text is ValueOption => optionNames.includes(text);

const reserved = ['Continue', 'Next', 'Error', 'Clear', 'Clearall', 'Record', 'NoRecord'];
const longestName = 48;
const comment = /^\s*#/;

/** Says what is wrong with a line of a template. */
export type Fail = (message: string, cause?: unknown) => never;

const parseValue = (line: string, fail: Fail): Value => {
  const words = line.split(' ');
  const [, first = '', second = ''] = words;
  if (words.length < 3) fail('a Value needs a name and an expression');
  const hasOptions = !second.startsWith('(');
  const options = hasOptions ? first.split(',') : [];
  const name = hasOptions ? second : first;
  const source = words.slice(hasOptions ? 3 : 2).join(' ');
  for (const [index, option] of options.entries()) {
    if (!isOption(option)) fail(`unknown option "${option}"; there are ${optionNames.join(', ')}`);
    if (options.indexOf(option) !== index) fail(`option "${option}" stands there twice`);
  }
  if (name === '' || name.length > longestName) fail(`a Value's name has 1 to ${longestName} characters`);
  if (!/^\(.*\)$/s.test(source) || source.endsWith('\\)')) fail(`the expression of ${name} must stand in ( )`);
  try {
    const substitute = source.replace('(', () => `(?P<${name}>`);
    return { name, options: options.filter(isOption), regex: new PythonRegex(source), substitute };
  } catch (cause) {
    return fail(`the expression of ${name} is not valid: ${source}`, cause);
  }
};

/** Each line with its number, without blanks at its end. */
const linesOf = (text: string) =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ line: line.trimEnd(), number: index + 1 }));

/**
 * Reads a TextFSM template.
 *
 * @param file its name, for messages
 * @throws TextFsmFailure `template` with file and line
 */
export const parseTemplate = (text: string, file: string): Template => {
  const values: Value[] = [];
  const states = new Map<string, Rule[]>();
  let section: 'values' | 'between' | 'rules' = 'values';
  let rules: Rule[] = [];
  const substitutes = new Map<string, string>();
  for (const { line, number } of linesOf(text)) {
    const fail: Fail = (message, cause) => {
      const reason = cause instanceof Error ? `: ${cause.message}` : '';
      throw new TextFsmFailure('template', `${file}, line ${number}: ${message}${reason}`, { cause, line: number });
    };
    if (line === '') {
      section = 'between';
    } else if (!comment.test(line)) {
      if (section === 'values') {
        if (!line.startsWith('Value '))
          fail(values.length ? 'an empty line must end the Values' : 'no Value before it');
        const value = parseValue(line, fail);
        if (substitutes.has(value.name)) fail(`Value ${value.name} stands there twice`);
        values.push(value);
        substitutes.set(value.name, value.substitute);
      } else if (section === 'between') {
        if (!/^[\p{L}\p{N}_]+$/u.test(line) || line.length > longestName || reserved.includes(line)) {
          fail(`"${line}" cannot be the name of a state`);
        }
        if (states.has(line)) fail(`state ${line} stands there twice`);
        rules = [];
        states.set(line, rules);
        section = 'rules';
      } else {
        if (!/^(?: {1,2}|\t)\^/.test(line)) fail('a rule begins with one or two blanks or a tab, then ^');
        rules.push(parseRule(line, number, substitutes, fail));
      }
    }
  }
  return check({ file, values, states });
};

const check = (template: Template): Template => {
  const { file, states } = template;
  const fail = (message: string, line?: number) => {
    const place = line === undefined ? file : `${file}, line ${line}`;
    throw new TextFsmFailure('template', `${place}: ${message}`, { line });
  };
  if (!states.has('Start')) fail('it has no state Start');
  for (const name of ['End', 'EOF']) if (states.get(name)?.length) fail(`state ${name} must have no rules`);
  for (const [state, rules] of states) {
    for (const { next, line, lineAction } of rules) {
      const known = next === '' || next === 'End' || next === 'EOF' || states.has(next);
      if (!known && lineAction !== 'Error') fail(`state ${state} leads to ${next}, which is not there`, line);
    }
  }
  return template;
};
