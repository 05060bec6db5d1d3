import { describe, expect, it } from 'vitest';
import { tenureForTest } from '../harness.ts';

const devices = Array.from({ length: 60 }, (_, at) => `leaf${at + 1}`);

/** Time passes, and another runner beats. */
const passWith = (one: ReturnType<typeof tenureForTest>, ms: number, more = {}) => {
  for (let passed = 0; passed < ms; passed += 500) {
    if (passed % 2_500 === 0)
      one.write('runner.r9', { n: 100_000 + Math.floor(one.tenure.clock.now()), at: '', ...more });
    one.pass(500);
  }
};

/** r9 holds everything, and has been there for longer. */
const late = (options: Parameters<typeof tenureForTest>[0] = {}) => {
  const one = tenureForTest({ wanted: devices, ...options });
  one.joins('r9', [], { since: '2025-01-01T00:00:00Z' });
  for (const device of devices) one.write(device, { runner: 'r9', epoch: 5, at: '' });
  return one;
};

describe('a runner that joins', () => {
  it('asks for nothing in its first 30 s, and then for its share, eight devices at a time', () => {
    const one = late();
    passWith(one, 29_500);
    expect(one.asks()).toEqual([]);
    passWith(one, 1_500);
    expect(one.asks()).toHaveLength(8);
    const got: string[] = [];
    for (let round = 0; round < 20 && one.asks().length > 0; round++) {
      got.push(...one.asks());
      for (const device of one.asks()) one.write(device, { runner: '', epoch: 5, at: '', to: one.tenure.name });
      passWith(one, 1_000);
    }
    expect(new Set(got).size).toBe(got.length);
    expect([...one.held.keys()].sort()).toEqual(got.sort());
    expect(got.length).toBeGreaterThan(20);
    expect(got.length).toBeLessThan(40);
  });

  it('asks for no more than it may hold, and takes no more of what is free', () => {
    const one = late({ terms: { max: 3 } });
    passWith(one, 31_000);
    expect(one.asks()).toHaveLength(3);
    for (const device of devices.slice(0, 10)) one.write(device, { runner: '', epoch: 5, at: '' });
    passWith(one, 5_000);
    expect(one.held.size).toBe(3);
    expect(one.asks()).toEqual([]);
  });

  it('asks at once for what another one has that is about to leave', () => {
    const one = late();
    passWith(one, 500, { draining: true });
    passWith(one, 500, { draining: true });
    expect(one.asks()).toHaveLength(8);
  });

  it('asks for others where a device is not let go', () => {
    const one = late();
    passWith(one, 31_000);
    const first = one.asks();
    passWith(one, 11_000);
    expect(one.asks()).toHaveLength(8);
    expect(one.asks().filter((device) => first.includes(device))).toEqual([]);
  });
});

describe('a runner that is asked', () => {
  const holder = () => {
    const one = tenureForTest({ wanted: devices });
    one.pass(5_000);
    return one;
  };

  it('gives what the other one comes first for, and that alone', () => {
    const one = holder();
    one.joins('r9', devices);
    passWith(one, 1_000);
    const given = devices.filter((device) => !one.held.has(device));
    expect(given.length).toBeGreaterThan(20);
    expect(given.length).toBeLessThan(40);
    for (const device of given) expect(one.claimOf(device)).toMatchObject({ runner: '', to: 'r9' });
    one.joins('r9', given);
    passWith(one, 4_000);
    expect(devices.filter((device) => !one.held.has(device))).toEqual(given); // it is left to the other one
    passWith(one, 3_500);
    expect(one.held.size).toBe(60); // which did not take it in time
    passWith(one, 20_000);
    expect(one.held.size).toBe(60); // and is not trusted to do so next time
  });

  it('gives by weight, and nothing to one that weighs nothing', () => {
    const shares = [0, 0.25, 1, 3].map((weight) => {
      const one = holder();
      one.joins('r9', devices, { weight });
      passWith(one, 1_000);
      return 60 - one.held.size;
    });
    expect(shares[0]).toBe(0);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    expect(shares[3]).toBeGreaterThan(35);
  });

  it('waits for the end of what is under way', () => {
    const one = holder();
    one.state.isBusy = true;
    one.joins('r9', devices);
    passWith(one, 5_000);
    expect(one.held.size).toBe(60);
    one.state.isBusy = false;
    passWith(one, 1_000);
    expect(one.held.size).toBeLessThan(40);
  });

  it('gives everything once it is about to leave, and takes nothing more', () => {
    const one = holder();
    one.joins('r9', devices);
    one.tenure.drain();
    passWith(one, 1_000);
    expect(one.held.size).toBe(0);
    expect(one.entries.get('runner.r1')?.value).toMatchObject({ draining: true });
    passWith(one, 20_000);
    expect(one.held.size).toBe(0);
  });

  it('gives a device to one that names it, whatever their shares', () => {
    const one = holder();
    one.joins('r9', devices, { names: ['leaf1', 'leaf2'], weight: 0 });
    passWith(one, 1_000);
    expect(devices.filter((device) => !one.held.has(device))).toEqual(['leaf1', 'leaf2']);
  });
});

describe('what is free', () => {
  it('is left to one that names it for half a second', () => {
    const one = tenureForTest({ wanted: ['leaf1'] });
    one.joins('r9', [], { names: ['leaf1'] });
    one.beatOf('r9', 1);
    one.pass(400);
    expect(one.claimOf()).toBeUndefined();
    one.pass(700);
    expect(one.claimOf()).toMatchObject({ runner: 'r1' });
  });

  it('is taken at once where the one that comes first has no room', () => {
    const one = tenureForTest({ wanted: ['leaf1'] });
    one.joins('r9', [], { names: ['leaf1'], max: 0 });
    one.beatOf('r9', 1);
    one.pass(20);
    expect(one.mayWrite()).toBe(true);
  });

  it('is shared by two runners of one name, as if they had two', () => {
    const one = tenureForTest({ wanted: devices });
    one.joins('r9', [], { slot: 's1' });
    one.beatOf('r9', 1);
    one.pass(20);
    expect(one.held.size).toBeGreaterThan(20);
    expect(one.held.size).toBeLessThan(40);
  });
});
