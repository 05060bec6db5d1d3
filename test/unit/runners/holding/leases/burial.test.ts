import { describe, expect, it } from 'vitest';
import { tenureForTest } from './harness.ts';

const other = { runner: 'r9', epoch: 1_700_000_000, at: '' };

describe('a runner of which nothing is heard', () => {
  it('is buried after 10 s, and only then its devices are taken', () => {
    const one = tenureForTest();
    one.write('leaf1', other);
    one.beatOf('r9', 1);
    one.pass(9_500);
    expect(one.claimOf()).toMatchObject({ runner: 'r9' });
    one.pass(1_600);
    expect(one.entries.get('runner.r9')?.value).toMatchObject({ buried: { by: 'r1' } });
    one.pass(1_000);
    expect(one.claimOf()).toMatchObject({ runner: 'r1' });
    expect(one.mayWrite()).toBe(true);
  });

  it('is not buried where it beats in that very moment', () => {
    const one = tenureForTest();
    one.write('leaf1', other);
    one.beatOf('r9', 1);
    one.pass(9_900);
    one.state.isDeaf = true; // what it says is stored, and not heard of yet
    one.beatOf('r9', 2);
    one.state.isDeaf = false;
    one.pass(1_500);
    expect(one.entries.get('runner.r9')?.value).toMatchObject({ n: 2 });
    expect(one.claimOf()).toMatchObject({ runner: 'r9' });
  });

  it('is not buried by one that has no right itself', () => {
    const one = tenureForTest();
    one.write('leaf1', other);
    one.beatOf('r9', 1);
    one.pass(100);
    one.state.isCut = true;
    one.pass(20_000);
    expect(one.writes.filter(({ value }) => 'buried' in value)).toEqual([]);
  });

  it('has 10 s more once the one who listens was away from NATS itself', () => {
    const one = tenureForTest();
    one.write('leaf1', other);
    one.beatOf('r9', 1);
    one.pass(9_000);
    one.tenure.reconnected();
    one.pass(9_500);
    expect(one.entries.get('runner.r9')?.value).toMatchObject({ n: 1 });
  });

  it('and has no heartbeat at all is buried 10 s after its claim was seen', () => {
    const one = tenureForTest();
    one.write('leaf1', other);
    one.pass(9_500);
    expect(one.entries.has('runner.r9')).toBe(false);
    one.pass(2_000);
    expect(one.entries.get('runner.r9')?.value).toMatchObject({ buried: { by: 'r1', over: 0 } });
    expect(one.mayWrite()).toBe(true);
  });

  it('is told of it by its own key, drops everything, and begins anew under another name', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.write('runner.r1', { buried: { by: 'r9', over: 1, at: '' } });
    one.pass(2);
    expect(one.mayWrite()).toBe(false);
    expect(one.tenure.name).toBe('r2');
    one.pass(9_900);
    expect(one.mayWrite()).toBe(false);
    one.pass(1_000);
    expect(one.mayWrite()).toBe(true);
    expect(one.claimOf()).toMatchObject({ runner: 'r2' });
  });
});

describe('a device', () => {
  it('that its runner gave up, or left, is taken at once', () => {
    for (const left of [{ leaf1: { ...other, runner: '' } }, { leaf1: other, 'runner.r9': { left: true, at: '' } }]) {
      const one = tenureForTest();
      for (const [key, value] of Object.entries(left)) one.write(key, value);
      one.pass(1_100);
      expect(one.mayWrite()).toBe(true);
    }
  });

  it('that a runner of an older release holds is left alone while its lease is renewed, and taken 10 s after', () => {
    const one = tenureForTest();
    const old = { runner: 'old', epoch: 1_700_000_000 };
    for (let renewals = 0; renewals < 8; renewals++) {
      one.write('leaf1', old);
      one.pass(2_500);
      expect(one.claimOf()).toEqual(old);
    }
    one.pass(6_500);
    expect(one.claimOf()).toEqual(old);
    one.pass(2_000);
    expect(one.mayWrite()).toBe(true);
    expect(one.entries.has('runner.old')).toBe(false);
  });

  it('is claimed by one of several runners first, and by the next where that one does not', () => {
    const one = tenureForTest({ wanted: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] });
    for (const runner of ['r8', 'r9']) {
      one.write(`pool.${runner}`, { slot: runner, since: '', weight: 1, asks: [] });
      one.beatOf(runner, 1);
    }
    one.pass(20);
    const first = one.held.size;
    expect(first).toBeLessThan(8);
    one.pass(1_200);
    expect(one.held.size).toBe(8);
  });
});
