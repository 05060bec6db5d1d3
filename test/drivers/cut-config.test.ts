import { describe, expect, it } from 'vitest';
import { bench } from '../../lab/proof/bench.ts';
import type { Ports, SimOptions } from '../../lab/sim/sim.ts';
import type { Driver } from '../../runners/driver.ts';
import { eos } from '../../runners/drivers/eos/platform.ts';
import { hp_comware } from '../../runners/drivers/hp_comware/platform.ts';
import { huawei_vrp } from '../../runners/drivers/huawei_vrp/platform.ts';
import { ios } from '../../runners/drivers/ios/platform.ts';
import { iosxr } from '../../runners/drivers/iosxr/platform.ts';
import { junos } from '../../runners/drivers/junos/platform.ts';
import { nxos } from '../../runners/drivers/nxos/platform.ts';

type Case = {
  driver: Driver;
  platform: SimOptions['platform'];
  transport: keyof Ports;
  config: string;
};

const interfaces = (name: string, text: string) =>
  [1, 2, 3, 4].map((at) => `interface ${name}${at}\n ${text} ${at}\n!\n`).join('');

const vrp = (name: string) =>
  `#\nsysname leaf1\n#\n${[1, 2, 3, 4].map((at) => `interface ${name}${at}\n description port ${at}\n#\n`).join('')}return\n`;

const nexus = `version 10.3(4a)\nhostname leaf1\n${interfaces('Ethernet1/', ' description port')}router bgp 65001\n  router-id 10.0.0.1\n`;

const cases: Case[] = [
  {
    driver: eos,
    platform: 'eos',
    transport: 'ssh',
    config: `hostname leaf1\n!\n${interfaces('Ethernet', '  description port')}end\n`,
  },
  {
    driver: ios,
    platform: 'ios',
    transport: 'ssh',
    config: `version 16.12\nhostname leaf1\n!\n${interfaces('GigabitEthernet0/', 'description port')}end\n`,
  },
  {
    driver: iosxr,
    platform: 'iosxr',
    transport: 'ssh',
    config: `hostname leaf1\n${interfaces('GigabitEthernet0/0/0/', 'description port')}end\n`,
  },
  { driver: nxos, platform: 'nxos', transport: 'ssh', config: nexus },
  {
    driver: junos,
    platform: 'junos',
    transport: 'ssh',
    config: `system {\n    host-name leaf1;\n}\ninterfaces {\n${[1, 2, 3, 4].map((at) => `    ge-0/0/${at} {\n        description "port ${at}";\n    }\n`).join('')}}\n`,
  },
  { driver: huawei_vrp, platform: 'huawei_vrp', transport: 'ssh', config: vrp('GE1/0/') },
  { driver: hp_comware, platform: 'hp_comware', transport: 'ssh', config: vrp('GigabitEthernet1/0/') },
];

describe.concurrent.each(cases)('a running configuration of $platform that ends early', (what) => {
  const { driver, platform, transport, config } = what;

  it('is not taken for what runs, and is read once more', async () => {
    await using at = await bench(driver, transport, { platform, config });
    const session = await at.open();
    at.sim.faults.set({ cut: { match: '^(?:show (?:running|configuration)|display current)' } });
    await expect(session.config('running')).rejects.toMatchObject({
      code: 'closed',
      message: expect.stringContaining('what runs was read in part only: it ends with "'),
    });
    at.sim.faults.set({ cut: null });
    expect(driver.normalise(await session.config('running'))).toBe(driver.normalise(at.sim.running));
  });
});

describe('the end of what runs on a switch with NX-OS, which has no mark of it', () => {
  it.each([
    ['was not read', '^show running-config$'],
    ['was not told when asked for', '^show running-config [|]'],
  ])('%s: nothing is made of the text', async (_, match) => {
    await using at = await bench(nxos, 'ssh', { platform: 'nxos', config: nexus });
    const session = await at.open();
    at.sim.faults.set({ cut: { match } });
    await expect(session.config('running')).rejects.toMatchObject({
      code: 'closed',
      message: expect.stringContaining('what runs was read in part only: it ends with "'),
    });
  });
});

it('BGP of EOS whose JSON ends early is told as unknown, not as no session', async () => {
  const config = 'hostname leaf1\n!\nrouter bgp 65001\n   neighbor 10.0.0.0 remote-as 65002\n!\nend\n';
  await using at = await bench(eos, 'ssh', { platform: 'eos', config });
  const session = await at.open();
  at.sim.faults.set({ cut: { match: '^show .*bgp' } });
  await expect(session.bgp()).rejects.toMatchObject({
    code: 'parse_failed',
    message: expect.stringContaining('ends early'),
  });
  at.sim.faults.set({ cut: null });
  expect(Object.keys((await session.bgp()).global?.peers ?? {})).toEqual(['10.0.0.0']);
});

