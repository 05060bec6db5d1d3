import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { edited, sampleConfig, seeded } from '../../../../bench/diff.ts';
import { diffLines, unifiedDiff } from '../../../../core/diff/diff.ts';

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** What the edits make of the first text; it must be the second one. */
const replay = (before: string, after: string): string => {
  const diff = diffLines(before, after);
  const out: string[] = [];
  let at = 0;
  for (const edit of diff.edits) {
    out.push(...diff.before.slice(at, edit.before.start));
    out.push(...diff.after.slice(edit.after.start, edit.after.end));
    at = edit.before.end;
  }
  return [...out, ...diff.before.slice(at)].join('');
};

const changedLines = (diff: string) => diff.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line)).length;

describe('a diff of two configurations', () => {
  it('is empty when they are equal', () => {
    expect(unifiedDiff('hostname a\n', 'hostname a\n')).toBe('');
    expect(unifiedDiff('', '')).toBe('');
  });

  it('shows what changed with three lines around it and the sections it is in', () => {
    const before = text([
      'hostname leaf1',
      'router bgp 65000',
      ' bgp router-id 10.0.0.1',
      ' address-family ipv4 unicast',
      ...['  network 10.0.0.0/8', '  network 10.1.0.0/16', '  network 10.2.0.0/16', '  network 10.3.0.0/16'],
      ' exit-address-family',
    ]);
    const after = before.replace('10.3.0.0', '10.4.0.0');
    expect(unifiedDiff(before, after, { before: 'running', after: 'intended' })).toBe(
      [
        '--- running',
        '+++ intended',
        '@@ -5,5 +5,5 @@ router bgp 65000 / address-family ipv4 unicast',
        '   network 10.0.0.0/8',
        '   network 10.1.0.0/16',
        '   network 10.2.0.0/16',
        '-  network 10.3.0.0/16',
        '+  network 10.4.0.0/16',
        '  exit-address-family',
        '',
      ].join('\n'),
    );
  });

  it('names the section of a Junos configuration without its bracket', () => {
    const before = 'system {\n    services {\n        ssh;\n    }\n}\n';
    expect(unifiedDiff(before, before.replace('ssh;', 'netconf;'))).toContain('@@ system / services\n');
  });

  it('shows an inserted section as a person would, from its first line to its last', () => {
    const port = (name: string) => [`interface ${name}`, ' mtu 9000', ' exit', '!'];
    const before = text([...port('eth1'), ...port('eth3')]);
    const after = text([...port('eth1'), ...port('eth2'), ...port('eth3')]);
    const added = unifiedDiff(before, after).match(/^\+(?!\+).*$/gm);
    expect(added).toEqual(port('eth2').map((line) => `+${line}`));
  });

  it('begins an inserted address family with its own first line, though the lines around it are the same', () => {
    const family = ['!', ' address-family x', '  activate'];
    const before = text(['router bgp 1', ...family, '!']);
    const after = text(['router bgp 1', ...family, ...family, '!']);
    expect(unifiedDiff(before, after).match(/^\+(?!\+).*$/gm)?.[0]).not.toBe('+  activate');
  });

  it('says so when a last line has no line end', () => {
    expect(unifiedDiff('a\nb', 'a\nb\n')).toBe(
      '--- before\n+++ after\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n',
    );
  });

  it('counts from nothing and to nothing', () => {
    expect(unifiedDiff('', 'a\nb\n')).toBe('--- before\n+++ after\n@@ -0,0 +1,2 @@\n+a\n+b\n');
    expect(unifiedDiff('a\n', '')).toBe('--- before\n+++ after\n@@ -1 +0,0 @@\n-a\n');
  });

  it('shows that line ends changed', () => {
    expect(changedLines(unifiedDiff('a\nb\n', 'a\r\nb\r\n'))).toBe(4);
    expect(changedLines(unifiedDiff('a\r\nb\r\n', 'a\r\nc\r\n'))).toBe(2);
  });

  it('shows a moved section once removed and once added, and nothing else', () => {
    const lines = sampleConfig(700);
    const moved = [...lines.slice(0, 1), ...lines.slice(8, 400), ...lines.slice(1, 8), ...lines.slice(400)];
    expect(changedLines(unifiedDiff(text(lines), text(moved)))).toBe(14);
  });

  it('makes the one text of the other, whatever they are', () => {
    const random = seeded(20);
    const pick = (count: number, kinds: number, end: string) =>
      Array.from({ length: Math.floor(random() * count) }, () => {
        const kind = Math.floor(random() * kinds);
        return `${' '.repeat(kind % 3)}${kind % 5 === 0 ? '!' : `line ${kind}`}`;
      }).join(end) + (random() < 0.5 ? end : '');
    for (let round = 0; round < 1500; round++) {
      const kinds = 1 + Math.floor(random() * 40);
      const end = random() < 0.2 ? '\r\n' : '\n';
      const before = pick(60, kinds, end);
      const after = random() < 0.3 ? edited(before.split('\n'), 4, round + 1).join('\n') : pick(60, kinds, end);
      expect(replay(before, after)).toBe(after);
      const patch = unifiedDiff(before, after);
      if (before === after) expect(patch).toBe('');
      else expect(applyPatch(before, patch, { autoConvertLineEndings: false })).toBe(after);
    }
  });
});
