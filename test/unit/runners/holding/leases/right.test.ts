import { describe, expect, it } from 'vitest';
import { tenureForTest } from './harness.ts';

describe('the right to write to a device', () => {
  it('begins when the claim, and a beat after it, have come back by the watch', () => {
    const one = tenureForTest();
    expect(one.mayWrite()).toBe(false);
    one.pass(20);
    expect(one.mayWrite()).toBe(true);
    const keys = one.writes.map(({ key }) => key);
    expect(keys.indexOf('leaf1')).toBeLessThan(keys.lastIndexOf('runner.r1'));
  });

  it('lasts 8.5 s from before the last beat was sent, not from its answer', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.state.isCut = true;
    const lastMs = one.tenure.right.provenMs;
    one.pass(8_490 - (one.tenure.clock.now() - lastMs));
    expect(one.mayWrite()).toBe(true);
    one.pass(10);
    expect(one.mayWrite()).toBe(false);
  });

  it('is over for a process that was stopped for longer, before anything else happens', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.freeze(9_000);
    expect(one.mayWrite()).toBe(false);
  });

  it('is over for a machine that was suspended, whose own clock stood still', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.suspend(9_000);
    expect(one.mayWrite()).toBe(false);
  });

  it('is not had by an acknowledgement: with a dead watch it ends, and a new watch brings it back', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.state.isDeaf = true;
    const { watches } = one.state;
    one.tenure.bucket.watch = () => void one.state.watches++;
    one.pass(9_000);
    expect(one.state.watches).toBeGreaterThan(watches);
    expect(one.mayWrite()).toBe(false);
  });

  it('goes on where the answer of a beat was lost, since the beat comes back', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.state.losesAnswers = true;
    one.pass(20_000);
    expect(one.mayWrite()).toBe(true);
    expect(one.log.filter((line) => line.startsWith('lost'))).toEqual([]);
  });

  it('has three tries to go on, the last of them by a new connection', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.state.isCut = true;
    const before = one.writes.length;
    one.pass(8_500);
    expect(one.writes.length - before).toBeGreaterThanOrEqual(3);
    expect(one.state.reconnects).toBeGreaterThan(0);
  });
});

describe('the last word', () => {
  it.each([0, 1, 2, 3])('is written, even if a heartbeat is under way, %i ms after it was sent', (ms) => {
    const one = tenureForTest();
    one.pass(5_000);
    one.tenure.beat();
    one.pass(ms);
    let isDone = false;
    one.tenure.leave(() => {
      isDone = true;
    });
    one.pass(500);
    expect(one.entries.get('runner.r1')?.value).toMatchObject({ left: true });
    expect(isDone).toBe(true);
  });
});

describe('a claim', () => {
  it('counts for nothing until a beat that was stored after it came back', () => {
    const one = tenureForTest();
    one.pass(3); // it is stored, and heard of
    expect(one.claimOf()).toMatchObject({ runner: 'r1' });
    expect(one.mayWrite()).toBe(false);
  });

  it('is let go as soon as somebody else has a newer one', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.write('leaf1', { runner: 'r9', epoch: 1_900_000_000, at: '' });
    one.pass(2);
    expect(one.log).toContain('lost leaf1: r9 holds it');
  });

  it('whose answer was lost is given up and made again', () => {
    const one = tenureForTest();
    one.pass(3);
    one.state.losesAnswers = true;
    one.pass(3);
    one.state.losesAnswers = false;
    one.pass(20_000);
    expect(one.mayWrite()).toBe(true);
    expect(one.claimOf()?.epoch).toBe(one.held.get('leaf1'));
  });

  it('is beyond the epoch in the record of the device, and goes beyond one that is found later', () => {
    const one = tenureForTest();
    one.state.recordEpoch = 2_000_000_000;
    one.pass(20);
    expect(one.held.get('leaf1')).toBe(2_000_000_001);
    one.tenure.claims.lose('leaf1', 'the device has a trial of a newer epoch', 3_000_000_000);
    expect(one.mayWrite()).toBe(false);
    one.pass(1_000);
    expect(one.mayWrite()).toBe(true);
    expect(one.held.get('leaf1')).toBe(3_000_000_001);
  });

  it("is nobody's with an epoch that would leave no room for the next, or none at all", () => {
    for (const epoch of [Number.MAX_SAFE_INTEGER - 1, 1e300, -1]) {
      const one = tenureForTest();
      one.pass(5_000);
      one.write('leaf1', { runner: 'r9', epoch, at: '' });
      one.pass(30_000);
      expect(one.mayWrite()).toBe(true);
      expect(one.claimOf()?.epoch).toBeLessThan(10_000_000_000);
    }
  });

  it('is not made again where the epoch was found too low and somebody else has it', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.write('leaf1', { runner: 'r9', epoch: 1_900_000_000, at: '' });
    one.beatOf('r9', 1);
    one.tenure.claims.lose('leaf1', 'its record has a newer epoch', 1_900_000_000);
    one.pass(5_000);
    expect(one.mayWrite()).toBe(false);
    expect(one.claimOf()).toMatchObject({ runner: 'r9' });
  });
});
