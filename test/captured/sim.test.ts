import { describe, expect, it } from 'vitest';
import type { PlatformName } from '../../lab/sim/platforms.ts';
import { startSim } from '../../lab/sim/sim.ts';
import { recorded, recordedConfig, replay, timeless } from './recorded.ts';

const platforms: [PlatformName, string][] = [
  ['eos', 'arista_eos'],
  ['ios', 'cisco_iosxe'],
  ['nxos', 'cisco_nxos'],
  ['iosxr', 'cisco_iosxr'],
  ['junos', 'juniper_junos'],
];
const sessions = ['get_config', 'merge_diff_and_abort', 'replace_diff_and_commit'];

/** What differs from device to device: sizes, who changed it last, separators, a copyright, a progress bar. */
const alike = (text: string): string =>
  timeless(text)
    .replace(/^ *!.*\n/gm, '')
    .replace(/\n{2,}/g, '\n')
    .replace(/\d+ bytes/g, 'N bytes')
    .replace(/by (?:boxen|admin)/g, 'by USER')
    .replace(/(?:\[#+ *\] +\d+%)+/g, 'PROGRESS')
    .replace(/Cisco NX-OS Software[\s\S]*?\n(?=\S+#\s*$)/, 'GREETING\n');

/**
 * EOS echoes what is typed ahead while it reads a banner, later than it was typed, and pairs the lines of a diff otherwise than
 * we do. What was answered is the same.
 */
const known = (input: string, name: string) =>
  name === 'arista_eos' &&
  (/^(?:No startup-config was|from a remote system|Provisioning permanently)/.test(input) || input === '\n');

describe('a simulated device', () => {
  for (const [platform, file] of platforms)
    for (const session of sessions)
      it(`answers as the recorded ${platform} did: ${session.replaceAll('_', ' ')}`, { timeout: 60_000 }, async () => {
        const interactions = recorded(`${file}.${session}`);
        const config = recordedConfig(interactions, /^(?:run )?show (?:running-config|configuration)$/);
        await using sim = await startSim({ platform, config, user: 'boxen', password: 'secret' });
        const differences = await replay(sim, interactions, 'secret', alike);
        expect(differences.filter(({ input }) => session !== 'replace_diff_and_commit' || !known(input, file))).toEqual(
          [],
        );
        expect(differences.length).toBeLessThanOrEqual(6);
      });
});
