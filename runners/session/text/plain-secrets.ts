import { PlumbError } from '../../../core/errors.ts';
import { BlockPath } from '../../../core/redact/forms/path.ts';
import {
  findStatement,
  harmlessIndex,
  type PlatformSecrets,
  type StoredForm,
  statementIndex,
} from '../../../core/redact/statements.ts';
import { segmentsOf, type Word } from '../../../core/redact/words.ts';
import type { Candidate, Target } from '../../driver.ts';
import { type Block, configLines } from './config-lines.ts';

type Found = { line: number; head: string; write: string };

type Rules = ReturnType<typeof compiled>;

const compiled = (secrets: PlatformSecrets) => ({
  statements: statementIndex(secrets.statements),
  harmless: harmlessIndex([secrets]),
});

const known = new WeakMap<PlatformSecrets, Rules>();

const rulesOf = (secrets: PlatformSecrets): Rules => {
  const rules = known.get(secrets) ?? compiled(secrets);
  known.set(secrets, rules);
  return rules;
};

const isStored = (
  { kinds, value, line, typed, only }: StoredForm,
  words: readonly string[],
  secret: string,
  text: string,
) => {
  if (words.some((word) => typed?.test(word))) return false;
  if (only && !words.some((word) => only.test(word))) return true;
  return words.some((word) => kinds?.test(word)) || value?.test(secret) === true || line?.test(text) === true;
};

/** The first secret of a line that is as it was typed. */
const plainIn = (text: string, words: readonly Word[], path: string, rules: Rules, config: string) => {
  if (findStatement(rules.harmless, words, path)) return undefined;
  const match = findStatement(rules.statements, words, path);
  const stored = match?.statement.stored;
  if (!match || !stored || (stored.when && !stored.when.test(config))) return undefined;
  const { kinds, secrets, head } = match.found;
  const [first] = secrets;
  if (!first || isStored(stored, kinds, text.slice(first.start, first.end), text)) return undefined;
  return { head: text.slice(0, head).trim(), write: stored.write };
};

const find = (config: string, secrets: PlatformSecrets, blocks: readonly Block[]): Found[] => {
  const rules = rulesOf(secrets);
  const around = new BlockPath(false);
  let within = false;
  return configLines(config, { drop: /^\s*!/, blocks }).flatMap(({ text, number, open }) => {
    const skip = within; // a banner may say anything
    within = open;
    if (skip) return [];
    const path = around.enter(text);
    if (!rules.statements.mayHold(text, path)) return [];
    for (const { words } of segmentsOf(text)) {
      const found = plainIn(text, words, path, rules, config);
      if (found) return [{ line: number, ...found }];
    }
    return [];
  });
};

/**
 * Refuses secrets in plain text: the device would store them re-salted, and the intent would differ from it for ever.
 *
 * @param blocks texts in the configuration, in which nothing is a secret
 * @throws PlumbError `refused` with the line, unless the inventory says `options.plainSecrets: true`
 */
export const refusePlainSecrets = (
  config: string,
  secrets: PlatformSecrets,
  { device }: Target,
  blocks: readonly Block[] = [],
): void => {
  if (device.options.plainSecrets === true) return;
  const [found] = find(config, secrets, blocks);
  if (!found) return;
  throw new PlumbError(
    'refused',
    `${device.name}: line ${found.line} has a plain-text secret, which the device stores with a new salt`,
    {
      line: found.line,
      hint: `write it as the device prints it: ${found.write}; or set options.plainSecrets: true and accept that it never compares equal`,
    },
  );
};

/** Lines of a diff that change something, without their sign; parts that only lead to them are left out. */
const changes = (diff: string): string[] => {
  const all = diff.split('\n').filter((line) => line.trim() !== '' && !/^(?:@@|\[edit|[-+ ]*!)/.test(line));
  const signed = all.some((line) => /^[-+]/.test(line)) ? all.filter((line) => /^[-+]/.test(line)) : all;
  const indent = (line: string | undefined) => /^[-+]?(\s*)/.exec(line ?? '')?.[1]?.length ?? 0;
  return signed
    .filter((line, at) => indent(signed[at + 1]) <= indent(line) || signed[at + 1]?.[0] !== line[0])
    .map((line) => line.replace(/^[-+]/, '').trim().replace(/^no /, ''));
};

/**
 * A candidate with secrets that the inventory lets be in plain text: where nothing but their stored forms differs, there
 * is nothing to change that could be told, and they are named as unstable.
 *
 * @param running reads the running configuration, which tells a new secret from one that is only stored otherwise
 */
export const withPlainSecrets = (
  candidate: Candidate,
  config: string,
  secrets: PlatformSecrets,
  running: () => Promise<string>,
  blocks: readonly Block[] = [],
): Candidate => {
  const found = find(config, secrets, blocks);
  if (found.length === 0) return candidate;
  const heads = [...new Set(found.map(({ head }) => head.trim()))];
  let unstable: string[] = [];
  let incomparable = '';
  return {
    get incomparable() {
      return incomparable;
    },
    get unstable() {
      return [...candidate.unstable, ...unstable];
    },
    diff: async () => {
      const diff = await candidate.diff();
      const changed = changes(diff);
      const differ = heads.filter((head) => changed.some((line) => line.startsWith(`${head} `)));
      const known = differ.length === 0 ? [] : (await running()).split('\n').map((line) => line.trim());
      const stored = differ.filter((head) => known.some((line) => line.startsWith(`${head} `)));
      unstable = stored.map((head) => `${head} <secret>`);
      const secretsAlone =
        changed.length > 0 && changed.every((line) => stored.some((head) => line.startsWith(`${head} `)));
      incomparable = secretsAlone ? diff : '';
      return secretsAlone ? '' : diff;
    },
    commit: (options) => candidate.commit(options),
    [Symbol.asyncDispose]: () => candidate[Symbol.asyncDispose](),
  };
};
