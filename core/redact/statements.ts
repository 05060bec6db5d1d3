import { compile, literal, type Pattern } from './forms/notation.ts';
import { isProse, mayName } from './generic.ts';
import { isKind, type Match, matcher } from './match.ts';
import type { Shape } from './shapes.ts';
import type { Word } from './words.ts';

/** How the stored form of a secret is recognised, and how it is written. */
export type StoredForm = {
  /** Words before a secret that is in its stored form. */
  kinds?: RegExp;
  /** What a secret in its stored form looks like. */
  value?: RegExp;
  /** The whole line, if another word decides. */
  line?: RegExp;
  /** Words before a secret that is as it was typed, whatever it looks like. */
  typed?: RegExp;
  /** Words of which one must be present: without them the secret is stored as it is. */
  only?: RegExp;
  /** How the device prints it. */
  write: string;
  /** Only in a configuration with such a line: `service password-encryption`. */
  when?: RegExp;
};

/** Statements of a platform that hold secrets, in the notation of redact-notation.ts. */
export type SecretStatements = {
  /** Only in such a block or file, or if the block is not known: the heads of the blocks around, a line each. */
  within?: RegExp;
  /** Only where the block or file is known and like this. */
  inside?: RegExp;
  /** Not at the beginning of such a command, which the statement would match by chance. */
  unless?: RegExp;
  lines: readonly string[];
  /** For secrets that the platform stores in a different form from the typed one. */
  stored?: StoredForm;
};

/** What a platform says about secrets in its configuration. */
export type PlatformSecrets = {
  statements: readonly SecretStatements[];
  /** Statements in which a word like `password` or `key` announces no secret, everywhere or in such a block. */
  harmless?: readonly (string | Pick<SecretStatements, 'inside' | 'lines'>)[];
  /** Secrets that are recognised by their form. */
  shapes?: readonly Shape[];
};

type Statement = SecretStatements & { pattern: Pattern; order: number };
type Index = {
  byWord: Map<string, Statement[]>;
  /** Those in files, which need no keyword. */
  anyWord: (path: string) => Statement[];
  /** Whether a line may hold one of them: most hold none of their words. */
  mayHold: (line: string, path: string) => boolean;
};

/** Words that occur in many lines. */
const usual = /^(?:address|area|encryption|event|host|hostname|interface|ip|ipv6|neighbor|peer|proxy|set|user|vlan)$/;

/** How rare a line is that holds one of `words`: a name of a secret, else a long word. */
const rarity = (words: ReadonlySet<string>): number =>
  Math.min(...[...words].map((word) => (mayName(word) ? 100 : usual.test(word) || isKind(word) ? 0 : word.length)));

type Words = ReadonlySet<string>;

/** Of the sets that a statement needs the one that is best by `value`; of equals the last. */
const best = ({ pattern: { needs } }: Statement, value: (words: Words) => number): Words | undefined =>
  needs.reduce<Words | undefined>((most, words) => (most && value(most) > value(words) ? most : words), undefined);

/** Whether a line holds one of `words`, as a word. */
const holdsOne = (words: readonly string[]): RegExp => {
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return words.length === 0 ? /(?!)/ : new RegExp(`(?:^[-+]?|[\\s"'<>])(?:${escaped.join('|')})(?=[\\s"']|$)`, 'i');
};

const indexOf = (statements: readonly Statement[]): Index => {
  const often = new Map<string, number>();
  for (const word of statements.flatMap(({ pattern }) => pattern.needs.flatMap((words) => [...words])))
    often.set(word, (often.get(word) ?? 0) + 1);
  const fewest = (words: Words) => -Math.max(...[...words].map((word) => often.get(word) ?? 0));
  const byWord = new Map<string, Statement[]>();
  const others: Statement[] = [];
  for (const statement of statements) {
    const trigger = best(statement, fewest);
    if (!trigger) others.push(statement);
    for (const word of trigger ?? []) {
      const list = byWord.get(word);
      if (list) list.push(statement);
      else byWord.set(word, [statement]);
    }
  }
  const telling = new Set(statements.flatMap((statement) => [...(best(statement, rarity) ?? [])]));
  const any = holdsOne([...telling].filter((word) => !mayName(word)));
  const anyWord = (path: string) => others.filter(({ inside }) => !inside || (path !== '' && inside.test(path)));
  return { byWord, anyWord, mayHold: (line, path) => mayName(line) || any.test(line) || anyWord(path).length > 0 };
};

