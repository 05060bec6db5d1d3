import { TextFsmFailure } from './failure.ts';
import { type Field, Records } from './record.ts';
import type { Rule } from './rule.ts';
import type { Template } from './template.ts';
import { isTimeout, within } from './time-limit.ts';

/** One record: the Values' names in lower case, in the order of the template. */
export type TextRecord = Record<string, Field>;

/** A template that takes longer than this on one output never ends: a rule tries too many ways to match. */
const limitMs = 10_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: Python ends a line at its information separators too
const lineEnd = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

const splitLines = (text: string): string[] => {
  const lines = text.split(lineEnd);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/**
 * Runs a template over what a command printed, from its state Start.
 *
 * @throws TextFsmFailure `output` where a rule says `Error`, or where it takes too long; with template, line and rule
 */
export const runTemplate = (template: Template, output: string, timeoutMs = limitMs): TextRecord[] => {
  const { file, values, states } = template;
  const records = new Records(template);
  let state = 'Start';
  let at: { rule: Rule; line: string; number: number } | undefined;
  const fail = (what: string, cause?: unknown) => {
    const where = at ? `${file}, line ${at.rule.line}, rule ${at.rule.source}` : file;
    const on = at ? `, on line ${at.number} of the output: ${at.line.slice(0, 200)}` : '';
    const line = at ? { line: at.rule.line } : {};
    return new TextFsmFailure('output', `${where}: ${what}${on}`, { ...line, cause });
  };

  const step = (line: string, number: number): void => {
    for (const rule of states.get(state) ?? []) {
      at = { rule, line, number };
      const groups = rule.regex.match(line);
      if (!groups) continue;
      for (const [name, index] of rule.regex.names) records.assign(name, groups[index] ?? null);
      if (rule.recordAction === 'Record') records.record();
      else if (rule.recordAction === 'Clear') records.clear();
      else if (rule.recordAction === 'Clearall') records.clearAll();
      if (rule.lineAction === 'Error') throw fail(rule.next === '' ? 'the template knows no such line' : rule.next);
      if (rule.lineAction === 'Continue') continue;
      if (rule.next !== '') state = rule.next;
      return;
    }
  };

  const run = () => {
    for (const [index, line] of splitLines(output).entries()) {
      step(line, index + 1);
      if (state === 'End' || state === 'EOF') break;
    }
    if (state !== 'End' && !states.has('EOF')) records.record();
  };

  try {
    within(timeoutMs, run);
  } catch (error) {
    if (error instanceof TextFsmFailure) throw error;
    if (error instanceof RangeError) throw fail('the rule is too deep for a line of this length', error);
    if (!isTimeout(error)) throw fail(error instanceof Error ? error.message : String(error), error);
    throw fail(`it was not done after ${timeoutMs / 1000} s`, error);
  }
  const names = values.map(({ name }) => name.toLowerCase());
  return records.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])));
};
