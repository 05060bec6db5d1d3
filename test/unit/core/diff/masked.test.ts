import { afterEach, describe, expect, it } from 'vitest';
import { maskedDiff } from '../../../../core/diff/masked.ts';
import { forgetSecrets, registerSecret } from '../../../../core/redact/redact.ts';

afterEach(forgetSecrets);

const names = { before: 'running', after: 'startup' };
const server = (passwords: readonly string[]) =>
  `==> /etc/hosts 0644 <==\n127.0.0.1 localhost\n\n==> /etc/rsyncd.secrets 0600 <==\n${passwords.map((word, at) => `user${at}:${word}\n`).join('')}`;
const words = Array.from({ length: 9 }, (_, at) => `Sommer${at}Regen`);

describe('a difference that is shown', () => {
  it('masks what the file around it tells to be a secret, though its hunk does not hold the name of the file', async () => {
    const shown = await maskedDiff(server(words), server(words.with(7, 'Winter7Schnee')), names);
    expect(shown).not.toMatch(/Sommer|Winter/);
    expect(shown.match(/^[-+ ]<secret>$/gm)).toHaveLength(6);
    expect(shown).toMatch(/^-<secret>\n\+<secret>$/m);
  });

  it('masks what the block around it tells likewise', async () => {
    const block = (more: string) =>
      `router hsrp\n interface Te0/0/0/1\n  address-family ipv4\n   hsrp 1\n    priority 110\n    preempt\n    timers 1 3\n    authentication Sommer1\n    ${more}\n`;
    expect(await maskedDiff(block('track a'), block('track b'), names)).not.toContain('Sommer');
  });

  it('keeps each line in its place where a secret ends with a line end', async () => {
    registerSecret('Sommer1Regen\n');
    const text = (last: string) => `a Sommer1Regen\nb\nc\nd\ne\n${last}\n`;
    expect(await maskedDiff(text('f'), text('g'), names)).toBe(
      '--- running\n+++ startup\n@@ -3,4 +3,4 @@\n c\n d\n e\n-f\n+g\n',
    );
  });
});
