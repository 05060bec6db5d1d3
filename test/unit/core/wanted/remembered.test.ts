import { expect, it } from 'vitest';
import { limits } from '../../../../core/bus.ts';
import type { Held } from '../../../../core/wanted/held.ts';
import { next } from '../../../../core/wanted/next.ts';

it('texts that were taken back are remembered up to a limit, the newest of them', () => {
  let state: Held = { attempt: null, blocked: [], hand: null, said: null };
  const taken = Array.from({ length: limits.blocked + 3 }, (_, at) => `${at}`.padStart(64, '0'));
  for (const [at, sha256] of taken.entries())
    state = {
      ...state,
      ...next(state, { kind: 'cancel', job: `j${at}`, sha256, by: 'ann', at: '2026-11-30T12:00:00Z' }),
    };
  expect(state.blocked.map(({ sha256 }) => sha256)).toEqual(taken.slice(3));
});
