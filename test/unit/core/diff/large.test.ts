import { describe, expect, it } from 'vitest';
import { edited, sampleConfig, seeded } from '../../../../bench/diff.ts';
import { diffLines, unifiedDiff } from '../../../../core/diff/diff.ts';
import { costs, lineByLine } from '../../../cost.ts';

const count = 50_000;
const base = sampleConfig(count);
const lines = (make: (at: number) => string) => Array.from({ length: count }, (_, at) => make(at));
const random = seeded(3);
const shuffled = (from: readonly string[], size: number) => {
  const blocks = Array.from({ length: Math.ceil(from.length / size) }, (_, at) =>
    from.slice(at * size, at * size + size),
  );
  return blocks
    .map((block) => ({ block, at: random() }))
    .sort((a, b) => a.at - b.at)
    .flatMap(({ block }) => block);
};
const few = (kinds: number) => lines(() => `line ${Math.floor(random() * kinds)}`);
const islands = (every: number) => lines((at) => (at % every === 0 ? `island ${at}` : `g${Math.floor(random() * 4)}`));

/** Two texts that some way of comparing takes seconds or minutes for. */
const cases: Record<string, [before: string[], after: string[]]> = {
  '10 edits': [base, edited(base, 10)],
  '1 % edited': [base, edited(base, count / 100)],
  '10 % edited': [base, edited(base, count / 10)],
  'nothing in common': [base, lines((at) => `other ${at}`)],
  'one line over and over': [lines(() => '!'), lines((at) => (at % 10 === 3 ? ` x${at}` : '!'))],
  'two lines in any order': [few(2), few(2)],
  'twenty lines in any order': [few(20), few(20)],
  'all lines twice': [
    lines((at) => `l${at >> 1}`),
    shuffled(
      lines((at) => `l${at >> 1}`),
      1,
    ),
  ],
  reversed: [base, base.toReversed()],
  'sections moved': [base, shuffled(base, 7)],
  'halves swapped': [base, [...base.slice(count / 2), ...base.slice(0, count / 2)]],
  'noise between common lines': [islands(50), islands(50)],
  'much noise between common lines': [islands(500), islands(500)],
  'sections in sections': [
    lines((at) => `${' '.repeat(at % 200)}l${at}`),
    lines((at) => `${' '.repeat(at % 200)}${at % 9 === 0 ? 'm' : 'l'}${at}`),
  ],
};

describe('a diff of 50,000 lines', () => {
  it.each(Object.entries(cases))('is right and quick: %s', (_, [before, after]) => {
    const [from, to] = [`${before.join('\n')}\n`, `${after.join('\n')}\n`];
    expect(unifiedDiff(from, to)).not.toBe('');
    // 0.4 to 2.8 times the plain work; `npm run bench` shows milliseconds. What this guards against takes seconds.
    const [plain = 0, cost = 0] = costs([() => lineByLine(from + to), () => unifiedDiff(from, to)], 3);
    const diff = diffLines(from, to);
    const out: string[] = [];
    let at = 0;
    for (const edit of diff.edits) {
      for (; at < edit.before.start; at++) out.push(diff.before[at] ?? '');
      for (let j = edit.after.start; j < edit.after.end; j++) out.push(diff.after[j] ?? '');
      at = edit.before.end;
    }
    for (; at < diff.before.length; at++) out.push(diff.before[at] ?? '');
    expect(out.join('') === to).toBe(true);
    expect(cost / plain).toBeLessThan(25);
  });

  it('finds no more than was edited', () => {
    const diff = diffLines(`${base.join('\n')}\n`, `${edited(base, 10).join('\n')}\n`);
    expect(diff.edits.length).toBeLessThanOrEqual(10);
  });
});
