import { describe, expect, it } from 'vitest';
import type { PlatformName } from '../../../../lab/sim/platforms.ts';
import type { Sim } from '../../../../lab/sim/sim.ts';
import { Person, simOf } from './client.ts';

/** How each platform is told to rename itself on trial, for a minute, and to confirm it. */
type Renamed = Exclude<PlatformName, 'huawei_vrp' | 'hp_comware'>; // these are tried in test/drivers
const dialogues: Record<Renamed, { arm: string[]; confirm: string[]; files?: (sim: Sim) => void }> = {
  eos: {
    arm: ['configure session t1', 'hostname trial', 'commit timer 00:01:00'],
    confirm: ['configure session t1 commit'],
  },
  ios: { arm: ['configure terminal revert timer 1', 'hostname trial', 'end'], confirm: ['configure confirm'] },
  nxos: {
    arm: ['configure replace bootflash:t1 commit-timeout 60'],
    confirm: ['configure replace commit'],
    files: (sim) => sim.device.files.set('t1', sim.running.replace(/^hostname .*$/m, 'hostname trial')),
  },
  iosxr: { arm: ['configure terminal', 'hostname trial', 'commit confirmed 60'], confirm: ['commit'] },
  junos: { arm: ['configure', 'set system host-name trial', 'commit confirmed 1'], confirm: ['commit'] },
};

const renamed = /host-?name trial/;

describe('a commit on trial', () => {
  for (const [platform, { arm, confirm, files }] of Object.entries(dialogues) as [
    Renamed,
    (typeof dialogues)[Renamed],
  ][]) {
    it(`is undone by ${platform} itself when nobody confirms it`, async () => {
      await using sim = await simOf(platform);
      const before = sim.device.running.children.map(({ text }) => text);
      files?.(sim);
      {
        await using person = await Person.at(sim);
        for (const line of arm) await person.type(line);
      }
      expect(sim.running).toMatch(renamed);
      expect(sim.trial).toBeDefined();
      sim.device.clock.advance(61_000);
      expect(sim.trial).toBeUndefined();
      expect(sim.running).not.toMatch(renamed);
      expect(sim.device.running.children.map(({ text }) => text)).toEqual(before);
    });

    it(`stays on ${platform} once it is confirmed`, async () => {
      await using sim = await simOf(platform);
      files?.(sim);
      await using person = await Person.at(sim);
      for (const line of [...arm, ...confirm]) await person.type(line);
      expect(sim.trial).toBeUndefined();
      sim.device.clock.advance(120_000);
      expect(sim.running).toMatch(renamed);
    });
  }

  it('on IOS-XR is confirmed by nobody but the session that armed it', async () => {
    await using sim = await simOf('iosxr');
    await using first = await Person.at(sim);
    for (const line of dialogues.iosxr.arm) await first.type(line);
    await using second = await Person.at(sim);
    await second.type('configure terminal');
    expect(await second.type('commit')).toContain('% No configuration changes to commit.');
    await second.type('hostname other');
    expect(await second.type('commit')).toContain(
      '% Cannot commit because there is an unexpired trial/rollback session',
    );
    await second.type('abort');
    expect(await second.type('configure exclusive')).toContain('A trial commit is underway in another');
    expect(await second.type('rollback configuration last 1')).toContain('% Cannot commit');
    expect(await second.type('show configuration sessions detail')).toMatch(
      /Client: commit-confirm\n +Process: cfgmgr_trial_co/,
    );
    expect(sim.trial).toBeDefined();
    expect(await first.type('commit')).toContain('% Confirming commit for trial session.');
  });

  it('on IOS-XR is undone at once when the session that armed it leaves configuration mode', async () => {
    await using sim = await simOf('iosxr');
    await using person = await Person.at(sim);
    for (const line of dialogues.iosxr.arm) await person.type(line);
    expect(await person.type('show configuration sessions detail')).toContain('% Invalid input');
    await person.type('end'); // asks
    await person.type('yes');
    expect(sim.trial).toBeUndefined();
    expect(sim.running).not.toMatch(renamed);
    expect(await person.type('show configuration commit list')).toMatch(/^1 .* Rollback /m);
  });

  it('on EOS keeps other sessions from committing', async () => {
    await using sim = await simOf('eos');
    await using person = await Person.at(sim);
    for (const line of dialogues.eos.arm) await person.type(line);
    for (const line of ['configure session t2', 'hostname other', 'end']) await person.type(line);
    expect(await person.type('configure session t2 commit')).toContain('% Cannot commit');
  });

  it('on IOS needs an archive', async () => {
    await using sim = await simOf('ios');
    await using person = await Person.at(sim);
    for (const line of ['configure terminal', 'no archive', 'end']) await person.type(line);
    expect(await person.type('configure terminal revert timer 1')).toContain('turn config archive on');
  });

  it('is lost with the running configuration when EOS restarts', async () => {
    await using sim = await simOf('eos');
    await using person = await Person.at(sim);
    for (const line of dialogues.eos.arm) await person.type(line);
    sim.reboot();
    await person.gone;
    expect(sim.running).not.toMatch(renamed);
    expect(sim.sessions).toEqual([]);
  });
});
