import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { maskedAsIn, maskedDiff } from '../../../../core/diff/masked.ts';
import { forgetSecrets, redact, registerSecret } from '../../../../core/redact/redact.ts';

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

describe('a difference that a device tells without the blocks around its lines', () => {
  const hsrp = (word: string) => `router hsrp\n interface Te0/0/0/1\n  hsrp 1\n   authentication ${word}\n`;

  it('is masked by where its lines stand in what runs and in what is wanted', async () => {
    const told = '-   authentication Sommer1\n+   authentication Winter2\n+   track a\n';
    expect(redact(told), 'it is the block that tells').toBe(told);
    expect(await maskedAsIn(told, [hsrp('Sommer1'), `${hsrp('Winter2')}   track a\n`])).toBe(
      '-   authentication <secret>\n+   authentication <secret>\n+   track a\n',
    );
  });

  it('is masked where a line is negated', async () => {
    expect(await maskedAsIn('no authentication Sommer1\n', [hsrp('Sommer1')])).toBe('no authentication <secret>\n');
  });

  it('is masked where the device writes a secret in a form of its own', async () => {
    const shown = await maskedAsIn('+   authentication 7 0236054818\n', [hsrp('Sommer1')]);
    expect(shown).toBe('+   authentication <secret>\n');
  });

  it('keeps a line that is no secret where it stands, though it begins like one that is', async () => {
    const text = `${hsrp('Sommer1')}router ospf 1\n authentication message-digest\n`;
    const told = '+ authentication message-digest\n';
    expect(await maskedAsIn(told, [text])).toBe(told);
  });

  it('keeps the signs, the indentation and the notes of the device', async () => {
    const told = '[edit snmp]\n-    community "a b"; ## SECRET-DATA\n+    location here;\n';
    const text = 'snmp {\n    community "a b";\n}\n';
    expect(await maskedAsIn(told, [text])).toBe(
      '[edit snmp]\n-    community "<secret>"; ## SECRET-DATA\n+    location here;\n',
    );
  });

  const folder = new URL('../redact/secrets/', import.meta.url);
  it.each(readdirSync(folder))('keeps nothing of a secret of one line that changed: %s', async (file) => {
    for (const text of readFileSync(new URL(file, folder), 'utf8').trimEnd().split(/\n\n+/)) {
      const before = text.replaceAll('¤', 'C4nary-9').split('\n');
      for (const [at, line] of text.split('\n').entries()) {
        if (!line.includes('¤')) continue;
        const changed = line.replaceAll('¤', 'tweet-8');
        const told = `-${before[at]}\n+${changed}\n`;
        const shown = await maskedAsIn(told, [before.join('\n'), before.with(at, changed).join('\n')]);
        expect(redact(shown)).not.toMatch(/c4nary|tweet/i);
      }
    }
  });
});
