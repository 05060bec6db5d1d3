import { describe, expect, it } from 'vitest';
import { withoutEnds } from '../../../../core/text/line-ends.ts';

describe('a text without its ends', () => {
  it.each([
    ['\n!\n\nhostname a\n!\n\n', 'hostname a\n!'],
    ['!! a comment\n', '!! a comment'],
    ['!', '!'],
    ['\n!\n', ''],
    ['', ''],
  ])('loses what says nothing, and no more: %j', (text, left) => {
    expect(withoutEnds(text)).toBe(left);
  });

  it.each(['\n', '!\n'])('may begin and end with 16 MB of %j', (line) => {
    expect(withoutEnds(`${line.repeat(16e6 / line.length)}a${'\n'.repeat(16e6)}`)).toBe('a');
  });
});
