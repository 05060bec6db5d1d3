import { describe, expect, it } from 'vitest';
import { noticed } from '../leases-model/drafts.ts';
import { playAll } from '../leases-model/play.ts';

const schedules = Number(process.env.PLUMB_SCHEDULES ?? 2_000);
const from = Number(process.env.PLUMB_SCHEDULES_FROM ?? 1);
const minutes = { timeout: 10 * 60_000 };

describe('runners, devices and a store that fails, in random schedules', minutes, () => {
  it('never let two runners write to a device, nor an older epoch over a newer record, and end with one holder each', () => {
    expect(playAll(schedules, 'mixed', {}, from).wrong).toEqual([]);
  });

  it('take a device over within 15 s of a crash', () => {
    const { wrong, takeOversMs } = playAll(schedules, 'crash', {}, from);
    expect(wrong).toEqual([]);
    expect(takeOversMs.length).toBeGreaterThan(schedules);
    expect(Math.max(...takeOversMs)).toBeLessThan(15_000);
  });

  it('give one that joins its share, each device in one move, and take it back when it goes', () => {
    const count = Math.ceil(schedules / 5);
    const { wrong, joined } = playAll(count, 'join', {}, from);
    expect(wrong).toEqual([]);
    expect(joined / (12 * count)).toBeCloseTo(2 / 6, 1); // by its weight
  });

  it.each(Object.entries(noticed))('go wrong with a rule less: %s', (_title, draft) => {
    const batch = 100;
    for (let seed = 1; seed < schedules; seed += batch)
      if (playAll(batch, 'mixed', draft, seed).wrong.length > 0) return;
    expect.fail(`nothing went wrong in ${schedules} schedules`);
  });
});
