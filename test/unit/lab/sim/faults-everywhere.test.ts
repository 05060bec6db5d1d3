import { describe, expect, it } from 'vitest';
import { control } from '../../../../lab/sim/control.ts';
import type { Faults } from '../../../../lab/sim/faults.ts';
import type { Sim } from '../../../../lab/sim/sim.ts';
import { Person, simOf } from './client.ts';

/** How each platform is asked for something short, given two lines, and told to write them where they stay. */
const platforms = {
  eos: {
    asks: 'show version',
    begin: ['configure session s', 'interface Ethernet1'],
    lines: ['description one', 'description two'],
    commit: ['commit'],
    write: ['write memory'],
  },
  ios: {
    asks: 'show clock',
    begin: ['configure terminal', 'interface Loopback0'],
    lines: ['description one', 'description two'],
    commit: ['end', 'copy running-config flash:new', '', 'configure replace flash:new force'],
    write: ['write memory'],
  },
  nxos: {
    asks: 'show clock',
    begin: ['configure terminal', 'interface loopback0'],
    lines: ['description one', 'description two'],
    commit: ['end', 'checkpoint file bootflash:new', 'configure replace bootflash:new'],
    write: ['copy running-config startup-config'],
  },
  iosxr: {
    asks: 'show version',
    begin: ['configure terminal', 'interface Loopback0'],
    lines: ['description one', 'description two'],
    commit: ['commit'],
    write: ['configure terminal', 'hostname full', 'commit'],
  },
  junos: {
    asks: 'show version',
    begin: ['configure', 'edit interfaces lo0'],
    lines: ['set description one', 'set mtu 9000'],
    commit: ['commit'],
    write: ['configure', 'set system host-name full', 'commit'],
  },
} as const;
type Name = keyof typeof platforms;

/** Types lines one after the other. @returns what was answered to the last */
const type = async (person: Person, lines: readonly string[]): Promise<string> => {
  let last = '';
  for (const line of lines) last = await person.type(line);
  return last;
};

/** By the flag at the start, or by the control socket once someone is logged in. */
const ways: Record<string, (name: Name, faults: Partial<Faults>) => Promise<[Sim, Person]>> = {
  'from the start': async (name, faults) => {
    const sim = await simOf(name, { faults });
    return [sim, await Person.at(sim)];
  },
  'once it runs': async (name, faults) => {
    const sim = await simOf(name);
    const person = await Person.at(sim);
    control(sim, { op: 'faults', set: faults });
    return [sim, person];
  },
};

describe.each(Object.keys(platforms) as Name[])('a simulated %s', (name) => {
  const { asks, begin, lines, commit, write } = platforms[name];

  it.each(Object.entries(ways))('has what goes wrong %s', async (_, start) => {
    const [sim, person] = await start(name, {
      rttMs: 30,
      bytesPerSecond: 50_000,
      refuse: { match: 'one$' },
      lookalike: { match: `^${asks}$` },
      commitMs: 120_000,
    });
    await using _sim = sim;
    await using _person = person;
    const since = performance.now();
    expect(await person.type(asks)).not.toContain('show clock was typed here'); // the first half only
    expect(performance.now() - since).toBeGreaterThan(25);
    await person.hears(/typed here\n(?:.*\n)*.*[#>%] ?$/); // the second half, however late it comes
    await type(person, begin);
    expect(await person.type(lines[0])).toMatch(/\^\n(?:% Invalid|syntax error)|% Invalid input/);
    expect(await person.type(lines[1])).not.toMatch(/\^|%/);
    sim.faults.set({ rttMs: null, bytesPerSecond: null });
    await type(person, commit.slice(0, -1));
    const before = structuredClone(sim.device.running);
    let said = '';
    const committed = person.type(commit.at(-1) ?? '').then((text) => {
      said = text;
    });
    {
      await using other = await Person.at(sim); // someone else is answered all the while
      sim.faults.set({ lookalike: null });
      expect((await other.type(asks)).length).toBeGreaterThan(10);
    }
    expect(said).toBe('');
    expect(sim.device.running).toEqual(before);
    sim.device.clock.advance(121_000);
    await committed;
    expect(sim.running).toMatch(/description two|mtu 9000/);
  });

  it.each(Object.entries(ways))('writes nothing to a full flash, %s', async (_, start) => {
    const [sim, person] = await start(name, { fullFlash: true });
    await using _sim = sim;
    await using _person = person;
    const { device } = sim;
    const { running, startup } = device;
    expect(await type(person, write)).toContain('No space left on device');
    // the trees themselves: a write puts a copy in their place, and the texts of NX-OS say when they are read
    expect(device.running).toBe(running);
    expect(device.startup).toBe(startup);
    expect(device.files.size).toBe(0);
    expect(sim.running).not.toMatch(/host-?name full/);
  });

  it('cuts the connection at the step that was named, counted from then on', async () => {
    await using sim = await simOf(name);
    await using person = await Person.at(sim);
    control(sim, { op: 'faults', set: { drop: { step: 2 } } });
    await person.type(asks);
    await expect(person.type(asks)).rejects.toThrow('hung up');
  });
});
