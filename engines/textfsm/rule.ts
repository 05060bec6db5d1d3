import { TextFsmFailure } from './failure.ts';
import { PythonRegex } from './python-regex.ts';
import type { Fail } from './template.ts';

/** One rule of a state: what a line must begin with, and what follows from it. */
export type Rule = {
  regex: PythonRegex;
  /** As it is written in the template. */
  source: string;
  line: number;
  lineAction: 'Next' | 'Continue' | 'Error';
  recordAction: 'NoRecord' | 'Record' | 'Clear' | 'Clearall';
  /** The state to go to, '' to stay; the message of an `Error`, in its quotes. */
  next: string;
};

const lineActions = '(?<line>Continue|Next|Error)';
const recordActions = '(?<record>Clearall|Clear|Record|NoRecord)';
const target = '(?:\\s+(?<next>[\\p{L}\\p{N}_]+|".*"))?';

/** What may stand after `->`, in the order of preference. */
const actions = [
  new RegExp(`^\\s+${lineActions}(?:\\.${recordActions})?${target}$`, 'u'),
  new RegExp(`^\\s+${recordActions}${target}$`, 'u'),
  new RegExp(`^${target}$`, 'u'),
];

const substitute = (text: string, substitutes: ReadonlyMap<string, string>, fail: Fail): string =>
  // Python's string.Template; without any Value nothing is replaced
  substitutes.size === 0
    ? text
    : text.replace(
        /\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\}|)/g,
        (whole, dollar, name, braced) => {
          if (dollar) return '$';
          const value = substitutes.get(name ?? braced);
          if (value !== undefined) return value;
          return fail(whole === '$' ? 'a single $ is no Value; the end of the line is $$' : `${whole} is no Value`);
        },
      );

/** Reads one rule of a template. */
export const parseRule = (text: string, line: number, substitutes: ReadonlyMap<string, string>, fail: Fail): Rule => {
  const rule = text.trim();
  const [, source = rule, action] = /^(.*)\s->(.*)$/su.exec(rule) ?? [];
  let regex: PythonRegex;
  try {
    regex = new PythonRegex(substitute(source, substitutes, fail));
  } catch (cause) {
    if (cause instanceof TextFsmFailure) throw cause;
    return fail(`rule ${source} is not a valid expression`, cause);
  }
  const parts = actions.map((pattern) => pattern.exec(action ?? '')).find((found) => found);
  if (!parts)
    return fail(`"->${action ?? ''}" is no action: Line.Record State, such as "-> Continue.Record" or "-> Peers"`);
  const { line: lineAction = 'Next', record = 'NoRecord', next = '' } = parts.groups ?? {};
  if (lineAction === 'Continue' && next !== '') fail(`Continue cannot change the state (to ${next})`);
  if (lineAction !== 'Error' && next.startsWith('"')) fail('only Error takes a message');
  return {
    regex,
    source,
    line,
    lineAction: lineAction as Rule['lineAction'],
    recordAction: record as Rule['recordAction'],
    next,
  };
};
