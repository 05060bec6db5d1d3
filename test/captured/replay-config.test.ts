import { describe, expect, it } from 'vitest';
import type { Driver } from '../../runners/driver.ts';
import { eos } from '../../runners/drivers/eos/platform.ts';
import { ios } from '../../runners/drivers/ios/platform.ts';
import { iosxr } from '../../runners/drivers/iosxr/platform.ts';
import { junos } from '../../runners/drivers/junos/platform.ts';
import { nxos } from '../../runners/drivers/nxos/platform.ts';
import { outputOf, readRecorded } from './replay.ts';
import { eosTerminal, merge, onRecorded, replace, widths } from './replay-driver.ts';
import type { Translate } from './replay-router.ts';

const setUp: Record<string, [Driver, Translate]> = {
  arista_eos: [eos, eosTerminal],
  cisco_iosxe: [ios, widths],
  cisco_iosxr: [iosxr, widths],
  cisco_nxos: [nxos, () => undefined],
  juniper_junos: [junos, () => undefined],
};

/** Without what a device makes anew when it first boots: salts, keys, its licence, the certificate of its own. */
const unborn = (config: string): string[] =>
  config
    .replace(/^crypto pki trustpoint TP-self-signed[\s\S]*?^!\n/m, '')
    .replace(/^crypto pki certificate chain TP-self-signed[\s\S]*?\tquit\n/m, '')
    .replace(/\$[156]\$[^\s";]+/g, 'HASH')
    .replace(/\b0x[0-9a-f]{32}\b/g, 'KEY')
    .replace(/(license udi .* sn ).*/, '$1SERIAL')
    .split('\n')
    .filter((line) => !/^!?$/.test(line.trim()));

describe.each(Object.entries(setUp))('our driver on the recorded %s', (platform, [driver, translate]) => {
  it.each(['get_config', merge, replace])('reads the running configuration: %s', async (session) => {
    const show = session === 'get_config' ? 'show configuration' : 'run show configuration';
    const printed: { last: string } = { last: '' };
    await using device = await onRecorded(driver, `${platform}.${session}`, 'scrapli_cfg_1', (line, before) => {
      // what the recorded client did not ask NX-OS for: how its text ends
      if (line === 'show running-config | last 20') return { say: printed.last };
      return translate(line, before) ?? (line === 'show configuration' ? show : undefined);
    });
    const running = device.exchanges.find(({ lines }) => lines[0] === 'show running-config');
    printed.last = running ? outputOf(running).slice(-20).join('\n') : '';
    const read = driver.normalise(await device.session.config('running'));
    const wanted = driver.normalise(readRecorded(`${platform}.expected-running-config.txt`));
    expect(device.unknown()).toEqual([]);
    if (session === 'get_config') expect(unborn(read)).toEqual(unborn(wanted));
    expect(driver.hostname(read)).toBe(driver.hostname(wanted));
  });
});
