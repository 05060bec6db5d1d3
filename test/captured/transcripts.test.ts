import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CliDriver } from '../../runners/dialogue/cli-driver.ts';
import { complaint } from '../../runners/dialogue/complaint.ts';
import type { Driver } from '../../runners/driver.ts';
import { eos } from '../../runners/drivers/eos/platform.ts';
import { eosCli } from '../../runners/drivers/eos/ssh.ts';
import { ios, iosCli } from '../../runners/drivers/ios/platform.ts';
import { iosxr, iosxrCli } from '../../runners/drivers/iosxr/platform.ts';
import { junosCli } from '../../runners/drivers/junos/cli.ts';
import { junos } from '../../runners/drivers/junos/platform.ts';
import { nxos, nxosCli } from '../../runners/drivers/nxos/platform.ts';
import { captured } from './folder.ts';

type Interaction = { channel_output: string; expected_channel_input: string | boolean };

const folder = new URL('transcripts/', captured);
const platforms: Record<string, readonly [Driver, CliDriver]> = {
  arista_eos: [eos, eosCli],
  cisco_iosxe: [ios, iosCli],
  cisco_iosxr: [iosxr, iosxrCli],
  cisco_nxos: [nxos, nxosCli],
  juniper_junos: [junos, junosCli],
};

const recorded = (file: string): Interaction[] => {
  const [session] = Object.values(parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, object>);
  return (session as { interactions: Interaction[] }).interactions;
};

/** What the device had printed when the client typed the next line: the recorder notes the echo as output, too. */
const waits = (interactions: readonly Interaction[]): string[] =>
  interactions.flatMap(({ channel_output, expected_channel_input }, index) => {
    const echoed = interactions[index - 1]?.expected_channel_input === channel_output.trim();
    const line = channel_output.slice(channel_output.lastIndexOf('\n') + 1);
    const typed = String(expected_channel_input);
    return echoed || line === '' || !channel_output.includes('\n') || typed === 'REDACTED' || typed === 'true'
      ? []
      : [line];
  });

describe.each(Object.entries(platforms))('recorded sessions of %s', (platform, [driver, cli]) => {
  const files = readdirSync(folder).filter((name) => name.startsWith(platform) && name.endsWith('.yaml'));

  it('wait at prompts that the driver knows, and at nothing else', () => {
    const unknown = files.flatMap((file) =>
      waits(recorded(file)).filter(
        (line) => !cli.prompt.test(line) && !(cli.questions ?? []).some(({ ask }) => ask.test(line)),
      ),
    );
    // within banners and pasted files there is no prompt: what stands there is text of the configuration
    expect([...new Set(unknown)].filter((line) => /[#>]\s*$/.test(line))).toEqual([]);
  });

  it('print configurations that the driver reads and takes for no refusal', () => {
    const text = readFileSync(new URL(`${platform}.expected-running-config.txt`, folder), 'utf8');
    const normal = driver.normalise(text);
    expect(normal.split('\n').length).toBeGreaterThan(20);
    expect(driver.normalise(normal)).toBe(normal);
    expect(complaint(text, cli.errors)).toBeUndefined();
  });

  it('show the same running configuration before and after, once normalised', () => {
    for (const file of files) {
      const shown = recorded(file)
        .map(({ channel_output }) => channel_output)
        .filter((output) =>
          /^(?:Building configuration|! Command: show running-config|!Command: show|## Last commit)/m.test(output),
        );
      for (const output of shown)
        expect(driver.normalise(output)).not.toMatch(/Building configuration|## Last|^!Time:|! Command:/m);
    }
  });
});
