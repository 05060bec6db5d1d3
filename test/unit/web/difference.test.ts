import { describe, expect, it } from 'vitest';
import { pairsOf, stacked } from '../../../web/diff/pairs.ts';
import { parseDiff, sizeOf } from '../../../web/diff/parse.ts';

import { visible } from '../../../web/words/visible.ts';

const unified = `--- running
+++ intended
@@ -12,3 +12,4 @@ router bgp 65000
 !
-   neighbor SPINES maximum-routes 400
+   neighbor SPINES maximum-routes 900
+   neighbor SPINES description up
 end
`;
const junos = `[edit system]
-  host-name old;
+  host-name new;
[edit interfaces xe-0/0/0]
+    mtu 9192;
`;

describe('a difference as a device tells it', () => {
  it('is numbered as a unified diff says, below its section', () => {
    const [hunk] = parseDiff(unified);
    expect(hunk?.section).toBe('router bgp 65000');
    expect(hunk?.lines.map(({ kind, before, after }) => [kind, before, after])).toEqual([
      ['same', 12, 12],
      ['del', 13, undefined],
      ['add', undefined, 13],
      ['add', undefined, 14],
      ['same', 14, 15],
    ]);
    expect(sizeOf(parseDiff(unified))).toEqual({ add: 2, del: 1 });
  });

  it('has the sections of Junos, and no numbers that nobody told', () => {
    const hunks = parseDiff(junos);
    expect(hunks.map(({ section }) => section)).toEqual(['system', 'interfaces xe-0/0/0']);
    expect(hunks[0]?.lines[0]).toEqual({ kind: 'del', text: '  host-name old;' });
  });

  it('names the section by indentation where the device names none', () => {
    const [hunk] = parseDiff('@@ -1,3 +1,3 @@\n interface Ethernet1\n-   mtu 1500\n+   mtu 9214\n');
    expect(hunk?.section).toBe('interface Ethernet1');
  });

  it('keeps every line of what is no diff at all', () => {
    const text = 'could not compare\n  ^ here';
    expect(parseDiff(text).flatMap(({ lines }) => lines.map((line) => line.text))).toEqual(text.split('\n'));
  });

  it('shows beside each other what came in the place of what went, with the changed word marked', () => {
    const [hunk] = parseDiff(unified);
    const pairs = pairsOf(hunk?.lines ?? []);
    const [, changed, added] = pairs;
    const word = (line: { text: string; from: number; to: number } | undefined) => line?.text.slice(line.from, line.to);
    expect([word(changed?.before), word(changed?.after)]).toEqual(['400', '900']);
    expect(added).toMatchObject({ after: { text: '   neighbor SPINES description up', from: 0, to: 0 } });
    expect(added?.before).toBeUndefined();
    expect(stacked(pairs).map(({ kind }) => kind)).toEqual(['same', 'del', 'add', 'add', 'same']);
  });

  it('marks no words where another line came', () => {
    const [pair] = pairsOf(parseDiff('-ip routing\n+vlan 12\n')[0]?.lines ?? []);
    expect(pair).toMatchObject({ before: { from: 0, to: 0 }, after: { from: 0, to: 0 } });
  });
});

describe('what a device says', () => {
  it.each([
    ['interface Ethernet1\n\tmtu 1500', [{ text: 'interface Ethernet1\n\tmtu 1500' }]],
    ['a\x1b[31mb\x07', [{ text: 'a' }, { control: 'ESC' }, { text: '[31mb' }, { control: 'BEL' }]],
    ['\u202egpj.exe\x9b', [{ control: 'U+202E' }, { text: 'gpj.exe' }, { control: 'U+009B' }]],
    ['line\r', [{ text: 'line' }, { control: 'CR' }]],
    ['', []],
  ])('is shown with its control characters by name: %j', (text, parts) => {
    expect(visible(text)).toEqual(parts);
  });
});
