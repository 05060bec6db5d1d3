import { describe, expect, it } from 'vitest';
import { seeded } from '../../../../bench/diff.ts';
import { hostileText } from '../../../../bench/texts/hostile.ts';
import { redact, redactInTurns } from '../../../../core/redact/redact.ts';

const key = (what: string) => `-----${what} PRIVATE KEY-----`;

/** One of each kind in which a second pass once found more: a mask is another neighbour than what stood there. */
const kinds: Readonly<Record<string, string>> = {
  'a block that closes behind the secret': '{ passphrase "}',
  'an element that closes behind it': 'passphrase "}</a>',
  'a statement that ends before it': 'cleartext password; m',
  'a word that says how it is stored, and nothing else': 'key plain; a',
  'quotes that go on in the next line, before the end of a key': `${key('BEGIN')}"[\n"${key('END')}`,
  'quotes that go on in the next line, before a hash': `""${key('BEGIN')}"[\n"$1$----EN`,
  'quotes that go on behind an escaped line end': `${key('BEGIN')}\\n">\\n"${key('END')}`,
  'a line that its masks make too long to look through': 'cipher er '.repeat(700),
  'a key that begins in quotes and begins again': `${key('BEGIN')}'<\n'${key('BEGIN')}c`,
};

describe('a text that was masked', () => {
  it.each(Object.entries(kinds))('stays as it is when it is masked again: %s', async (_kind, text) => {
    const once = redact(text);
    expect(redact(once)).toBe(once);
    expect(await redactInTurns(text)).toBe(once);
  });

  it('keeps what closes behind a secret', () => {
    expect(redact(redact('{ passphrase "x"}'))).toBe('{ passphrase "<secret>"}');
    expect(redact(redact('passphrase "}'))).toBe('passphrase <secret>}');
  });

  it.each([7, 11, 4711])('stays as it is, whatever it was, for seed %i of bench/fuzz.ts', (seed) => {
    const random = seeded(seed);
    for (let count = 0; count < 40; count += 1) {
      const once = redact(hostileText(random).text);
      expect(redact(once)).toBe(once);
    }
  });
});
