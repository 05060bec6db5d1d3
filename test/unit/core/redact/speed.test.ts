import { describe, expect, it } from 'vitest';
import { redactTexts } from '../../../../bench/texts/redact.ts';
import { redactJson } from '../../../../core/redact/forms/json.ts';
import { redact } from '../../../../core/redact/redact.ts';
import { redactAll } from '../../../../core/redact/redact-all.ts';
import { costs, lineByLine } from '../../../cost.ts';

describe('the redaction of a long text', () => {
  const part = 500;
  // Measured on a quiet machine and with six other processes on two cores: 6 to 10 times the plain work on each line,
  // and 13 to 19 times as much where the text is 16 times as long: it would be 256 times in quadratic time.
  it.each(redactTexts(16 * part))('costs what its lines cost: %s', (_platform, text) => {
    const short = text.split('\n').slice(0, part).join('\n');
    redact(text); // compiled by now
    const [plain = 0, few = 0, many = 0] = costs([() => lineByLine(text), () => redact(short), () => redact(text)]);
    expect(many / plain).toBeLessThan(50);
    expect(many / few).toBeLessThan(16 * 4);
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

  it('takes a text of any length inside JSON, and finds its end', () => {
    const long = '1\n\\"'.repeat(4_000_000);
    const json = JSON.stringify({ output: long, password: 'x"y', 'a\\': '\\', after: 'end' });
    const seen: string[] = [];
    const masked = redactJson(
      json,
      (text) => {
        seen.push(text);
        return text;
      },
      '<secret>',
    );
    expect(seen[0] === long).toBe(true);
    expect(masked === json.replace('x\\"y', '<secret>')).toBe(true);
  });
});
