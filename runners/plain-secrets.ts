import { PlumbError } from '../core/errors.ts';
import { type Block, configLines } from './cli-session-lines.ts';
import type { Candidate, Target } from './driver.ts';

/** A line that holds a secret as it is typed, which the platform stores in another form. */
export type PlainSecret = {
  pattern: RegExp;
  /** How the device prints it. */
  write: string;
  /** Only in a configuration with such a line: `service password-encryption`. */
  when?: RegExp;
};

/**
 * A line that ends with a secret, typed as it is.
 *
 * @param before what comes before the secret, as a pattern
 * @param stored words before a secret that is in its stored form already, as a pattern
 * @param after what may follow the secret, as a pattern
 */
export const plain = (before: string, stored: string, write: string, after = ''): PlainSecret => ({
  pattern: new RegExp(`^\\s*(${before}) (?:(?:0|clear|clear-text) \\S|(?!(?:${stored}) )[^\\s;{]+${after}\\s*$)`),
  write,
});

type Found = { line: number; head: string; rule: PlainSecret };

const find = (config: string, rules: readonly PlainSecret[], blocks: readonly Block[]): Found[] => {
  const here = rules.filter(({ when }) => when === undefined || when.test(config));
  if (here.length === 0) return [];
  let within = false;
  return configLines(config, { drop: /^\s*!/, blocks }).flatMap(({ text, number, open }) => {
    const skip = within; // a banner may say anything
    within = open;
    const rule = skip ? undefined : here.find(({ pattern }) => pattern.test(text));
    return rule ? [{ line: number, head: rule.pattern.exec(text)?.[1] ?? text.trim(), rule }] : [];
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
  rules: readonly PlainSecret[],
  { device }: Target,
  blocks: readonly Block[] = [],
): void => {
  if (device.options.plainSecrets === true) return;
  const [found] = find(config, rules, blocks);
  if (!found) return;
  throw new PlumbError(
    'refused',
    `${device.name}: line ${found.line} holds a secret in plain text, which the device stores re-salted`,
    {
      line: found.line,
      hint: `write it as the device prints it: ${found.rule.write}; or set options.plainSecrets: true and live with the difference`,
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
  rules: readonly PlainSecret[],
  running: () => Promise<string>,
  blocks: readonly Block[] = [],
): Candidate => {
  const found = find(config, rules, blocks);
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
