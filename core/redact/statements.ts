import { isProse } from './generic.ts';
import { type Match, matcher } from './match.ts';
import { compile, literal, type Pattern } from './notation.ts';
import type { Word } from './words.ts';

/** How the stored form of a secret is told, and how it is written. */
export type StoredForm = {
  /** Words before a secret that is in its stored form. */
  kinds?: RegExp;
  /** What a secret in its stored form looks like. */
  value?: RegExp;
  /** The whole line, where another word tells. */
  line?: RegExp;
  /** Words before a secret that is as it was typed, whatever it looks like. */
  typed?: RegExp;
  /** Words of which one must be there: without them it is kept as it is. */
  only?: RegExp;
  /** How the device prints it. */
  write: string;
  /** Only in a configuration with such a line: `service password-encryption`. */
  when?: RegExp;
};

/** Statements of a platform that hold secrets, in the notation of redact-notation.ts. */
export type SecretStatements = {
  /** Only in such a block or file, or where it is not known in which: the heads of the blocks around, a line each. */
  within?: RegExp;
  /** Only where the block or file is known and like this. */
  inside?: RegExp;
  lines: readonly string[];
  /** For those that the platform stores in another form than they are typed. */
  stored?: StoredForm;
};

/** What a platform says about secrets in its configuration. */
export type PlatformSecrets = {
  statements: readonly SecretStatements[];
  /** Statements in which a word like `password` or `key` announces no secret. */
  harmless?: readonly string[];
  /** Secrets that are told by their form. */
  shapes?: readonly RegExp[];
};

type Statement = SecretStatements & { pattern: Pattern; order: number };
type Index = {
  byWord: Map<string, Statement[]>;
  others: Statement[];
  /** Whether a line may hold one of them: most hold none of their words. */
  mayHold: (line: string, path: string) => boolean;
};

const indexOf = (statements: readonly Statement[]): Index => {
  const byWord = new Map<string, Statement[]>();
  const others: Statement[] = [];
  for (const statement of statements) {
    if (!statement.pattern.trigger) others.push(statement);
    for (const word of statement.pattern.trigger ?? []) {
      const list = byWord.get(word);
      if (list) list.push(statement);
      else byWord.set(word, [statement]);
    }
  }
  const escaped = [...byWord.keys()].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const any = new RegExp(`(?:^|[\\s"'+-])(?:${escaped.join('|')})(?=[\\s"']|$)`, 'i');
  return { byWord, others, mayHold: (line, path) => any.test(line) || (others.length > 0 && path.includes('/')) };
};

/** Compiled statements, the exact ones first. */
export const statementIndex = (groups: readonly SecretStatements[]): Index =>
  indexOf(
    groups
      .flatMap((group) => group.lines.map((line) => ({ ...group, pattern: compile(line) })))
      .sort((a, b) => a.pattern.loose - b.pattern.loose)
      .map((statement, order) => ({ ...statement, order })),
  );

const negation =
  /^(?:no|undo|set|delete|default|activate|deactivate|inactive:|protect:|replace:|merge:|[-+!#>*]|\S*[#>$])$/;

/** Where in a line a statement may begin that wants its beginning: behind `no`, `set`, a prompt. */
const beginOf = (words: readonly Word[]): number => {
  let at = 0;
  while (at < 3 && at < words.length - 1 && negation.test(words[at]?.text ?? '')) at += 1;
  return at;
};

const startsOf = ({ pattern }: Statement, words: readonly Word[]): number[] => {
  const [first] = pattern.parts;
  if (pattern.atStart || first?.kind !== 'one') return [...new Set([beginOf(words), 0])];
  return words.flatMap(({ text }, at) => (first.words.has(literal(text)) ? [at] : []));
};

/** Whether a statement may stand where `path` says; what stands before it in its line counts as its block. */
const mayStand = ({ within, inside }: Statement, path: string, words: readonly Word[], start: number): boolean => {
  if (!within && !inside) return true;
  const before = words
    .slice(Math.max(0, start - 24), start)
    .filter(({ text }) => !negation.test(text))
    .map(({ text }) => text)
    .join(' ');
  const where = before && path ? `${path}\n${before}` : path + before;
  if (inside) return inside.test(where);
  return !within || where === '' || within.test(where);
};

/** The statement that the words match from as far in front as there is one, to their end; of those the exactest. */
export const findStatement = (
  index: Index,
  words: readonly Word[],
  path: string,
): { statement: Statement; found: Match; start: number } | undefined => {
  const candidates = new Set(index.others);
  for (const { text } of words)
    for (const statement of index.byWord.get(literal(text)) ?? []) candidates.add(statement);
  if (candidates.size === 0) return undefined;
  const attempts = [...candidates].flatMap((statement) => {
    const from = matcher(statement.pattern, words);
    return startsOf(statement, words).map((start) => ({ statement, start, from }));
  });
  attempts.sort((a, b) => a.start - b.start || a.statement.order - b.statement.order);
  for (const { statement, start, from } of attempts) {
    const found = from(start);
    if (!found || !mayStand(statement, path, words, start)) continue;
    if (!statement.pattern.isBare || !isProse(words.slice(0, start))) return { statement, found, start };
  }
  return undefined;
};
