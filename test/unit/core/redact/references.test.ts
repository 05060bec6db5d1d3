import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../../core/redact/redact.ts';

const folder = new URL('./secrets/', import.meta.url);

/** Texts with secrets, from each platform's command reference and the files' manual pages: ¤ is a secret or its beginning. */
const references = readdirSync(folder).map(
  (file) => [file.replace('.txt', ''), readFileSync(new URL(file, folder), 'utf8').trimEnd().split(/\n\n+/)] as const,
);

const values = ['C4nary-9', 'tweetier', 'c4nary0badc0ffee1234', 'C4nary$x!y', 'tweet'];

describe.each(references)('what the references of %s say of secrets', (_platform, texts) => {
  it.each(texts)('is masked: %s', (text) => {
    for (const value of values) {
      const shown = redact(text.replaceAll('¤', () => value));
      expect(shown).not.toMatch(/c4nary|tweet/i);
      expect(shown.split('\n').length).toBe(text.split('\n').length);
      expect(redact(shown), 'a second time').toBe(shown);
    }
  });
});

/** What is said of IPv4, said of IPv6: most such statements have that sibling. */
const siblings = references.flatMap(([platform, texts]) =>
  (platform === 'linux' ? [] : texts)
    .flatMap((text) => text.match(/^[ \t]*ip \S.*¤.*$/gm) ?? [])
    .map((line) => line.replace('ip ', 'ipv6 ')),
);

it.each(siblings)('is masked of IPv6 as it is of IPv4: %s', (text) => {
  for (const value of values) expect(redact(text.replaceAll('¤', () => value))).not.toMatch(/c4nary/i);
});

/** Secrets that stand in another line than their names. */
const apart = [
  'curl -s \\\n  --user bob:¤ \\\n  https://h.example.com',
  '/usr/bin/x --port 1 --password \\\n    ¤ --verbose',
  'ExecStart=/usr/bin/x \\\n  --token \\\n  ¤ \\\n  --port 1',
  '+curl -u \\\n+  bob:¤ https://h.example.com',
  'password: "first ¤\n  second ¤\n  third ¤"\nname: x',
  'key = "¤\ntweet"\nname = x',
  'database:\n  password:\n    ¤\n  name: x',
  '+  client_secret:\n+    "¤ tweet"\n   name: x',
];

describe('a secret that goes on in another line', () => {
  it.each(apart)('is masked: %s', (text) => {
    const shown = redact(text.replaceAll('¤', 'C4nary-9'));
    expect(shown).not.toMatch(/c4nary|tweet/i);
    expect(shown.split('\n').length).toBe(text.split('\n').length);
    for (const kept of ['name: x', 'name = x', '--verbose', '--port 1', 'h.example.com'])
      if (text.includes(kept)) expect(shown).toContain(kept);
    expect(redact(shown), 'a second time').toBe(shown);
  });

  it.each([
    'secrets:\n  - one\n  - two',
    'password:\n  minimum: 8\n  history: 3',
    'RUN apt-get update \\\n  && apt-get install -y x \\\n  && true',
    'auth:\n  name: x',
  ])('is looked for, and nothing else is masked: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});
