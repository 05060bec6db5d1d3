import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../../../core/inventory/schema.ts';
import type { Session } from '../../../../../runners/driver.ts';
import { nxosHealth } from '../../../../../runners/drivers/cisco/getters/health.ts';
import { type Health, readHealth } from '../../../../../runners/lifecycle/checks/health.ts';
import { type HealthSample, judgeHealth } from '../../../../../runners/lifecycle/checks/health-check.ts';
import { takenAway } from '../../../../../runners/lifecycle/checks/taken-away.ts';
import type { Vital } from '../../../../../runners/shapes.ts';

const { checks } = defaultPolicy;
const vitals = (of: Record<string, Vital | number>) => ({
  vitals: Object.fromEntries(
    Object.entries(of).map(([name, vital]) => [name, typeof vital === 'number' ? { count: vital } : vital]),
  ),
});
/** Samples, a second between each two unless told otherwise. */
const seen = (...healths: readonly Health[]): HealthSample[] =>
  healths.map((health, n) => ({ atMs: n * 1000, health }));
const later = (ms: number, first: Health, second: Health): HealthSample[] => [
  { atMs: 0, health: first },
  { atMs: ms, health: second },
];
const nothing = { taken: takenAway('', ''), prefixes: 0 };
const neighbour = (expires: number | null, count = 1): Vital => ({
  count,
  state: count === 1 ? 'Full' : 'Init',
  interface: 'eth1',
  address: '10.0.0.0',
  expires,
});

