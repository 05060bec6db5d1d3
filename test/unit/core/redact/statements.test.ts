import { afterEach, describe, expect, it } from 'vitest';
import { platformSecrets } from '../../../../core/redact/platforms/all.ts';
import { redact } from '../../../../core/redact/redact.ts';
import { secretsIn } from '../../../../core/redact/redact-learn.ts';
import { forgetSecrets } from '../../../../core/redact/redact-registered.ts';
import type { SecretStatements } from '../../../../core/redact/statements.ts';

afterEach(forgetSecrets);

const words = { '*': ['name1'], '#': ['5'], '@': ['192.0.2.1'], '~': ['', 'more words'], '...': [''] } as const;
const secret = '¤';

const most = 8;

/** Ways to write a statement down, with ¤ where its secret stands, with and without what may be missing. */
const written = (source: string): string[] => {
  const tokens = source.replace(/^\^/, '').match(/\[|\]|\{[^}]*\}|[^\s[\]]+/g) ?? [];
  const from = (at: number, close: boolean): { lines: string[]; end: number } => {
    let lines = [''];
    let index = at;
    for (; index < tokens.length; index += 1) {
      const token = tokens[index] ?? '';
      if (close && token === ']') break;
      let choices: readonly string[] = [token.replace(/^\\/, '')];
      if (token === '[') {
        const inner = from(index + 1, true);
        choices = ['', ...inner.lines];
        index = inner.end;
      } else if (/^<(?:word|rest|text)>$/.test(token)) choices = [secret];
      else if (token in words) choices = words[token as keyof typeof words];
      else if (token.startsWith('{')) {
        const all = token.slice(1, -1).split('|');
        choices = [...new Set([all[0] ?? '', all.at(-1) ?? ''])];
      }
      lines = lines.flatMap((line) => choices.map((choice) => `${line} ${choice}`)).slice(0, 64);
    }
    return { lines, end: index };
  };
  const all = from(0, false).lines.map((line) => line.replace(/ +/g, ' ').trim());
  return all.filter((_, at) => all.length <= most || at % Math.ceil(all.length / most) === 0);
};

/** In which block or file a statement stands, where it wants one. */
const blocks: readonly [RegExp, string][] = [
  [/collectd/, '==> /etc/collectd.conf 0600 <=='],
  [/netplan/, '==> /etc/netplan/01.yaml 0600 <=='],
  [/tacacs/, 'tacacs server T1'],
  [/hsrp/, 'hsrp 1'],
  [/eap_user/, '==> /etc/hostapd.eap_user 0600 <=='],
  [/chap/, '==> /etc/ppp/chap-secrets 0600 <=='],
  [/sasl/, '==> /etc/postfix/sasl_passwd 0600 <=='],
  [/shadow/, '==> /etc/example.secrets 0600 <=='],
];
const blockOf = ({ inside }: SecretStatements): string =>
  inside ? (blocks.find(([of]) => of.test(inside.source))?.[1] ?? 'no block known') : '';

const canary = 'C4nary-tweet';
const values = [
  canary,
  `"${canary}"`,
  `"${canary} and tweet"`,
  `${canary}${'x'.repeat(900)}tweet`,
  `${canary}$&%@/=tweet`,
];
const kinds = ['', '7 ', 'encrypted '];
const forms = (platform: string): ((line: string) => string)[] => [
  (line) => line,
  (line) => `   ${line}`,
  (line) => `+ ${line}`,
  (line) => `-${line}`,
  ...(platform === 'linux' ? [] : [(line: string) => `- no ${line}`]),
];

/** The lines as they are shown, below the head of the block that they stand in. */
const shownOf = (block: string, lines: readonly string[]): string[] => {
  const inside =
    block === '' || block.startsWith('==>') ? lines : lines.map((line) => line.replace(/^([-+]?)/, '$1  '));
  const shown = redact([block, ...inside].join('\n'))
    .split('\n')
    .slice(1);
  return inside === lines ? shown : shown.map((line) => line.replace(/^([-+]?) {2}/, '$1'));
};

const cases = Object.entries(platformSecrets).map(
  ([platform, { statements }]) =>
    [platform, statements.flatMap((group) => group.lines.map((line) => [line, group] as const))] as const,
);

describe.each(cases)('the statements of %s', (platform, lines) => {
  it.each(lines)('keep nothing of their secret: %s', (source, group) => {
    const all = /<(?:rest|text)>/.test(source) ? [...values, `${canary} and tweet`] : values;
    for (const [at, form] of forms(platform).entries()) {
      const lines = written(source).flatMap((line, row) =>
        all.map((value, column) =>
          form(line.replaceAll(secret, () => kinds[(at + row + column) % kinds.length] + value)),
        ),
      );
      const shown = shownOf(blockOf(group), lines);
      expect(shown.length).toBe(lines.length);
      for (const [at, line] of shown.entries()) {
        expect(line, lines[at]).not.toMatch(/C4nary|tweet/);
        expect(line, lines[at]).toContain('<secret>');
      }
      expect(shownOf(blockOf(group), shown), 'a second time').toEqual(shown);
    }
  });

  it.each(lines)('still show that it changed, in the same words: %s', (source, group) => {
    for (const line of written(source)) {
      const diff = [`-${line}`, `+${line}`].map((one, at) => one.replaceAll(secret, `C4nary${at}`));
      const [before = '', after = ''] = shownOf(blockOf(group), diff);
      expect([before[0], after[0]]).toEqual(['-', '+']);
      expect(after.slice(1)).toBe(before.slice(1));
    }
  });

  it.each(lines)('tell what may not be repeated by a device: %s', (source, group) => {
    const inside = written(source).map((line) => `   ${line.replaceAll(secret, canary)}`);
    expect(secretsIn([blockOf(group), ...inside].join('\n'))).toContain(canary);
  });
});

describe('a statement of Junos', () => {
  const leaves = platformSecrets.junos.statements.flatMap(({ lines }) => lines);
  it.each(leaves)('is masked as a leaf, in one line with its block, and as a set command: %s', (source) => {
    for (const line of written(source)) {
      for (const value of [canary, `"${canary}"`, `"${canary} and tweet"`, `"$9$${canary}"`]) {
        const leaf = line.replaceAll(secret, () => value);
        for (const text of [
          `snmp {\n    ${leaf};\n}`,
          `+    ${leaf};`,
          `snmp { block name { ${leaf}; other value; } }`,
          `    ${leaf}; ## SECRET-DATA`,
          `set snmp v3 one ${leaf}`,
          `[edit snmp]\n-    ${leaf};`,
        ]) {
          const shown = redact(text);
          expect(shown, text).not.toMatch(/C4nary|tweet/);
          expect(shown.split('\n').length).toBe(text.split('\n').length);
          expect(redact(shown), `again: ${text}`).toBe(shown);
          if (text.includes('SECRET-DATA')) expect(shown).toMatch(/; ## SECRET-DATA$/);
          if (text.includes('other')) expect(shown).toContain('other value; } }');
        }
      }
    }
  });
});
