import { describe, expect, it } from 'vitest';
import { bench } from '../../../lab/proof/bench.ts';
import { health } from '../../../runners/drivers/eos/getters/health.ts';
import { eos } from '../../../runners/drivers/eos/platform.ts';
import { readHealth } from '../../../runners/lifecycle/checks/health.ts';

const config = `hostname leaf1
!
interface Ethernet1
   no switchport
   ip address 10.0.0.1/31
!
interface Ethernet2
   shutdown
!
router bgp 65001
   neighbor 10.0.0.0 remote-as 65000
!
end
`;

describe.each(['ssh', 'eapi'] as const)('the health of a switch over %s', (transport) => {
  it('is read from its JSON; what it does not run has no neighbours', async () => {
    await using at = await bench(eos, transport, { platform: 'eos', config });
    const session = await at.open();
    const look = () => readHealth(eos, session, ['rib', 'fib', 'interfaces', 'ospf', 'isis', 'evpn', 'lldp']);
    expect(await look()).toMatchObject({
      rib: { vitals: { 'global ipv4 bgp': { count: expect.any(Number) } } },
      fib: { vitals: { 'global ipv4': { count: expect.any(Number) } } },
      interfaces: { vitals: { Ethernet1: { count: 1 }, Ethernet2: { count: 0, state: 'admin down' } } },
      ospf: { vitals: {} },
      isis: { vitals: {} },
      evpn: { vitals: {} },
      lldp: { vitals: {} },
    });
    at.sim.faults.set({ ribFilter: true });
    expect(await look()).toMatchObject({
      rib: { vitals: { 'global ipv4 bgp': { count: 0 } } },
      fib: { vitals: { 'global ipv4': { count: 0 } } },
    });
    at.sim.box.bgp.set('10.0.0.0', { sent: 0 });
    expect((await session.bgp()).global?.peers['10.0.0.0']?.address_family.ipv4?.sent_prefixes).toBe(0);
  });

  it('has no interfaces where the switch lists none, which is an answer', async () => {
    await using at = await bench(eos, transport, { platform: 'eos', config: 'hostname new\n!\nend\n' });
    expect(await readHealth(eos, await at.open(), ['interfaces'])).toEqual({ interfaces: { vitals: {} } });
  });
});

describe('the routes of a switch', () => {
  const parse = (name: 'rib' | 'fib', answers: Record<string, unknown>) =>
    health[name]?.parse({
      get: (request) => (answers[request] === undefined ? undefined : JSON.stringify(answers[request])),
    });
  const table = (bgpTotal: number, totalRoutes: number) => ({
    connected: 2,
    static: 1,
    ospfCounts: { ospfTotal: 3, ospfIntraArea: 3 },
    bgpCounts: { bgpTotal, bgpExternal: bgpTotal, bgpInternal: 0 },
    gribi: 2,
    rip: 0,
    internal: 4,
    attached: 5,
    totalRoutes,
    maskLen: { '24': 5, '32': 12 },
  });

  it('are counted by VRF and family, learned and installed', () => {
    const answers = {
      'show ip route vrf all summary': { vrfs: { default: table(7, 24), RED: table(0, 17) } },
      'show ipv6 route vrf all summary': { vrfs: { default: { bgpCounts: { bgpTotal: 5 }, totalRoutes: 6 } } },
    };
    expect(parse('rib', answers)).toMatchObject({
      'global ipv4 bgp': { count: 7 },
      'global ipv4 ospf': { count: 3 },
      'RED ipv4 bgp': { count: 0 },
      'global ipv6 bgp': { count: 5 },
    });
    expect(parse('fib', answers)).toEqual({
      'global ipv4': { count: 12 },
      'RED ipv4': { count: 5 },
      'global ipv6': { count: 6 },
    });
  });

  it('are unknown where no table is told, and never nothing', () => {
    for (const name of ['rib', 'fib'] as const) expect(parse(name, {}), name).toBeNull();
    expect(parse('fib', { 'show ip route vrf all summary': { vrfs: { default: { bgpCounts: {} } } } })).toBeNull();
  });
});
