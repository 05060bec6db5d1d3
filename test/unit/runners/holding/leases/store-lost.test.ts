import { describe, expect, it } from 'vitest';
import { tenureForTest } from './harness.ts';

const claims = (one: ReturnType<typeof tenureForTest>) => one.writes.filter(({ key }) => key === 'leaf1').length;

describe('a store that was deleted or went back', () => {
  it('lets go on with what is held for as long as that was right before, and claims it anew', () => {
    const one = tenureForTest();
    one.pass(5_000);
    expect(one.tenure.claims.lasts('leaf1')).toBe(true);
    const epoch = one.held.get('leaf1');
    const { until } = one.tenure.right;
    one.replace();
    one.pass(2_600);
    expect(one.log.join()).toContain('the lease store was restored to an older state');
    expect(one.claimOf()).toMatchObject({ runner: 'r1', epoch });
    expect([one.mayWrite(), one.tenure.claims.lasts('leaf1')]).toEqual([true, false]); // also once it is claimed anew
    one.pass(until.ms - one.tenure.clock.now() + 1);
    expect(one.tenure.right.holds).toBe(true); // it beats, and that is not enough
    expect(one.mayWrite()).toBe(false);
    one.pass(500);
    expect(one.log).toContain('lost leaf1: the lease store was restored to an older state, and the claim is made anew');
  });

  it('is worked with again after 10 s, under a new epoch', () => {
    const one = tenureForTest();
    one.pass(5_000);
    const epoch = one.held.get('leaf1') ?? 0;
    one.replace();
    while (!one.log.join().includes('restored to an older state')) one.pass(10);
    one.pass(9_900);
    expect(one.mayWrite()).toBe(false);
    one.pass(3_000);
    expect([one.mayWrite(), one.tenure.claims.lasts('leaf1')]).toEqual([true, true]);
    expect(one.held.get('leaf1')).toBeGreaterThan(epoch);
  });

  it('leaves a device to whoever has claimed it in there with a higher epoch', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.replace(new Map([['leaf1', { seq: 7, value: { runner: 'r9', epoch: 1_900_000_000, at: '' } }]]));
    one.pass(2_600);
    expect(one.mayWrite()).toBe(false);
    expect(one.claimOf()).toMatchObject({ runner: 'r9' });
  });

  it('takes a claim back that an older copy gives to an earlier holder', () => {
    const one = tenureForTest();
    one.pass(5_000);
    one.replace(new Map([['leaf1', { seq: 7, value: { runner: 'r9', epoch: 5, at: '' } }]]));
    one.pass(2_600);
    expect(one.claimOf()).toMatchObject({ runner: 'r1' });
  });
});

describe('a runner settles for 10 s before it writes to what was not its own', () => {
  it('when it was just started, and claims after 3 s', () => {
    const one = tenureForTest({ settled: false });
    one.pass(2_900);
    expect(one.claimOf()).toBeUndefined();
    one.pass(700);
    expect(one.claimOf()).toMatchObject({ runner: 'r1' });
    one.pass(6_300);
    expect(one.mayWrite()).toBe(false);
    one.pass(700);
    expect(one.mayWrite()).toBe(true);
  });

  it('when its connection was lost, and goes on with what it held without a pause', () => {
    const wanted = ['leaf1'];
    const one = tenureForTest({ wanted });
    one.pass(5_000);
    one.tenure.reconnected();
    expect(one.mayWrite()).toBe(true);
    wanted.push('leaf2');
    one.pass(9_900);
    expect([one.mayWrite(), one.mayWrite('leaf2')]).toEqual([true, false]);
    one.pass(700);
    expect([one.mayWrite(), one.mayWrite('leaf2')]).toEqual([true, true]);
  });

  it('when its right has lapsed: the claim stays its own, and work on it begins anew under a new epoch', () => {
    const one = tenureForTest();
    one.pass(5_000);
    const epoch = one.held.get('leaf1') ?? 0;
    one.state.isCut = true;
    one.pass(9_000);
    expect(one.log).toContain('lost leaf1: the heartbeat of this runner could not be written in time');
    expect(one.claimOf()).toMatchObject({ runner: 'r1', epoch });
    one.state.isCut = false;
    one.pass(9_900);
    expect(one.mayWrite()).toBe(false);
    one.pass(3_000);
    expect(one.mayWrite()).toBe(true);
    expect(one.held.get('leaf1')).toBeGreaterThan(epoch);
  });
});

describe('at idle', () => {
  it('nothing is written but the heartbeat, every 2.5 s', () => {
    const one = tenureForTest();
    one.pass(5_000);
    const before = { claims: claims(one), all: one.writes.length };
    one.pass(60_000);
    expect(claims(one)).toBe(before.claims);
    expect(one.writes.length - before.all).toBeLessThanOrEqual(24);
  });
});