/** Compiled statements, the exact ones first. */
export const statementIndex = (groups: readonly SecretStatements[]): Index => {
  const all = new Map<string, Omit<Statement, 'order'>>();
  for (const group of groups) {
    for (const line of group.lines) {
      // platforms share some statements
      const key = [line, group.within?.source, group.inside?.source, group.unless?.source].join('\n');
      if (!all.has(key)) all.set(key, { ...group, pattern: compile(line) });
    }
  }
  const exactFirst = [...all.values()].sort((a, b) => a.pattern.loose - b.pattern.loose);
  return indexOf(exactFirst.map((statement, order) => ({ ...statement, order })));
};

/** Compiled statements that hold no secret. */
export const harmlessIndex = (platforms: readonly PlatformSecrets[]): Index =>
  statementIndex(
    platforms.flatMap(({ harmless = [] }) => harmless.map((one) => (typeof one === 'string' ? { lines: [one] } : one))),
  );

const negation =
  /^(?:no|undo|set|delete|default|activate|deactivate|inactive:|protect:|replace:|merge:|[-+!#>*]|\S*[#>$])$/;

/** Where in a line a statement may begin that wants its beginning: behind `no`, `set`, a prompt. */
const beginOf = (words: readonly Word[]): number => {
  let at = 0;
  while (at < 3 && at < words.length - 1 && negation.test(words[at]?.text ?? '')) at += 1;
  return at;
};

const startsOf = ({ pattern }: Statement, begin: number, literals: readonly string[]): number[] => {
  const [first] = pattern.parts;
  if (pattern.atStart || first?.kind !== 'one') return begin === 0 ? [0] : [begin, 0];
  const starts: number[] = [];
  for (const [at, word] of literals.entries()) if (first.words.has(word)) starts.push(at);
  return starts;
};

const holds = ({ pattern }: Statement, literals: ReadonlySet<string>): boolean =>
  pattern.needs.every((words) => {
    for (const word of words) if (literals.has(word)) return true;
    return false;
  });

/** Whether a statement may stand where `path` says; what stands before it in its line counts as its block. */
const mayStand = (
  { within, inside, unless }: Statement,
  path: string,
  words: readonly Word[],
  start: number,
): boolean => {
  const textOf = (part: readonly Word[]) => part.map(({ text }) => text).join(' ');
  if (unless?.test(textOf(words.slice(start)))) return false;
  if (!within && !inside) return true;
  const before = textOf(words.slice(Math.max(0, start - 24), start).filter(({ text }) => !negation.test(text)));
  const where = before && path ? `${path}\n${before}` : path + before;
  if (inside) return inside.test(where);
  return !within || where === '' || within.test(where);
};

/** A statement that words match. @param start the word it begins with */
export type Found = { statement: Statement; found: Match; start: number };

/** The statement that the words match from as far in front as there is one, to their end; of those the exactest. */
export const findStatement = (index: Index, words: readonly Word[], path: string): Found | undefined => {
  const literals = words.map(({ text }) => literal(text));
  const known = new Set(literals);
  const candidates = index.anyWord(path);
  for (const word of known)
    for (const statement of index.byWord.get(word) ?? []) if (holds(statement, known)) candidates.push(statement);
  if (candidates.length === 0) return undefined;
  const begin = beginOf(words);
  const attempts: { statement: Statement; start: number }[] = [];
  for (const statement of new Set(candidates))
    for (const start of startsOf(statement, begin, literals)) attempts.push({ statement, start });
  attempts.sort((a, b) => a.start - b.start || a.statement.order - b.statement.order);
  const matchers = new Map<Statement, ReturnType<typeof matcher>>();
  for (const { statement, start } of attempts) {
    const from = matchers.get(statement) ?? matcher(statement.pattern, words);
    matchers.set(statement, from);
    const found = from(start);
    if (!found || !mayStand(statement, path, words, start)) continue;
    if (!statement.pattern.isBare || !isProse(words.slice(0, start))) return { statement, found, start };
  }
  return undefined;
};
