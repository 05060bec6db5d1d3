import { readFileSync } from 'node:fs';
import { Client } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { fault } from '../../../../cli/sim/options.ts';
import { startSim } from '../../../../lab/sim/sim.ts';
import { newSshKey } from '../../../../lab/ssh-key.ts';

const config = readFileSync(new URL('../../../../examples/eos/intended/configs/leaf1.cfg', import.meta.url), 'utf8');

const login = (port: number, username: string, privateKey: string): Promise<string> =>
  new Promise((resolve) => {
    const client = new Client();
    client.on('ready', () => resolve('in')).on('error', ({ level }) => resolve(level ?? 'error'));
    client.on('ready', () => client.end()).connect({ host: '127.0.0.1', port, username, privateKey });
  });

describe('a simulated device', () => {
  it('lets a user in by a public key of its own, and by no other', async () => {
    const [mine, other] = [newSshKey(), newSshKey()];
    await using sim = await startSim({ platform: 'eos', config, authorizedKeys: [`${mine.public} me@laptop`] });
    const port = sim.ports.ssh ?? 0;
    expect(await login(port, 'admin', mine.private)).toBe('in');
    expect(await login(port, 'root', mine.private)).toBe('client-authentication');
    expect(await login(port, 'admin', other.private)).toBe('client-authentication');
  });

  it('tells which lines it did not understand when it booted', async () => {
    await using sim = await startSim({ platform: 'eos', config: `${config}rooter bgp 1\n` });
    expect(sim.device.misread.map(({ text }) => text)).toEqual(['rooter bgp 1']);
  });

  it('takes faults of the right kind only', () => {
    expect(fault('fullFlash', fault('rttMs=20', {}))).toEqual({ rttMs: 20, fullFlash: true });
    expect(fault('failCommit=17', {})).toEqual({ failCommit: '17' });
    for (const wrong of ['rttMs=fast', 'rttMs', 'drop=3', 'fullFlash=1', 'nope'])
      expect(() => fault(wrong, {})).toThrow();
  });

  it('does what was typed ahead when the client has said that it will type no more', async () => {
    const key = newSshKey();
    await using sim = await startSim({ platform: 'eos', config, authorizedKeys: [key.public] });
    const client = new Client();
    const said = await new Promise<string>((resolve, reject) => {
      client.on('error', reject).on('ready', () =>
        client.shell((error, channel) => {
          if (error) return reject(error);
          let text = '';
          channel.on('data', (chunk: Buffer) => {
            text += chunk.toString();
          });
          channel.on('close', () => resolve(text)).end('show clock\nshow hostname\n');
        }),
      );
      client.connect({ host: '127.0.0.1', port: sim.ports.ssh ?? 0, username: 'admin', privateKey: key.private });
    });
    client.end();
    expect(said).toContain('Hostname: leaf1');
  });

  it('refuses a fault of the wrong kind at run time', async () => {
    await using sim = await startSim({ platform: 'eos', config });
    expect(() => sim.faults.set({ rttMs: 'fast' } as never)).toThrow('rttMs takes a JSON number');
    expect(() => sim.faults.set({ nope: 1 } as never)).toThrow('there is no fault nope');
  });
});
