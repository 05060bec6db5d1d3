import { expect, it } from 'vitest';
import { bench } from '../../lab/proof/bench.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { type Health, readHealth, type Told } from '../../runners/lifecycle/checks/health.ts';

const text = {
  ios: 'version 16.12\nhostname r1\n!\ninterface GigabitEthernet1\n ip address 10.0.0.1 255.255.255.254\n!\ninterface GigabitEthernet2\n shutdown\n!\nrouter bgp 65001\n neighbor 10.0.0.0 remote-as 65000\n!\nend\n',
  iosxr:
    'hostname r1\n!\ninterface GigabitEthernet0/0/0/0\n ipv4 address 10.0.0.1 255.255.255.254\n!\ninterface GigabitEthernet0/0/0/1\n shutdown\n!\nrouter bgp 65001\n address-family ipv4 unicast\n !\n neighbor 10.0.0.0\n  remote-as 65000\n  address-family ipv4 unicast\n  !\n !\n!\nend\n',
  nxos: 'version 9.2(4)\nhostname r1\nfeature bgp\n\ninterface Ethernet1/1\n  no switchport\n  ip address 10.0.0.1/31\n  no shutdown\n\ninterface Ethernet1/2\n  shutdown\n\nrouter bgp 65001\n  neighbor 10.0.0.0\n    remote-as 65000\n    address-family ipv4 unicast\n',
} as const;

it.each(Object.keys(text) as (keyof typeof text)[])(
  'the health of a simulated %s is read whole, and a loss is seen',
  async (platform) => {
    const driver = driverFor(platform);
    await using at = await bench(driver, 'ssh', { platform, config: text[platform] });
    const session = await at.open();
    const look = () => readHealth(driver, session, ['rib', 'fib', 'interfaces', 'ospf', 'isis', 'evpn', 'lldp']);
    const health = await look();
    expect(health).toHaveProperty('fib');
    for (const [name, told] of Object.entries(health)) expect(told, name).toHaveProperty('vitals');
    const count = (told: Told | undefined, table: string) =>
      told && 'vitals' in told ? told.vitals[table]?.count : undefined;
    const routes = ({ rib }: Health) => count(rib, 'global ipv4 bgp');
    const table = platform === 'nxos' ? 'global ipv4 on module 1' : 'global ipv4';
    const installed = count(health.fib, table) ?? 0;
    const learned = routes(health) ?? 0;
    expect(learned).toBeGreaterThan(0);
    expect(
      health.interfaces && 'vitals' in health.interfaces ? Object.values(health.interfaces.vitals) : [],
    ).toMatchObject([{ count: 1 }, { count: 0 }]);
    at.sim.faults.set({ ribFilter: true });
    const lost = await look();
    expect(routes(lost)).toBe(0);
    expect(count(lost.fib, table)).toBe(installed - learned);
    at.sim.box.bgp.set('10.0.0.0', { sent: 0 });
    expect((await session.bgp()).global?.peers['10.0.0.0']?.address_family.ipv4?.sent_prefixes).toBe(0);
  },
);
