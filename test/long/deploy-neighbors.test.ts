import { describe, expect, it } from 'vitest';
import type { Ports } from '../../lab/sim/sim.ts';
import { held } from '../drivers/held.ts';
import { natsForTest } from '../nats.ts';
import { jobAt, publishForTest } from '../runner.ts';

type Case = [
  platform: 'eos' | 'iosxr' | 'ios' | 'nxos' | 'junos',
  transport: keyof Ports,
  port: string,
  before: string,
];

// a port with OSPF, IS-IS and LLDP; the description that is changed is another's
const cases: Case[] = [
  [
    'eos',
    'eapi',
    'Ethernet1',
    'hostname leaf1\n!\ninterface Ethernet1\n   description to spine1\n   no switchport\n   ip address 10.0.0.1/31\n   ip ospf area 0.0.0.0\n   isis enable CORE\n!\ninterface Ethernet2\n   description old\n!\nrouter ospf 1\n!\nrouter isis CORE\n!\nend\n',
  ],
  [
    'iosxr',
    'ssh',
    'GigabitEthernet0/0/0/0',
    'hostname leaf1\nlldp\n!\ninterface GigabitEthernet0/0/0/0\n description to spine1\n ipv4 address 10.0.0.1 255.255.255.254\n!\ninterface GigabitEthernet0/0/0/1\n description old\n!\nrouter isis 1\n interface GigabitEthernet0/0/0/0\n !\n!\nrouter ospf 1\n area 0\n  interface GigabitEthernet0/0/0/0\n  !\n !\n!\nend\n',
  ],
  [
    'ios',
    'ssh',
    'GigabitEthernet0/1',
    'version 15.2\nhostname leaf1\n!\narchive\n path flash:archive\n!\nlldp run\n!\ninterface GigabitEthernet0/1\n description to spine1\n ip address 10.0.0.1 255.255.255.254\n ip ospf 1 area 0\n ip router isis CORE\n!\ninterface GigabitEthernet0/2\n description old\n!\nrouter ospf 1\n!\nrouter isis CORE\n!\nend\n',
  ],
  [
    'nxos',
    'ssh',
    'Ethernet1/1',
    'hostname leaf1\nfeature ospf\nfeature isis\nfeature lldp\n\ninterface Ethernet1/1\n  description to spine1\n  no switchport\n  ip address 10.0.0.1/31\n  ip router ospf 1 area 0.0.0.0\n  ip router isis CORE\n  no shutdown\n\ninterface Ethernet1/2\n  description old\n\nrouter ospf 1\n\nrouter isis CORE\n',
  ],
  [
    'junos',
    'netconf',
    'ge-0/0/0',
    'system {\n    host-name leaf1;\n}\ninterfaces {\n    ge-0/0/0 {\n        description "to spine1";\n        unit 0 {\n            family inet {\n                address 10.0.0.1/31;\n            }\n            family iso;\n        }\n    }\n    ge-0/0/1 {\n        description old;\n    }\n}\nprotocols {\n    isis {\n        interface ge-0/0/0.0;\n    }\n    lldp {\n        interface all;\n    }\n    ospf {\n        area 0.0.0.0 {\n            interface ge-0/0/0.0;\n        }\n    }\n}\n',
  ],
];

describe.each(cases)('a deployment to a simulated %s', (platform, transport, port, before) => {
  it.concurrent.each([
    ['an OSPF neighbour', { neighborLost: { match: '^ospf' } }, /ospf /],
    ['an IS-IS neighbour', { neighborLost: { match: '^isis' } }, /isis /],
    ['an LLDP neighbour', { neighborLost: { match: '^lldp' } }, /lldp /],
    ['a link', { linkDown: { match: `^${port}$` } }, /interfaces /],
  ] as const)(
    'that takes away %s is undone',
    async (_, faults, why) => {
      await using nats = await natsForTest();
      await using at = await held(nats.store, transport, { platform, config: before });
      const { sim } = at;
      const to = 'description new';
      sim.device.onChange = ((follow) => () => {
        follow();
        const bad = sim.running.includes(to);
        sim.faults.set(bad ? faults : { neighborLost: null, linkDown: null });
      })(sim.device.onChange);
      const id = await publishForTest(nats.store, before.replace('description old', to), { confirmSeconds: 15 });
      const job = await jobAt(nats.store, id);
      expect(job.outcome).toMatchObject({ code: 'check_failed', detail: expect.stringMatching(why) });
      expect(sim.running).toContain('description old');
    },
    120_000,
  );

  it.concurrent('that gives the port another description is applied', async () => {
    await using nats = await natsForTest();
    await using at = await held(nats.store, transport, { platform, config: before });
    const id = await publishForTest(nats.store, before.replace('to spine1', 'uplink'), { confirmSeconds: 60 });
    expect((await jobAt(nats.store, id)).outcome).toMatchObject({ kind: 'applied' });
    expect(at.sim.running).toMatch(/description "?uplink/);
  });
});
