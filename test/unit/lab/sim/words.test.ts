import { describe, expect, it } from 'vitest';
import { control } from '../../../../lab/sim/control.ts';
import type { PlatformName } from '../../../../lab/sim/platforms.ts';
import { startSim } from '../../../../lab/sim/sim.ts';
import { configOf, Person, simOf } from './client.ts';

/** What is typed and what each platform says to it; the caret stands under the place, behind the prompt. */
const said: [PlatformName, string[], string][] = [
  ['eos', ['show verison'], "% Invalid input (at token 1: 'verison')\n"],
  ['eos', ['configure', 'router bgp 65101', 'neighbor 10.9.9.9 remote-as'], "% Incomplete command (at token 3: '')\n"],
  ['ios', ['show verison'], `${' '.repeat('edge1#show '.length)}^\n% Invalid input detected at '^' marker.\n\n`],
  ['ios', ['configure terminal', 'interface Loopback0', 'ip address'], '% Incomplete command.\n\n'],
  [
    'nxos',
    ['configure terminal', 'interface loopback0', 'descriptin x'],
    `${' '.repeat('leaf3(config-if)# '.length)}^\n% Invalid command at '^' marker.\n`,
  ],
  [
    'nxos',
    ['configure terminal', 'hostname'],
    `${' '.repeat('leaf3(config)# hostname'.length)}^\n% Incomplete command at '^' marker.\n`,
  ],
  [
    'iosxr',
    ['configure terminal', 'interface Loopback0', 'descriptin x'],
    `${' '.repeat('RP/0/RP0/CPU0:core1(config-if)#'.length)}^\n% Invalid input detected at '^' marker.\n`,
  ],
  ['iosxr', ['configure terminal', 'hostname'], '% Incomplete command.\n'],
  [
    'junos',
    ['configure', 'set system host-nam x'],
    `${' '.repeat('admin@edge2# set system '.length)}^\nsyntax error.\n\n[edit]\n`,
  ],
  [
    'junos',
    ['configure', 'set system host-name'],
    `${' '.repeat('admin@edge2# set system host-name'.length)}^\nmissing argument.\n\n[edit]\n`,
  ],
  ['junos', ['configure', 'edit system', 'show host-name'], 'host-name edge2;\n\n[edit system]\n'],
];

describe('a simulated device', () => {
  it.each(said)('of %s says to %j what the real one does', async (platform, lines, answer) => {
    await using sim = await simOf(platform);
    await using person = await Person.at(sim);
    let last = '';
    for (const line of lines) last = await person.type(line);
    expect(last).toBe(answer);
  });

  it.each([
    ['eos', 'netconf'],
    ['junos', 'eapi'],
    ['ios', 'eapi'],
    ['nxos', 'netconf'],
  ] as const)('of %s does not start with %s, which it does not speak', async (platform, service) => {
    const starting = startSim({ platform, config: configOf(platform), ports: { [service]: 0 } });
    await expect(starting).rejects.toMatchObject({
      code: 'invalid_request',
      message: `a simulated ${platform} does not speak ${service}`,
    });
  });

  it.each([
    ['eos', 'carol_work pending carol'],
    ['junos', 'shared changed'],
    ['iosxr', 'carol changed'],
  ] as const)('of %s holds what someone else has begun, until they are gone', async (platform, session) => {
    await using sim = await simOf(platform);
    expect(control(sim, { op: 'foreign', kind: 'session', user: 'carol' })).toEqual({ sessions: [session] });
    expect(control(sim, { op: 'foreign', kind: 'none' })).toEqual({ sessions: [] });
  });

  it.each([
    ['ios', 'configure terminal', /locked by process .* user 'carol'/],
    ['nxos', 'configure replace bootflash:x', /commit is pending/],
  ] as const)('of %s keeps others out while someone else is at work', async (platform, line, words) => {
    await using sim = await simOf(platform);
    sim.device.files.set('x', sim.running);
    await using person = await Person.at(sim);
    control(sim, { op: 'foreign', kind: 'lock', user: 'carol' });
    expect(await person.type(line)).toMatch(words);
    control(sim, { op: 'foreign', kind: 'none' });
    expect(await person.type(line)).not.toMatch(words);
  });
});
