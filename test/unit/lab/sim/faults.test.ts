import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { control } from '../../../../lab/sim/control.ts';
import { Person, simOf } from './client.ts';

describe('a device with a fault', () => {
  it('hangs up at the command that was named, before or after doing it', async () => {
    await using sim = await simOf('eos', {
      faults: { drop: { match: '^configure session x commit$', when: 'after' } },
    });
    await using person = await Person.at(sim);
    for (const line of ['configure session x', 'hostname changed', 'end']) await person.type(line);
    await person.type('configure session x commit').catch(() => {});
    await person.gone;
    expect(sim.running).toContain('hostname changed');
  });

  it('hangs up at the n-th step', async () => {
    await using sim = await simOf('ios', { faults: { drop: { step: 3 } } });
    await using person = await Person.at(sim);
    await person.type('show clock');
    await expect(person.type('show clock')).rejects.toThrow('hung up');
  });

  it('refuses the line that was named, with the words of the platform', async () => {
    await using sim = await simOf('ios');
    await using person = await Person.at(sim);
    await person.type('configure terminal');
    sim.faults.set({ refuse: { line: 2 } });
    expect(await person.type('interface Loopback7')).toBe('');
    expect(await person.type(' description seven')).toMatch(/^ +\^\n% Invalid input detected at '\^' marker\.\n/);
  });

  it('puts the caret under the word that it does not know', async () => {
    await using sim = await simOf('nxos');
    await using person = await Person.at(sim);
    expect(await person.type('show verison')).toBe(
      `${' '.repeat('leaf3# show '.length)}^\n% Invalid command at '^' marker.\n`,
    );
  });

  it('has no room left on flash', async () => {
    await using sim = await simOf('ios', { faults: { fullFlash: true } });
    await using person = await Person.at(sim);
    await person.type('copy running-config flash:saved');
    expect(await person.type('')).toContain('No space left on device');
    expect(sim.device.files.size).toBe(0);
  });

  it('shows what looks like a prompt in the middle of an output', async () => {
    await using sim = await simOf('eos', { faults: { lookalike: { match: '^show version' } } });
    await using person = await Person.at(sim);
    expect(await person.type('show version')).not.toContain('Free memory');
  });

  it('answers late on a long link', async () => {
    await using sim = await simOf('eos');
    await using person = await Person.at(sim);
    control(sim, { op: 'faults', set: { rttMs: 120 } });
    const start = performance.now();
    await person.type('show clock');
    expect(performance.now() - start).toBeGreaterThan(110);
  });

  it('says nothing at all on a half-open connection, and answers anew when it is mended', async () => {
    await using sim = await simOf('eos');
    await using person = await Person.at(sim);
    sim.faults.set({ halfOpen: true });
    const silent = Symbol('silent');
    const answer = await Promise.race([
      person.type('show clock'),
      new Promise((resolve) => setTimeout(resolve, 200, silent)),
    ]);
    expect(answer).toBe(silent);
    sim.faults.set({ halfOpen: null });
    await using other = await Person.at(sim);
    expect(await other.type('show clock')).toContain('UTC');
  });

  it('has another host key after a replacement', async () => {
    await using sim = await simOf('eos');
    const seen: string[] = [];
    const look = () =>
      new Promise<void>((resolve) => {
        const client = new ssh2.Client();
        client.on('error', () => resolve()).on('close', () => resolve());
        client.connect({
          host: sim.host,
          port: sim.ports.ssh ?? 0,
          username: 'admin',
          hostVerifier: (key: Buffer) => seen.push(key.toString('base64')) < 0, // never right
        });
      });
    await look();
    expect(`ssh-ed25519 ${seen[0]}`).toBe(sim.hostKey);
    control(sim, { op: 'host-key' });
    await look();
    expect(seen[1]).not.toBe(seen[0]);
    expect(`ssh-ed25519 ${seen[1]}`).toBe(sim.hostKey);
  });

  it('names the one who holds the lock', async () => {
    await using junos = await simOf('junos');
    junos.box.foreign('lock', 'carol');
    await using person = await Person.at(junos);
    expect(await person.type('configure exclusive')).toMatch(
      /error: configuration database locked by:\n {2}carol terminal/,
    );
    await using xr = await simOf('iosxr');
    xr.box.foreign('lock', 'carol');
    await using other = await Person.at(xr);
    expect(await other.type('configure exclusive')).toMatch(/ carol .*\*\n.*locked by another agent/s);
  });
});

describe('BGP on a simulated device', () => {
  it('comes up for what is configured, and moves its counters', async () => {
    await using sim = await simOf('eos');
    const [before] = sim.box.bgp.peers();
    expect(before).toMatchObject({ address: '10.1.1.0', remoteAs: '65100', state: 'Established', vrf: 'default' });
    sim.device.clock.advance(30_000);
    const [after] = sim.box.bgp.peers();
    expect(after?.received).toBeGreaterThan((before?.received ?? 0) + 5);
  });

  it('goes down, stays Established but dead, or loses prefixes when it is told to', async () => {
    await using sim = await simOf('eos');
    control(sim, { op: 'bgp', peer: '10.1.1.0', state: 'Idle' });
    expect(sim.box.bgp.peers()[0]?.state).toBe('Idle');
    control(sim, { op: 'bgp', peer: '10.1.1.0', state: 'Established', dead: true, prefixes: 0 });
    const dead = sim.box.bgp.peers()[0];
    expect(dead).toMatchObject({ state: 'Established', prefixes: 0, flaps: 1 });
    sim.device.clock.advance(5000);
    expect(sim.box.bgp.peers()[0]?.received).toBe(dead?.received);
    sim.device.clock.advance(10_000);
    expect(sim.box.bgp.peers()[0]?.state).not.toBe('Established');
  });

  it('comes up a moment after a session was added', async () => {
    await using sim = await simOf('eos', { timeScale: 0.001 }); // time passes where it is moved on
    await using person = await Person.at(sim);
    for (const line of ['configure', 'router bgp 65101', 'neighbor 10.9.9.9 remote-as 65009', 'end'])
      await person.type(line);
    const added = () => sim.box.bgp.peers().find(({ address }) => address === '10.9.9.9')?.state;
    expect(added()).toBe('Active');
    sim.device.clock.advance(2000);
    expect(added()).toBe('Established');
  });
});