const peers = [2, 3, 4].map((at) => ` peer 10.0.0.${at} as-number 6500${at}\n`).join('');

const displayed = [
  [huawei_vrp, 'huawei_vrp', '^display bgp peer$', 'the device announces 3 sessions'],
  [huawei_vrp, 'huawei_vrp', '^display bgp peer verbose', '2 sessions, its table of 3'],
  [hp_comware, 'hp_comware', '^display bgp peer ipv4$', 'the device announces 3 sessions'],
  [hp_comware, 'hp_comware', '^display bgp peer ipv4 verbose', '2 sessions, its table of 3'],
  [hp_comware, 'hp_comware', '^display ip vpn-instance', 'the device announces 2 VPN instances'],
] as const;

for (const [driver, platform, match, says] of displayed) {
  it(`BGP of ${platform} whose answer to ${match} ends early is told as unknown, not as fewer sessions`, async () => {
    const vpns = 'ip vpn-instance red\n#\nip vpn-instance blue\n#\n';
    const config = `#\nsysname leaf1\n#\n${vpns}bgp 65001\n${peers}#\nreturn\n`;
    await using at = await bench(driver, 'ssh', { platform, config });
    const session = await at.open();
    at.sim.faults.set({ cut: { match } });
    const parseFailed = { code: 'parse_failed', message: expect.stringContaining(says) };
    await expect(session.bgp()).rejects.toMatchObject(parseFailed);
    await expect(session.bgpDetail?.()).rejects.toMatchObject(parseFailed);
    at.sim.faults.set({ cut: null });
    expect(Object.keys((await session.bgp()).global?.peers ?? {})).toHaveLength(3);
  });
}

it.each([
  [1, '^show bgp all summary', /show bgp all summary: does not list 10.0.0.1 .ipv4 unicast./],
  [9, '^show bgp all summary', /show bgp all summary: does not list 10.0.0.[3-7] .ipv4 unicast./],
  [9, '^show bgp ipv4 unicast neigh', /show bgp ipv4 unicast neighbors: does not tell of 10.0.0.[56] .ipv4 unicast./],
])('BGP of IOS with %d sessions: an answer to %s that ends early is told as such', async (count, match, says) => {
  const peers = Array.from({ length: count }, (_, at) => at + 1);
  const neighbors = peers.map((at) => ` neighbor 10.0.0.${at} remote-as 6500${at}\n`).join('');
  const config = `version 16.12\nhostname leaf1\n!\nrouter bgp 65001\n${neighbors}!\nend\n`;
  await using at = await bench(ios, 'ssh', { platform: 'ios', config });
  const session = await at.open();
  at.sim.faults.set({ cut: { match } });
  await expect(session.bgp()).rejects.toMatchObject({ code: 'parse_failed', message: expect.stringMatching(says) });
  at.sim.faults.set({ cut: null });
  expect(Object.keys((await session.bgp()).global?.peers ?? {})).toHaveLength(count);
});

it.each([
  [3, /show bgp neighbors: the answer ends early, within the session with 10.0.0.2/],
  [4, /show bgp summary: lists 10.0.0.3 .global., of which the neighbors command does not tell/], // between two
])('BGP of IOS-XR with %d sessions, read from text that ends early, is told as unknown', async (count, says) => {
  const peers = Array.from({ length: count }, (_, at) => at + 1);
  const neighbors = peers
    .map((at) => ` neighbor 10.0.0.${at}\n  remote-as 6500${at}\n  address-family ipv4 unicast\n  !\n !\n`)
    .join('');
  const config = `hostname leaf1\nrouter bgp 65001\n bgp router-id 10.255.0.1\n${neighbors}!\nend\n`;
  await using at = await bench(iosxr, 'ssh', { platform: 'iosxr', config });
  const session = await at.open();
  at.sim.faults.set({ cut: { match: '^show bgp neighbors detail' } });
  await expect(session.bgp()).rejects.toMatchObject({ code: 'parse_failed', message: expect.stringMatching(says) });
  at.sim.faults.set({ cut: null });
  expect(Object.keys((await session.bgp()).global?.peers ?? {})).toHaveLength(count);
});
