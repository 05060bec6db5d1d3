import { describe, expect, it } from 'vitest';
import { playAll } from './play.ts';

describe.each([
  ['deployed at once', false],
  ['approved first', true],
])('texts that are %s', (_, manual) => {
  it('are not deployed again after someone took them back, and each word means what it says', () => {
    const { broken, worlds } = playAll(manual, 5); // test/long/ plays seven
    expect(broken).toEqual([]);
    expect(worlds).toBeGreaterThan(5_000);
  });
});
