import { PlumbError } from '../../../core/errors.ts';
import { refusedAt } from '../../session/text/refused-lines.ts';

/** What Junos says against a statement when it checks a candidate. It tells where the statement stands, not in which line. */
export class StatementRefusal extends Error {
  override readonly name = 'StatementRefusal';
  /** `[edit protocols bgp group peers]` */
  readonly path: string;
  readonly statement: string;

  constructor(path: string, statement: string, said: string) {
    super(said);
    this.path = path;
    this.statement = statement;
  }
}

/** Reads what `commit check` prints: the path, the statement, and what is wrong with it, each deeper than the one before. */
export const readRefusal = (said: string): StatementRefusal | undefined => {
  const found = /^[ \t]*(\[edit.*\])\n\s+'(.*)'\n\s+(.*)$/m.exec(said);
  return found ? new StatementRefusal(found[1] ?? '', found[2] ?? '', found[3] ?? '') : undefined;
};

const tag = /^(?:(?:inactive|protect|replace|delete|active|unprotect): ?)+/;
const plain = (text: string): string =>
  text
    .replace(tag, '')
    .replace(/[[\];"]/g, ' ')
    .trim()
    .replace(/\s+/g, ' ');

/** Each statement of a text in braces with its whole path, or each `set` command; in another format: none. */
const statements = function* (config: string): Generator<{ number: number; path: string }> {
  const above: string[] = [];
  let comment = false;
  for (const [at, line] of config.split('\n').entries()) {
    const text = line.trim();
    if (comment || text.startsWith('/*')) {
      comment = !text.includes('*/');
      continue;
    }
    const command = /^set (.*)/.exec(text)?.[1];
    if (command !== undefined) yield { number: at + 1, path: plain(command) };
    else if (text.startsWith('}')) above.pop();
    else if (/[{;]\s*(?:#.*)?$/.test(text) && !text.startsWith('#')) {
      const path = [...above, plain(text.replace(/[{;]\s*(?:#.*)?$/, ''))].filter(Boolean);
      yield { number: at + 1, path: path.join(' ') };
      if (/\{\s*(?:#.*)?$/.test(text)) above.push(path.at(-1) ?? '');
    }
  }
};

/** Numbers of the lines of a statement; of what stands in it, where it has no line of its own. */
const linesOf = (config: string, path: string, statement: string): number[] => {
  const wanted = plain(`${path.replace(/^\[edit ?|\]$/g, '')} ${statement}`);
  const all = [...statements(config)];
  const own = all.filter((one) => one.path === wanted);
  const found = own.length > 0 ? own : all.filter((one) => one.path.startsWith(`${wanted} `)).slice(0, 1);
  return found.map(({ number }) => number);
};

/** A refusal in terms of the file. Errors of other kinds stay what they are. */
export const inFile = (error: unknown, device: string, config: string): unknown => {
  if (!(error instanceof PlumbError && error.cause instanceof StatementRefusal)) return error;
  const { path, statement, message } = error.cause;
  const numbers = linesOf(config, path, statement);
  const what = numbers.length > 0 ? message : `'${statement}': ${message}`;
  const { text, line } = refusedAt(config, numbers, `${what} ${path}`);
  return new PlumbError('rejected', `${device}: ${text}`, {
    cause: error.cause, // its own words: the error around it says the same
    line,
  });
};
