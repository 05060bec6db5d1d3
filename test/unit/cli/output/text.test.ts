import { describe, expect, it } from 'vitest';
import { paintDiff } from '../../../../cli/output/colour.ts';
import { report } from '../../../../cli/output/failure.ts';
import { table } from '../../../../cli/output/output.ts';
import { age, oneLine, plain, plainDiff, span, took } from '../../../../cli/output/text.ts';
import { diffSize } from '../../../../core/diff/size.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { cutDiff } from '../../../../runners/holding/job-record.ts';

describe('what a device wrote', () => {
  it('cannot steer the terminal, ring its bell or turn its writing around, and shows that it wanted to', () => {
    expect(plain('ok\u001b[2J\u0007\u009b31m\r\n\u202eevil\tend\u007f')).toBe('ok␛[2J␇�31m\n�evil\tend␡');
  });

  it('stays on one line in a table', () => {
    expect(oneLine(' two\nlines \u001b[31m')).toBe('two lines ␛[31m');
  });
});

describe('a diff', () => {
  it('shows what cannot be seen of the lines that differ, and only of those', () => {
    const diff = '--- a\n+++ b\n same\t\n-one\r\n+one\n-two words \n+two\twords\n+three  \n-moved x\n+moved x\n';
    expect(plainDiff(diff)).toBe(
      '--- a\n+++ b\n same\t\n-one␍\n+one\n-two·words·\n+two→words\n+three··\n-moved x\n+moved x\n',
    );
  });
});

describe('times', () => {
  it('are ages in the one unit that matters', () => {
    expect([0, 12, 119, 180, 7199, 7200, 90_000, 400_000].map(span)).toEqual([
      '0s',
      '12s',
      '119s',
      '3m',
      '119m',
      '2h',
      '25h',
      '4d',
    ]);
  });

  it('of the future are no age below zero', () => {
    expect(age(new Date(Date.now() + 60_000))).toBe('0s');
  });

  it('that something took have a decimal where it is short', () => {
    expect(took('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:02.340Z')).toBe('2.3s');
    expect(took('2026-01-01T00:00:00.000Z', '2026-01-01T00:01:02.340Z')).toBe('62s');
  });
});

describe('a table', () => {
  const rows = [
    { name: 'leaf1', note: '' },
    { name: 'spine-long', note: '' },
  ];

  it('has capital headers, two spaces between columns, and a dash for what is not known', () => {
    const columns = [
      { head: 'DEVICE', cell: ({ name }: { name: string }) => name },
      { head: 'NOTE', cell: ({ note }: { note: string }) => note },
    ];
    expect(table(rows, columns, 'table', false)).toBe('DEVICE      NOTE\nleaf1       -\nspine-long  -\n');
  });

  it('leaves out a rare column that has nothing to say, and wide ones', () => {
    const columns = [
      { head: 'DEVICE', cell: ({ name }: { name: string }) => name },
      { head: 'WIDE', cell: () => 'x', wide: true },
      { head: 'REASON', cell: ({ note }: { note: string }) => note, rare: true },
    ];
    expect(table(rows, columns, 'table', false)).toBe('DEVICE\nleaf1\nspine-long\n');
    expect(table(rows, columns, 'wide', false)).toContain('WIDE');
  });
});

describe('a diff on a terminal', () => {
  it('is counted without the headers of its files', () => {
    expect(diffSize('--- a\n+++ b\n@@ -1 +1 @@\n-one\n+two\n+three\n')).toBe('+2 -1');
  });

  it('is counted whole where a record keeps the beginning alone', () => {
    const long = `-old\n${'+a line that is new\n'.repeat(60_000)}`;
    expect(cutDiff(long).length).toBeLessThan(long.length / 2);
    expect(diffSize(cutDiff(long))).toBe('+60000 -1');
  });

  it('keeps its text where no colour is wanted', () => {
    expect(paintDiff(false, '+a\n-b')).toBe('+a\n-b');
  });
});

describe('a failure', () => {
  it('is told without a stack trace, with what to do next', () => {
    const error = new PlumbError('no_runner', 'leaf1: no runner holds it', { hint: 'start one' });
    expect(report(error)).toBe('plumb: leaf1: no runner holds it\n  → start one\n');
  });

  it('that is a bug says so and shows where', () => {
    expect(report(new TypeError('x is not a function'))).toMatch(/bug in plumb[\s\S]*text\.test\.ts/);
  });
});
