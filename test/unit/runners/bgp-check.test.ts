import { describe, expect, it } from 'vitest';
import { judgeBgp } from '../../../runners/bgp-check.ts';
import type { Bgp, BgpPeer } from '../../../runners/driver.ts';
import { peer } from '../../fake-device.ts';

const bgp = (fields?: Partial<BgpPeer>): Bgp => ({
  global: { router_id: null, peers: fields ? { '10.0.0.0': peer(fields) } : {} },
});
const before = bgp({});
const at = (seconds: number, fields?: Partial<BgpPeer>) => ({ atMs: seconds * 1000, bgp: bgp(fields) });
const counts = (accepted: number) => ({
  ipv4: { received_prefixes: accepted, accepted_prefixes: accepted, sent_prefixes: 1 },
});

describe('a BGP session that the intent keeps', () => {
  it('is not proven by being Established alone', () => {
    expect(judgeBgp(before, [at(0, { keepalives_received: 50 })], 10, '').kind).toBe('open');
  });

  it('is not proven by the one keepalive that was already under way', () => {
    const samples = [at(0, { keepalives_received: 50 }), at(9, { keepalives_received: 51 })];
    expect(judgeBgp(before, samples, 10, '').kind).toBe('open');
  });

  it('is proven by more than one keepalive since the commit', () => {
    const samples = [at(0, { keepalives_received: 50 }), at(2, { keepalives_received: 52 })];
    expect(judgeBgp(before, samples, 10, '').kind).toBe('proven');
  });

  it('counts keepalives from its new start when it was reset', () => {
    const reset = [
      at(0, { keepalives_received: 50 }),
      at(1, { is_up: false, state: 'Active' }),
      at(2, { keepalives_received: 60 }),
    ];
    expect(judgeBgp(before, reset, 10, '').kind).toBe('open');
    expect(judgeBgp(before, [...reset, at(4, { keepalives_received: 62 })], 10, '').kind).toBe('proven');
  });

  it('fails for good once its prefixes have stayed below the threshold', () => {
    const low = (seconds: number, keepalives: number) =>
      at(seconds, { keepalives_received: keepalives, address_family: counts(8) });
    expect(judgeBgp(before, [low(0, 50), low(2, 52)], 10, '').kind).toBe('open');
    const verdict = judgeBgp(before, [low(0, 50), low(2, 52), low(3.5, 53)], 10, '');
    expect(verdict.kind).toBe('failed');
    expect(verdict.checks[0]?.detail).toContain('ipv4 10 → 8');
  });

  it('may lose prefixes within the threshold', () => {
    const samples = [at(0, { keepalives_received: 50 }), at(2, { keepalives_received: 52, address_family: counts(9) })];
    expect(judgeBgp(before, samples, 10, '').kind).toBe('proven');
  });

  it('needs to outlive its hold time where no counters are known', () => {
    const blind = { keepalives_received: null, messages_received: null };
    expect(judgeBgp(before, [at(0, blind), at(3, blind)], 10, '').kind).toBe('open');
    expect(judgeBgp(before, [at(0, blind), at(4, blind)], 10, '').kind).toBe('proven');
  });
});

describe('a BGP session that the intent gives up', () => {
  it('is no failure when it was removed or shut down', () => {
    expect(judgeBgp(before, [at(0)], 10, '')).toMatchObject({
      kind: 'proven',
      checks: [{ detail: 'removed by the intent' }],
    });
    expect(judgeBgp(before, [at(0, { is_up: false, is_enabled: false })], 10, '').kind).toBe('proven');
  });

  it('is a failure when it came from a range and is gone', () => {
    expect(judgeBgp(bgp({ dynamic: true }), [at(0)], 10, '').kind).toBe('open');
  });
});
