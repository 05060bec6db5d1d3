import { describe, expect, it } from 'vitest';
import { redactTexts } from '../../../../bench/texts/redact.ts';
import { redact } from '../../../../core/redact/redact.ts';
import { redactAll } from '../../../../core/redact/redact-all.ts';

/** Processor time, which other work on the machine does not lengthen. */
const microseconds = (run: () => unknown): number => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

describe('the redaction of a long text', () => {
  const lines = 20_000;
  it.each(redactTexts(lines))('costs a few microseconds a line: %s', (_platform, text) => {
    const costs = Array.from({ length: 5 }, () => microseconds(() => redact(text)) / lines);
    expect(Math.min(...costs)).toBeLessThan(8);
    expect(redact(text)).not.toMatch(/KEY\d|PASS\d|HASH\d/);
  });

  it('lets other work go on, and masks the same', async () => {
    const [[, text] = ['', '']] = redactTexts(50_000);
    let turns = 0;
    let over = false;
    const turn = () => {
      turns += 1;
      if (!over) setImmediate(turn);
    };
    setImmediate(turn);
    const { diff } = await redactAll({ device: 'leaf1', diff: text });
    over = true;
    expect(diff).toBe(redact(text));
    expect(turns).toBeGreaterThan(2);
  });
});
