import { describe, expect, it } from 'vitest';
import type { Platform } from '../../core/platform-names.ts';
import type { Ports } from '../../lab/sim/sim.ts';
import { held } from '../drivers/held.ts';
import { natsForTest } from '../nats.ts';
import { jobAt, publishForTest } from '../runner.ts';

type Case = [
  platform: Platform & ('eos' | 'junos' | 'iosxr' | 'nxos' | 'ios'),
  transport: keyof Ports,
  before: string,
  from: string,
  to: string,
];

// BGP by the second, so that a session is proven at once
const cases: Case[] = [
  [
    'eos',
    'eapi',
    'hostname leaf1\n!\ninterface Ethernet1\n   description old\n   no switchport\n   ip address 10.0.0.1/31\n!\nrouter bgp 65001\n   timers bgp 1 3\n   neighbor 10.0.0.0 remote-as 65000\n!\nend\n',
    'description old',
    'description new',
  ],
  [
    'ios',
    'ssh',
    'version 16.12\nhostname leaf1\n!\narchive\n path flash:a\n!\ninterface GigabitEthernet1\n description old\n ip address 10.0.0.1 255.255.255.254\n!\nrouter bgp 65001\n timers bgp 1 3\n neighbor 10.0.0.0 remote-as 65000\n!\nend\n',
    'description old',
    'description new',
  ],
  [
    'iosxr',
    'ssh',
    'hostname leaf1\n!\ninterface GigabitEthernet0/0/0/0\n description old\n ipv4 address 10.0.0.1 255.255.255.254\n!\nrouter bgp 65001\n timers bgp 1 3\n address-family ipv4 unicast\n !\n neighbor 10.0.0.0\n  remote-as 65000\n  address-family ipv4 unicast\n  !\n !\n!\nend\n',
    'description old',
    'description new',
  ],
];

describe.each(cases)('a deployment to a simulated %s', (platform, transport, before, from, to) => {
  it.each([
    ['sends its neighbours nothing any more', /sent 10\.0\.0\.0: prefixes sent fell by more than 10 %: ipv4 4 → 0/],
    ['keeps what BGP learned out of the routing table', /rib global ipv4 bgp: \d+ routes → 0/],
  ] as const)(
    'that %s is undone',
    async (what, why) => {
      await using nats = await natsForTest();
      await using at = await held(nats.store, transport, { platform, config: before });
      const { sim } = at;
      await expect.poll(() => sim.box.bgp.peers().every(({ state }) => state === 'Established')).toBe(true);
      sim.device.onChange = ((follow) => () => {
        follow();
        const bad = sim.running.includes(to);
        sim.faults.set({ ribFilter: bad && what.startsWith('keeps') });
        sim.box.bgp.set('10.0.0.0', { sent: bad && what.startsWith('sends') ? 0 : 4 });
      })(sim.device.onChange);
      const id = await publishForTest(nats.store, before.replace(from, to), { confirmSeconds: 60 });
      const job = await jobAt(nats.store, id);
      expect(job.outcome).toMatchObject({ code: 'check_failed', detail: expect.stringMatching(why) });
      expect(sim.running).toContain(from);
      expect(sim.running).not.toContain(to);
    },
    60_000,
  );
});
