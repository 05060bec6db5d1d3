import { describe, expect, it } from 'vitest';
import { bench } from '../../../lab/proof/bench.ts';
import type { HealthName } from '../../../runners/driver.ts';
import { health } from '../../../runners/drivers/junos/getters/health.ts';
import { junos } from '../../../runners/drivers/junos/platform.ts';
import { readHealth } from '../../../runners/lifecycle/checks/health.ts';

const config = `system { host-name r1; }
interfaces {
    ge-0/0/0 {
        unit 0 { family inet { address 10.0.0.1/31; } }
    }
    ge-0/0/1 { disable; }
}
protocols {
    bgp { group g { peer-as 65000; local-as 65001; neighbor 10.0.0.0; } }
}
`;
const parse = (name: HealthName, answers: Record<string, string>) =>
  health[name]?.parse({ get: (request) => answers[request] });

describe.each(['netconf', 'ssh'] as const)('the health of a Junos over %s', (transport) => {
  it('is read from its XML, and a loss is seen', async () => {
    await using at = await bench(junos, transport, { platform: 'junos', config });
    const session = await at.open();
    const look = () => readHealth(junos, session, ['rib', 'fib', 'interfaces', 'ospf', 'isis', 'lldp']);
    expect(await look()).toMatchObject({
      rib: { vitals: { 'global ipv4 bgp': { count: expect.any(Number) } } },
      fib: { vitals: { 'global ipv4': { count: expect.any(Number) } } },
      interfaces: { vitals: { 'ge-0/0/0': { count: 1 }, 'ge-0/0/1': { count: 0, state: 'admin down' } } },
      ospf: { vitals: {} },
      isis: { vitals: {} },
      lldp: { vitals: {} },
    });
    at.sim.faults.set({ ribFilter: true });
    expect(await look()).toMatchObject({
      rib: { vitals: { 'global ipv4 bgp': { count: 0 } } },
      fib: { vitals: {} },
    });
  });
});

describe('the health of Junos', () => {
  it('has neighbours of OSPF, IS-IS and LLDP as its replies tell them, and tables by VRF', () => {
    const neighbour = `<ospf-neighbor-information><ospf-neighbor><neighbor-address>10.0.0.0</neighbor-address><interface-name>ge-0/0/0.0</interface-name><ospf-neighbor-state>Full</ospf-neighbor-state><neighbor-id>10.255.0.1</neighbor-id><activity-timer>35</activity-timer></ospf-neighbor></ospf-neighbor-information>`;
    expect(parse('ospf', { 'get-ospf-neighbor-information': neighbour })).toEqual({
      '10.255.0.1 on ge-0/0/0.0': {
        count: 1,
        state: 'Full',
        interface: 'ge-0/0/0.0',
        address: '10.0.0.0',
        expires: 35,
      },
    });
    const adjacency = `<isis-adjacency-information><isis-adjacency><interface-name>ge-0/0/0.0</interface-name><system-name>r2</system-name><level>2</level><adjacency-state>Up</adjacency-state><holdtime>21</holdtime></isis-adjacency></isis-adjacency-information>`;
    expect(parse('isis', { 'get-isis-adjacency-information': adjacency })).toMatchObject({
      'r2 on ge-0/0/0.0, L2': { count: 1, expires: 21 },
    });
    const lldp = `<lldp-neighbors-information><lldp-neighbor-information><lldp-local-port-id>ge-0/0/0</lldp-local-port-id></lldp-neighbor-information></lldp-neighbors-information>`;
    expect(parse('lldp', { 'get-lldp-neighbors-information': lldp })).toEqual({
      'ge-0/0/0': { count: 1, interface: 'ge-0/0/0' },
    });
    const table = (name: string, protocol: string, count: number) =>
      `<route-table><table-name>${name}</table-name><protocols><protocol-name>${protocol}</protocol-name><protocol-route-count>99</protocol-route-count><active-route-count>${count}</active-route-count></protocols></route-table>`;
    const summary = `<route-summary-information>${table('inet.0', 'BGP', 9)}${table('RED.inet6.0', 'IS-IS', 4)}${table('inet.0', 'Direct', 3)}${table('inet.3', 'LDP', 2)}</route-summary-information>`;
    expect(parse('rib', { 'get-route-summary-information': summary })).toEqual({
      'global ipv4 bgp': { count: 9 },
      'RED ipv6 isis': { count: 4 },
    });
    const kernel = (name: string, counts: Record<string, number>) =>
      `<route-table><table-name>${name}</table-name><address-family>any</address-family>${Object.entries(counts)
        .map(
          ([type, count]) =>
            `<route-table-summary><route-table-type>${type}</route-table-type><route-count>${count}</route-count></route-table-summary>`,
        )
        .join('')}</route-table>`;
    const own = { perm: 5, intf: 11, dest: 21 };
    const forwarding = `<forwarding-table-information>${[
      kernel('default.inet', { user: 918, ...own }),
      kernel('__master.anon__.inet', { user: 1, perm: 5 }),
      kernel('RED.inet', { user: 4, ...own }),
      kernel('default.iso', { user: 2, perm: 1 }),
      kernel('default.inet6', { user: 14, ...own }),
      kernel('default.mpls', { user: 44, perm: 1 }),
    ].join('')}</forwarding-table-information>`;
    expect(parse('fib', { 'get-forwarding-table-information': forwarding })).toEqual({
      'global ipv4': { count: 918 },
      'RED ipv4': { count: 4 },
      'global ipv6': { count: 14 },
    });
    expect(parse('interfaces', { 'get-interface-information': '<interface-information/>' })).toEqual({});
    for (const name of ['rib', 'fib', 'interfaces', 'lldp'] as const) expect(parse(name, {}), name).toBeNull();
  });
});
