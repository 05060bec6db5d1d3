import { describe, expect, it } from 'vitest';
import { clockFault, isOlder, isOlderThanTried } from '../../../../core/wanted/generation.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const at = (time: string) => `2026-06-01T${time}.000000000Z`;
const ahead = '2027-01-01T00:00:00.000000000Z';
const stored = (seq: number, at: string, stream = 'one') => ({ stream, seq, at });

describe('of two stored messages the older one', () => {
  it.each([
    ['of one stream is that with the smaller sequence', stored(1, at('11:00:00')), stored(2, at('11:30:00')), true],
    ['of one stream is not that with the earlier time', stored(2, at('11:00:00')), stored(1, at('11:30:00')), false],
    ['is not that of a clock that was set right', stored(2, at('11:00:00')), stored(1, ahead), false],
    ['of two streams is that with the earlier time', stored(9, at('11:00:00')), stored(1, at('11:30:00'), 'two'), true],
    ['of two streams is never told by sequences', stored(1, at('11:30:00')), stored(9, at('11:00:00'), 'two'), false],
    ['is not told by a time that is to come', stored(1, at('11:00:00')), stored(9, ahead, 'two'), false],
    ['is not told by a time to come, even of itself', stored(1, ahead), stored(9, at('11:00:00'), 'two'), false],
    ['is no message itself', stored(1, at('11:00:00')), stored(1, at('11:00:00')), false],
    ['of a stream that went back uses its sequence again', stored(2, at('11:30:00')), stored(2, at('11:00:00')), false],
    ['of a stream that went back has an older sequence', stored(1, at('10:00:00')), stored(2, at('11:00:00')), true],
    ['of a stream that went back cannot claim a time to come', stored(1, ahead), stored(2, at('11:00:00')), true],
    ['is told by time in records of before', { at: at('11:00:00') }, stored(2, at('11:30:00')), true],
    ['is not told by the last digits where they lack', { at: '2026-06-01T11:00:00Z' }, { at: at('11:00:00') }, false],
  ])('%s', (_, one, other, older) => {
    expect(isOlder(one, other, now)).toBe(older);
  });

  it('is told by when the other one was tried, where its own time cannot be right', () => {
    const tried = (triedAt: string) => ({
      generation: { ...stored(9, ahead, 'gone'), sha256: 'x' },
      job: 'j',
      at: triedAt,
      outcome: 'applied',
      count: 1,
    });
    const newer = stored(1, at('11:00:00'));
    expect(isOlderThanTried(newer, tried('2026-06-01T10:00:00.000Z'), now)).toBe(false);
    expect(isOlderThanTried(newer, tried('2026-06-01T11:30:00.000Z'), now)).toBe(true);
    expect(isOlderThanTried(newer, tried(ahead), now)).toBe(false);
    expect(isOlderThanTried(newer, null, now)).toBe(false);
  });
});

describe("the server's clock", () => {
  it('is named where it dated a text later than it was seen, and not for a minute', () => {
    expect(clockFault({ at: ahead }, '2026-06-01T12:00:00.000Z')).toContain('clock of the NATS server');
    expect(clockFault({ at: at('12:00:50') }, '2026-06-01T12:00:00.000Z')).toBeUndefined();
  });
});
