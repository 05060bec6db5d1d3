import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from '../../lab/proof/bench.ts';
import { commit } from '../../lab/proof/target.ts';
import type { Driver } from '../../runners/driver.ts';
import { ios } from '../../runners/drivers/ios/platform.ts';
import { iosxr } from '../../runners/drivers/iosxr/platform.ts';
import { junos } from '../../runners/drivers/junos/platform.ts';
import { nxos } from '../../runners/drivers/nxos/platform.ts';

type Case = { name: string; driver: Driver; transport: 'ssh' | 'netconf'; before: string; says: string; text: string };

const xr = (peers: string) => `hostname r1\nrouter bgp 65001\n bgp router-id 10.0.0.9\n${peers}!\nend\n`;
const xrPeer = (number: number, policy: string) =>
  ` neighbor 10.0.0.${number}\n  remote-as 65002\n  address-family ipv4 unicast\n   route-policy ${policy} out\n  !\n !\n`;
const ios15 = 'version 16.12\nhostname r1\narchive\n path flash:archive\n';
const iosPort = (number: number, more: string) =>
  `interface GigabitEthernet0/0/${number}\n ip address 10.0.${number}.1 255.255.255.0\n${more}`;
const nx9 = 'version 10.3(4a) Bios:version\nhostname r1\n\n';
const nxPort = (number: number, more: string) => `interface Ethernet1/${number}\n  description p${number}\n${more}\n`;
const jun = (more: string) =>
  `system {\n    host-name r1;\n    root-authentication {\n        encrypted-password "$6$abc$def";\n    }\n}\n${more}`;
const group = (name: string, policy: string) =>
  `        group ${name} {\n            type external;\n            /* of ${name} {\n               import ${policy}; */\n            import ${policy};\n            neighbor 10.0.0.1;\n        }\n`;
const junText = jun(`protocols {\n    bgp {\n${group('LEFT', 'GOOD')}${group('RIGHT', 'NOPE')}    }\n}\n`);

const certain: Case[] = [
  {
    name: 'IOS-XR, below its modes',
    driver: iosxr,
    transport: 'ssh',
    before: 'hostname r1\nend\n',
    says: 'route-policy NOPE out',
    text: xr(`${xrPeer(1, 'PASS')}${xrPeer(2, 'NOPE')}`),
  },
  {
    name: 'Junos by NETCONF, with the same statement elsewhere and in a comment',
    driver: junos,
    transport: 'netconf',
    before: jun(''),
    says: 'import NOPE;',
    text: junText,
  },
  {
    name: 'Junos by its command line',
    driver: junos,
    transport: 'ssh',
    before: jun(''),
    says: 'import NOPE;',
    text: junText,
  },
  {
    name: 'IOS',
    driver: ios,
    transport: 'ssh',
    before: `${ios15}end\n`,
    says: 'ip access-group NOPE in',
    text: `${ios15}${iosPort(1, ' no shutdown\n')}${iosPort(2, ' ip access-group NOPE in\n')}end\n`,
  },
  {
    name: 'NX-OS',
    driver: nxos,
    transport: 'ssh',
    before: nx9,
    says: 'ip access-group NOPE in',
    text: `${nx9}${nxPort(1, '')}${nxPort(2, '  ip access-group NOPE in\n')}`,
  },
];

describe('a line that only the commit refuses', () => {
  let device: Bench;
  afterEach(() => device[Symbol.asyncDispose]());

  const refused = async ({ driver, transport, before, says, text }: Case) => {
    const { platform } = driver;
    device = await bench(driver, transport, {
      platform: platform as 'ios',
      config: before,
      faults: { refuseCommit: { match: `^${says.replace(/;$/, '')}$`, says: 'NOPE is used, but not defined' } },
    });
    const running = driver.normalise(device.sim.running);
    const error: unknown = await commit(await device.open(), text, 120).catch((cause: unknown) => cause);
    expect(driver.normalise(device.sim.running)).toBe(running);
    expect(device.sim.trial).toBeUndefined();
    expect(device.sim.sessions).toEqual([]);
    return error;
  };

  it.each(certain)('is named with its number by $name', async (what) => {
    const lines = what.text.split('\n').flatMap((line, at) => (line.trim() === what.says ? [at + 1] : []));
    const [line] = lines.slice(-1); // those before it are in comments
    expect(await refused(what)).toMatchObject({
      code: 'rejected',
      line,
      message: expect.stringContaining(`r1: line ${line}: "${what.says}": `),
    });
  });

  it('is named with its number on IOS-XR where others read alike', async () => {
    const text = xr(`${xrPeer(1, 'NOPE')}${xrPeer(2, 'NOPE')}`);
    const [what] = certain;
    if (!what) throw new Error('no case');
    expect(await refused({ ...what, text })).toMatchObject({
      line: 7,
      message: expect.stringContaining('NOPE is used'),
    });
  });

  it.each(['IOS', 'NX-OS'])('is one of all that read alike on %s, which does not tell which', async (name) => {
    const what = certain.find((one) => one.name === name);
    if (!what) throw new Error('no case');
    const port = name === 'IOS' ? iosPort : nxPort;
    const more = name === 'IOS' ? ` ${what.says}\n` : `  ${what.says}\n`;
    const text = what.text.replace(port(1, name === 'IOS' ? ' no shutdown\n' : ''), port(1, more));
    const [first, second] = text.split('\n').flatMap((line, at) => (line.trim() === what.says ? [at + 1] : []));
    const error = await refused({ ...what, text });
    expect(error).toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(`r1: one of lines ${first}, ${second}: "${what.says}": `),
    });
    expect(error).not.toHaveProperty('line', first);
  });
});
