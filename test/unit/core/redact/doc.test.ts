import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { forgetSecrets, redact, registerSecret } from '../../../../core/redact/redact.ts';
import { registerPlatformSecrets } from '../../../../core/redact/registry.ts';

const page = readFileSync(new URL('../../../../docs/secrets.md', import.meta.url), 'utf8');
const examples = (/```masked\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
  .trimEnd()
  .split('\n')
  .map((line) => line.split(' ⇒ '));

afterEach(forgetSecrets);

describe('the page on secrets', () => {
  it.each(examples)('tells what is shown of: %s', (line = '', shown = '') => {
    expect(redact(line)).toBe(shown);
  });

  it('has its examples', () => expect(examples.length).toBeGreaterThan(10));

  it('is right about short values and long ones', () => {
    registerSecret('abc');
    registerSecret('abcd');
    expect(redact('abc abcd')).toBe('abc <secret>');
    expect(redact(`hostname ${'x'.repeat(8183)}`)).toBe(`hostname ${'x'.repeat(8183)}`);
    expect(redact(`hostname ${'x'.repeat(8184)}`)).not.toContain('xx');
  });

  it('is right about what somebody wrote', () => {
    for (const text of [
      ' description the password is hunter2',
      ' 10 remark ask for the secret hunter2',
      'wrong password for ann',
    ])
      expect(redact(text)).toBe(text);
    registerSecret('hunter2');
    expect(redact(' description the password is hunter2')).toBe(' description the password is <secret>');
    expect(redact(' description $6$salt$abcdefgh')).toBe(' description <secret>');
  });

  it('is right about a statement of which nothing is known', () => {
    expect(redact('frobnicate ann with hunter2')).toBe('frobnicate ann with hunter2');
  });

  it('is right about the statements of a platform from outside', () => {
    const lines = ['vault unlock v1 code hunter2 three', 'pin 4711', 'password meter loud', 'see acme-abcdefgh12'];
    registerPlatformSecrets('acme', {
      statements: [{ lines: ['vault unlock * code <rest>', '^pin <word>'] }],
      harmless: ['password meter ...'],
      shapes: [{ has: /acme-/, form: /acme-[a-z\d]{8,}/g }],
    });
    expect(lines.map((line) => redact(line))).toEqual([
      'vault unlock v1 code <secret>',
      'pin <secret>',
      'password meter loud',
      'see <secret>',
    ]);
    registerPlatformSecrets('acme', { statements: [] });
  });
});
