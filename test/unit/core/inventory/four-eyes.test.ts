import { describe, expect, it } from 'vitest';
import { maybeSame } from '../../../../core/inventory/four-eyes.ts';

describe('whether an approver may be the author', () => {
  it.each([
    ['user:ann <ann@example.net>', 'Ann Example <ANN@example.net>', true],
    ['user:ann <a.nn@example.net>', 'ann', true],
    ['user:ann', 'ann@laptop', true],
    ['ann@laptop', 'ann@desktop', true],
    ['key:ci', 'key:ci', true],
    ['oidc:ann <ann@example.net>', 'user:someone <ann@example.net>', true],
    ['user:ann <ann@example.net>', 'Bob Example <bob@example.net>', false],
    ['user:ann', 'user:bob', false],
    ['key:ann', 'user:ann <ann@example.net>', true], // her own key, and herself on the page
    ['key:ann', 'ann@laptop', true],
    ['key:ci', 'user:ann', false],
    ['user:ann <ann@example.net>', 'ann@laptop', true],
  ])('%s and %s: %s', (one, other, same) => {
    expect([maybeSame(one, other), maybeSame(other, one)]).toEqual([same, same]);
  });
});
