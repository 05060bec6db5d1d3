import { expect, it } from 'vitest';
import { playAll } from '../unit/core/wanted/play.ts';

it.each([
  ['deployed at once', false],
  ['approved first', true],
])(
  'texts that are %s stay taken back over every seven acts',
  (_, manual) => {
    expect(playAll(manual, 7).broken).toEqual([]);
  },
  900_000,
);