describe('the health of a device', () => {
  it('is proven where all that was up is up, and what was down is not asked for', () => {
    const before = { interfaces: vitals({ eth1: 1, eth2: 0 }), rib: vitals({ 'global ipv4 bgp': 100 }) };
    const after = { interfaces: vitals({ eth1: 1, eth2: 0 }), rib: vitals({ 'global ipv4 bgp': 90 }) };
    expect(judgeHealth(before, seen(after), checks, undefined)).toEqual({
      kind: 'proven',
      asksIntent: false,
      checks: [
        { name: 'interfaces', on: '1 of 1 interfaces', ok: true, detail: 'as before: eth1' },
        {
          name: 'rib',
          on: '1 of 1 tables of learned routes',
          ok: true,
          detail: 'as before: global ipv4 bgp 100 → 90',
        },
      ],
    });
  });

  it('is told, and not lost, where an interface of the host is gone', () => {
    const link: Vital = { count: 1, ofHost: true };
    const judged = (now: Record<string, Vital>) =>
      judgeHealth(
        { interfaces: vitals({ eth1: link, veth7: link }) },
        later(30_000, { interfaces: vitals(now) }, { interfaces: vitals(now) }),
        checks,
        nothing,
      );
    expect(judged({ eth1: link })).toMatchObject({
      kind: 'proven',
      checks: [{ ok: null, detail: 'gone from the host, which the intent cannot cause: veth7' }, { ok: true }],
    });
    expect(judged({ eth1: link, veth7: { ...link, count: 0 } })).toMatchObject({ kind: 'failed' });
  });

  it.each([
    ['rib', { 'global ipv4 bgp': 100 }, { 'global ipv4 bgp': 89 }, 10_000, '100 routes → 89, more than 10 % fewer'],
    ['rib', { 'global ipv4 bgp': 3 }, {}, 10_000, '3 routes → 0, more than 10 % fewer'],
    ['fib', { 'red ipv6': 10 }, { 'red ipv6': 1 }, 10_000, '10 routes → 1, more than 10 % fewer'],
    ['interfaces', { eth1: 1 }, { eth1: 0 }, 30_000, 'was up, is down'],
    ['interfaces', { eth1: 1 }, { eth2: 1 }, 30_000, 'was up, is gone'],
    ['ospf', { 'r on eth1': neighbour(30) }, { 'r on eth1': neighbour(30, 0) }, 90_000, 'was Full, is Init'],
    ['isis', { 'r on eth1': neighbour(30) }, {}, 90_000, 'was Full, is gone'],
    ['evpn', { 'VNI 10': 3 }, { 'VNI 10': 2 }, 30_000, '3 remote VTEPs → 2'],
    ['lldp', { eth1: 1 }, {}, 60_000, 'was up, is gone'],
  ] as const)('is lost where %s shrinks, at once open and in the end for good', (name, old, now, ms, detail) => {
    const before = { [name]: vitals(old) };
    const after = { [name]: vitals(now) };
    const first = judgeHealth(before, seen(after), checks, undefined);
    expect([first.kind, first.asksIntent]).toEqual(['open', true]);
    expect(judgeHealth(before, later(ms - 1, after, after), checks, nothing).kind).toBe('open');
    const last = judgeHealth(before, later(ms, after, after), checks, nothing);
    expect(last).toMatchObject({ kind: 'failed', asksIntent: false });
    expect(last.checks).toContainEqual({ name, on: Object.keys(old)[0], ok: false, detail });
    expect(judgeHealth(before, later(ms, after, before), checks, nothing).kind).not.toBe('failed');
    expect(judgeHealth(before, seen(after), { ...checks, [name]: 'off' }, undefined).checks).toEqual([]);
  });

  it('is not lost for good while a table still moves', () => {
    const rib = (count: number) => ({ rib: vitals({ 'global ipv4 bgp': count }) });
    const samples = [0, 20_000, 40_000].map((atMs, n) => ({ atMs, health: rib(n) }));
    expect(judgeHealth(rib(100), samples, checks, nothing).kind).toBe('open');
  });

  it('follows the threshold of the policy', () => {
    const before = { rib: vitals({ 'global ipv4 bgp': 100 }) };
    const after = { rib: vitals({ 'global ipv4 bgp': 60 }) };
    expect(judgeHealth(before, seen(after), { ...checks, rib: 40 }, undefined).kind).toBe('proven');
    expect(judgeHealth(before, seen(after), { ...checks, rib: 39 }, undefined).kind).toBe('open');
  });

  it('needs a neighbour to be heard since the commit, where its timer is told', () => {
    const at = (expires: number | null) => ({ ospf: vitals({ 'r on eth1': neighbour(expires) }) });
    const silent = judgeHealth(at(40), seen(at(38), at(37)), checks, undefined);
    expect(silent).toMatchObject({
      kind: 'open',
      asksIntent: false,
      checks: [{ ok: false, detail: 'r on eth1 Full, not heard since the commit' }],
    });
    expect(judgeHealth(at(40), seen(at(38), at(37), at(39.5)), checks, undefined).kind).toBe('proven');
    expect(judgeHealth(at(null), seen(at(null)), checks, undefined).kind).toBe('proven');
  });

  it('does not hold what the intent takes away against it', () => {
    const before = 'interface eth1\n ip ospf area 0\n ip address 10.0.0.1/31\ninterface eth2\nrouter ospf\n';
    const taken = takenAway(before, 'interface eth1\n shutdown\n ip address 10.0.0.1/31\ninterface eth2\n');
    const old = {
      interfaces: vitals({ eth1: 1, eth2: 1 }),
      ospf: vitals({ 'r on eth1': neighbour(30) }),
      rib: vitals({ 'global ipv4 ospf': 9, 'global ipv4 bgp': 10 }),
    };
    const now = (bgp: number, eth2: number) => ({
      interfaces: vitals({ eth1: 0, eth2 }),
      ospf: vitals({}),
      rib: vitals({ 'global ipv4 bgp': bgp }),
    });
    expect(judgeHealth(old, seen(now(7, 1)), checks, { taken, prefixes: 2 }).kind).toBe('proven');
    expect(judgeHealth(old, seen(now(6, 1)), checks, { taken, prefixes: 2 }).kind).toBe('open');
    const lost = judgeHealth(old, seen(now(7, 0)), checks, { taken, prefixes: 2 });
    expect(lost.checks.filter(({ ok }) => ok === false)).toEqual([
      { name: 'interfaces', on: 'eth2', ok: false, detail: 'was up, is down' },
    ]);
  });

  it.each([
    ['vrf context RED', '  rd auto'],
    ['vrf definition RED', ' rd 65000:1'],
    ['vrf instance RED', ''],
    ['ip vrf RED', ' rd 65000:1'],
    ['vrf RED', ' address-family ipv4 unicast'],
    ['set routing-instances RED instance-type vrf', ''],
  ])('lacks the tables of a VRF that the intent removes, whatever was in them: %s', (head, inside) => {
    const blue = `${head.replace('RED', 'BLUE')}\n${inside}\n`;
    const taken = takenAway(`hostname r1\n${blue}${head}\n${inside}\n`, `hostname r1\n${blue}`);
    const tables = (vrf: string) => ({
      rib: vitals({ [`${vrf} ipv4 bgp`]: 200 }), // imported from another VRF: no session of its own went
      fib: vitals({ [`${vrf} ipv4 on module 1`]: 206, [`${vrf} ipv6 on module 1`]: 5 }),
    });
    const none = later(10_000, { rib: vitals({}), fib: vitals({}) }, { rib: vitals({}), fib: vitals({}) });
    expect(judgeHealth(tables('RED'), none, checks, { taken, prefixes: 0 }).kind).toBe('proven');
    expect(judgeHealth(tables('BLUE'), none, checks, { taken, prefixes: 0 }).kind).toBe('failed');
    const empty = { rib: vitals({ 'RED ipv4 bgp': 0 }), fib: vitals({ 'RED ipv4 on module 1': 0 }) };
    expect(judgeHealth(tables('RED'), later(10_000, empty, empty), checks, nothing).kind).toBe('failed');
  });

  it('that cannot be looked at is told, and is neither passed nor failed', () => {
    const never = judgeHealth({ lldp: { unknown: 'no answer' } }, [], checks, undefined);
    expect(never).toEqual({
      kind: 'proven',
      asksIntent: false,
      checks: [
        {
          name: 'lldp',
          on: 'LLDP neighbours',
          ok: null,
          detail: 'could not be compared: before the commit no answer',
        },
      ],
    });
    const before = { lldp: vitals({ eth1: 1 }) };
    const after = { lldp: { unknown: 'no answer' } };
    expect(judgeHealth(before, seen(after, after), checks, undefined).kind).toBe('open');
    expect(judgeHealth(before, seen(after, after, after), checks, undefined)).toMatchObject({
      kind: 'proven',
      checks: [{ ok: null, detail: 'could not be compared: no answer' }],
    });
    expect(judgeHealth(before, seen(after, after, after, before), checks, undefined).checks).toMatchObject([
      { ok: true },
    ]);
  });

  it('is told not to be known in part, where the device refuses to tell of some tables of routes', async () => {
    const ipv6 = 'show ipv6 route summary vrf all';
    const answers = (request: string) =>
      request === ipv6
        ? undefined
        : 'IP Route Table for VRF "default"\nBest paths per protocol:\n  bgp-65001      : 7\n';
    const ask = async (requests: readonly string[]) => requests.map(answers);
    const before = await readHealth({ health: nxosHealth }, { ask } as unknown as Session, ['rib']);
    expect(before).toMatchObject({ rib: { unanswered: [ipv6] } });
    const { kind, checks: told } = judgeHealth(before, seen(before, before), checks, undefined);
    expect(kind).toBe('proven');
    expect(told.map(({ ok, detail }) => [ok, detail])).toEqual([
      [null, `could not be compared: before the commit the device did not answer "${ipv6}"`],
      [true, 'as before: global ipv4 bgp 7 → 7'],
    ]);
  });

  it('names twenty losses and counts the rest', () => {
    const all = (count: number) => Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`eth${n}`, count]));
    const verdict = judgeHealth({ interfaces: vitals(all(1)) }, seen({ interfaces: vitals(all(0)) }), checks, nothing);
    expect(verdict.checks).toHaveLength(21);
    expect(verdict.checks.at(-1)).toMatchObject({ on: '30 of 30 interfaces', ok: false });
  });
});
