import { describe, expect, it } from 'vitest';
import { bench } from '../../../lab/proof/bench.ts';
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
    const health = await look();
    expect(health).toMatchObject({
      rib: { vitals: { 'global ipv4 bgp': { count: expect.any(Number) } } },
      interfaces: { vitals: { Ethernet1: { count: 1 }, Ethernet2: { count: 0, state: 'admin down' } } },
      ospf: { vitals: {} },
      isis: { vitals: {} },
      evpn: { vitals: {} },
      lldp: { vitals: {} },
    });
    expect(health).not.toHaveProperty('fib');
    at.sim.faults.set({ ribFilter: true });
    expect(await look()).toMatchObject({ rib: { vitals: { 'global ipv4 bgp': { count: 0 } } } });
    at.sim.box.bgp.set('10.0.0.0', { sent: 0 });
    expect((await session.bgp()).global?.peers['10.0.0.0']?.address_family.ipv4?.sent_prefixes).toBe(0);
  });

  it('has no interfaces where the switch lists none, which is an answer', async () => {
    await using at = await bench(eos, transport, { platform: 'eos', config: 'hostname new\n!\nend\n' });
    expect(await readHealth(eos, await at.open(), ['interfaces'])).toEqual({ interfaces: { vitals: {} } });
  });
});
