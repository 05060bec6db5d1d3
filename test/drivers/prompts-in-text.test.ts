import { describe, expect, it } from 'vitest';
import type { Mode } from '../../core/bus.ts';
import { bench } from '../../lab/proof/bench.ts';
import { change, fence } from '../../lab/proof/target.ts';
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
  /** A configuration of a device of that name, with a text. */
  config(name: string, text: readonly string[]): string;
  prompt(name: string): string;
  complaint: string;
  /** Merged: the new name. */
  rename?: string;
};

const cisco = (head: string) => (name: string, text: readonly string[]) =>
  `${head}hostname ${name}\n!\nbanner motd ~\n${text.join('\n')}\n~\n!\nline vty 0 4\n login local\n!\nend\n`;

const vrp = (header: string) => (name: string, text: readonly string[]) =>
  `#\nsysname ${name}\n#\nheader ${header} %\n${text.join('\n')}\n%\n#\nssh user admin authentication-type password\n#\nreturn\n`;

const cases: Case[] = [
  {
    driver: eos,
    platform: 'eos',
    transport: 'ssh',
    config: (name, text) =>
      `hostname ${name}\n!\ninterface Ethernet1\n   description one\n!\nbanner motd\n${text.join('\n')}\nEOF\n!\nend\n`,
    prompt: (name) => `${name}#`,
    complaint: '% Invalid input',
  },
  {
    driver: ios,
    platform: 'ios',
    transport: 'ssh',
    config: cisco('version 16.12\narchive\n path bootflash:archive\n!\n'),
    prompt: (name) => `${name}#`,
    complaint: "% Invalid input detected at '^' marker.",
  },
  {
    driver: iosxr,
    platform: 'iosxr',
    transport: 'ssh',
    config: (name, text) => `hostname ${name}\nbanner motd ~\n${text.join('\n')}\n~\nend\n`,
    prompt: (name) => `RP/0/RP0/CPU0:${name}#`,
    complaint: "% Invalid input detected at '^' marker.",
  },
  {
    driver: nxos,
    platform: 'nxos',
    transport: 'telnet',
    config: (name, text) =>
      `version 10.3(4a) Bios:version\nhostname ${name}\nfeature bgp\nbanner motd ~\n${text.join('\n')}\n~\n\nline vty\n`,
    prompt: (name) => `${name}# `,
    complaint: "% Invalid command at '^' marker.",
  },
  {
    driver: junos,
    platform: 'junos',
    transport: 'ssh',
    config: (name, text) =>
      `system {\n    host-name ${name};\n    root-authentication {\n        encrypted-password "$6$abc$def";\n    }\n}\n` +
      `/*\n${text.join('\n')}\n*/\nrouting-options {\n    autonomous-system 65001;\n}\n`,
    prompt: (name) => `admin@${name}> `,
    complaint: 'error: syntax error',
  },
  {
    driver: huawei_vrp,
    platform: 'huawei_vrp',
    transport: 'ssh',
    config: vrp('login information'),
    prompt: (name) => `<${name}>`,
    complaint: "Error: Unrecognized command found at '^' position.",
    rename: 'sysname leaf2\n',
  },
  {
    driver: hp_comware,
    platform: 'hp_comware',
    transport: 'telnet',
    config: vrp('motd'),
    prompt: (name) => `<${name}>`,
    complaint: "% Unrecognized command found at '^' position.",
    rename: 'sysname leaf2\n',
  },
];

const escaped = (text: string) => text.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe.concurrent.each(cases)('$platform', (what) => {
  const { driver, platform, transport, config, prompt, complaint, rename } = what;
  const text = [prompt('leaf1'), complaint, prompt('leaf2').trimEnd(), complaint, 'the end of it'];
  const stall = { match: `^(?:${escaped(prompt('leaf1'))}|${escaped(prompt('leaf2'))})\\s*$`, ms: 300 };

  it('is read to its end where a line of its configuration is its prompt, before it is renamed and after', async () => {
    await using at = await bench(driver, transport, { platform, config: config('leaf1', text) });
    const session = await at.open();
    const read = async () => {
      at.sim.faults.set({ stall });
      const [running, version] = [
        await session.config('running'),
        await session.run(rename ? 'display version' : 'show version'),
      ];
      at.sim.faults.set({ stall: null });
      expect(driver.normalise(running)).toBe(driver.normalise(at.sim.running));
      expect(running).toContain('the end of it');
      expect(version).not.toContain('the end of it');
    };
    await read();
    const mode: Mode = rename ? 'merge' : 'replace';
    await using candidate = await session.load(rename ?? config('leaf2', text), mode, change());
    expect(await candidate.diff()).toContain('leaf2');
    const trial = await candidate.commit({ confirmSeconds: 600, fence });
    await read();
    await trial.confirm();
    await read();
    expect(driver.hostname(at.sim.running)).toBe('leaf2');
    await using again = await session.load(rename ?? config('leaf2', text), mode, change());
    expect(await again.diff()).toBe('');
  });
});
