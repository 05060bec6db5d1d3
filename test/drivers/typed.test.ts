import { describe, expect, it } from 'vitest';
import { ask } from '../../core/store/ask.ts';
import { natsForTest } from '../nats.ts';
import { jobAt, publishForTest } from '../runner.ts';
import { simulatedPlatforms } from '../subjects/platforms.ts';
import { Person } from '../unit/lab/sim/client.ts';
import { held } from './held.ts';

const asCisco = ['configure terminal', 'snmp-server location typed-by-hand', 'end'];
const typing = {
  eos: ['configure', 'snmp-server location typed-by-hand', 'end'],
  ios: asCisco,
  nxos: asCisco,
  junos: ['configure', 'set snmp location typed-by-hand', 'commit', 'exit'],
} as const;

const probes = [{ command: 'show version', contains: 'never' }];

/** Takes a change of a simulated device back while it is checked, after somebody has typed lines there. */
const takenBack = async (platform: keyof typeof typing) => {
  await using nats = await natsForTest();
  const { before, more } = simulatedPlatforms[platform];
  const config = before('leaf1', more('try-0-'));
  await using all = await held(nats.store, 'ssh', { platform, config }, { policy: { probes } });
  await using person = await Person.at(all.sim);
  const id = await publishForTest(nats.store, before('leaf1', more('try-1-')));
  await jobAt(nats.store, id, 'checking');
  await expect
    .poll(async () => (await jobAt(nats.store, id, 'checking')).checks.length, { timeout: 60_000 })
    .toBeGreaterThan(0);
  for (const line of typing[platform]) await person.type(line);
  await ask(nats.store, 'leaf1', 'cancel', { job: id });
  const { outcome, warnings } = await jobAt(nats.store, id);
  return { id, outcome, warnings: warnings.join('\n'), running: all.sim.running };
};

describe('lines that somebody types while a trial is checked', () => {
  it.each(['eos', 'ios', 'nxos'] as const)('are named when they are undone with it on %s', async (platform) => {
    const { outcome, warnings, running } = await takenBack(platform);
    expect(outcome).toMatchObject({ code: 'cancelled' });
    expect(warnings).toMatch(/undone with it: \+snmp-server location typed-by-hand/);
    expect(running).not.toContain('typed-by-hand');
  });

  it('are committed on Junos, and the trial with them: the job warns, and names the way back', async () => {
    const { id, outcome, warnings, running } = await takenBack('junos');
    expect(outcome).toMatchObject({ hint: expect.stringContaining(`plumb rollback leaf1 --to ${id}`) });
    expect(warnings).toContain('someone else confirmed the trial on the device during the checks');
    expect(running).toContain('typed-by-hand');
  });
});
