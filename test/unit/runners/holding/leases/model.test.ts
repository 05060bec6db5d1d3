import { describe, expect, it } from 'vitest';
import { playAll } from '../../../../leases-model/play.ts';

// A few of the schedules of test/long/leases-model.test.ts, where each rule is taken out in its turn as well.
describe('runners, devices and a store that fails, in random schedules', () => {
  it('never let two runners write to a device, nor an older epoch over a newer record, and end with one holder each', () => {
    expect(playAll(60, 'mixed').wrong).toEqual([]);
  });

  it('take a device over within 15 s of a crash', () => {
    const { wrong, takeOversMs } = playAll(30, 'crash');
    expect(wrong).toEqual([]);
    expect(Math.max(...takeOversMs)).toBeLessThan(15_000);
  });

  it('give one that joins its share, each device in one move, and take it back when it goes', () => {
    const { wrong, joined } = playAll(6, 'join');
    expect(wrong).toEqual([]);
    expect(joined).toBeGreaterThan(6);
  });
});
