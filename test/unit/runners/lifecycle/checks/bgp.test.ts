import { describe, expect, it } from 'vitest';
import { judgeBgp } from '../../../../../runners/lifecycle/checks/bgp.ts';
import { judgeSent } from '../../../../../runners/lifecycle/checks/bgp-sent.ts';
import { takenAway } from '../../../../../runners/lifecycle/checks/taken-away.ts';
import type { Bgp, BgpPeer } from '../../../../../runners/shapes.ts';
import { peer } from '../../../../fake-device.ts';

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

describe('a BGP session that cannot heal', () => {
  const down = (error: string, fields: Partial<BgpPeer> = {}) => ({
    is_up: false,
    state: 'Idle',
    last_error: error,
    ...fields,
  });

  it.each([
    'OPEN Message Error/Bad Peer AS',
    'Received: Bad peer AS',
    'BGP Notification sent, peer in wrong AS',
    'Open Message Error',
    'Authentication failure',
    'TCP MD5: 3 segments with a wrong, missing or unexpected digest',
  ])('fails as soon as its error stood for three seconds: %s', (error) => {
    const first = at(1, down(error));
    expect(judgeBgp(before, [at(0), first, at(3.9, down(error))], 10, '10.0.0.0').kind).toBe('open');
    const verdict = judgeBgp(before, [at(0, {}), first, at(4, down(error))], 10, 'neighbor 10.0.0.0');
    expect(verdict.kind).toBe('failed');
    expect(verdict.checks[0]?.detail).toContain(`(${error}), which does not recover by itself`);
  });

  it.each(['Hold Timer Expired', 'Cease/Other Configuration Change', 'Peer closed the session'])(
    'is not one that shows %s',
    (error) => {
      expect(judgeBgp(before, [at(0, down(error)), at(60, down(error))], 10, 'neighbor 10.0.0.0').kind).toBe('open');
    },
  );

  it('is not told by an error that it showed before, unless it was lost once more', () => {
    const old = bgp({ last_error: 'OPEN Message Error/Bad Peer AS', flaps: 2 });
    const same = down('OPEN Message Error/Bad Peer AS', { flaps: 2 });
    const again = { ...same, flaps: 3 };
    expect(judgeBgp(old, [at(0, same), at(60, same)], 10, 'neighbor 10.0.0.0').kind).toBe('open');
    expect(judgeBgp(old, [at(0, again), at(60, again)], 10, 'neighbor 10.0.0.0').kind).toBe('failed');
  });

  it('is not told by digests of which another session may be the cause', () => {
    const other = peer({ is_up: false, state: 'Connect' });
    const old: Bgp = { global: { router_id: null, peers: { '10.0.0.0': peer(), '10.0.0.2': other } } };
    const md5 = down('TCP MD5: 3 segments with a wrong, missing or unexpected digest');
    expect(judgeBgp(old, [at(0, md5), at(60, md5)], 10, 'neighbor 10.0.0.0').kind).toBe('open');
  });

  it('is no failure where the intent takes its interface away', () => {
    const text = 'interface eth1\n ip address 10.0.0.1/31\n';
    const taken = takenAway(text, text.replace('eth1\n', 'eth1\n shutdown\n'));
    const lost = judgeBgp(before, [at(0, down('Interface down'))], 10, 'neighbor 10.0.0.0');
    expect([lost.kind, lost.asksIntent]).toEqual(['open', true]);
    expect(judgeBgp(before, [at(0, down('Interface down'))], 10, 'neighbor 10.0.0.0', taken).kind).toBe('proven');
  });
});

describe('what a BGP session is sent', () => {
  const sends = (sent: number | null, fields: Partial<BgpPeer> = {}) => ({
    address_family: { ipv4: { received_prefixes: 1, accepted_prefixes: 1, sent_prefixes: sent } },
    ...fields,
  });
  const old = bgp(sends(10));
  const nothing = { taken: takenAway('', ''), prefixes: 0 };

  it('may fall by the threshold, and not below it', () => {
    expect(judgeSent(old, [at(0, sends(9))], 10, undefined)).toMatchObject({
      kind: 'proven',
      checks: [{ name: 'sent', on: '10.0.0.0', ok: true, detail: 'prefixes sent: ipv4 9' }],
    });
    const low = judgeSent(old, [at(0, sends(8))], 10, undefined);
    expect(low).toMatchObject({
      kind: 'open',
      asksIntent: true,
      checks: [{ ok: false, detail: 'prefixes sent fell by more than 10 %: ipv4 10 → 8' }],
    });
    expect(judgeSent(old, [at(0, sends(8)), at(2.9, sends(8))], 10, nothing).kind).toBe('open');
    expect(judgeSent(old, [at(0, sends(8)), at(3, sends(8))], 10, nothing).kind).toBe('failed');
    expect(judgeSent(old, [at(0, sends(1)), at(3, sends(8))], 10, nothing).kind).toBe('open');
    expect(judgeSent(old, [at(0, sends(8))], 'off', undefined).checks).toEqual([]);
  });

  it('may fall by what the intent takes away: networks of its own, and what sessions brought', () => {
    const text = 'router bgp 1\n network 10.1.0.0/16\n network 10.2.0.0/16\n';
    const taken = takenAway(text, 'router bgp 1\n');
    const verdict = (sent: number, prefixes: number) =>
      judgeSent(old, [at(0, sends(sent)), at(9, sends(sent))], 10, { taken, prefixes }).kind;
    expect([verdict(7, 0), verdict(6, 0), verdict(4, 3), verdict(3, 3)]).toEqual([
      'proven',
      'failed',
      'proven',
      'failed',
    ]);
  });

  it('is told as not compared where the device does not tell it', () => {
    for (const [then, now] of [
      [null, null],
      [10, null],
    ]) {
      expect(judgeSent(bgp(sends(then ?? null)), [at(0, sends(now ?? null))], 10, undefined)).toMatchObject({
        kind: 'proven',
        checks: [{ on: '1 of 1 sessions', ok: null }],
      });
    }
  });

  it('is not asked of a session that is down, of which its own check tells', () => {
    expect(judgeSent(old, [at(0, { is_up: false })], 10, undefined).checks).toEqual([]);
  });
});
