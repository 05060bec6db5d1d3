import { promisify } from 'node:util';
import ssh2, { type SFTPWrapper } from 'ssh2';
import { describe, expect, it } from 'vitest';
import type { PlatformName } from '../../../../lab/sim/platforms.ts';
import type { Sim } from '../../../../lab/sim/sim.ts';
import { configOf, Person, simOf } from './client.ts';

/** Logs in and asks for SFTP. */
const sftpTo = async (sim: Sim): Promise<SFTPWrapper & AsyncDisposable> => {
  const client = new ssh2.Client();
  client.on('error', () => {}); // cut on purpose
  const ready = new Promise<void>((resolve) => client.once('ready', () => resolve()));
  const { host, user: username, ports } = sim;
  client.connect({ host, port: ports.ssh ?? 0, username, password: 'admin', hostVerifier: () => true });
  await ready;
  const sftp = await promisify(client.sftp.bind(client))().catch((error) => {
    client.end();
    throw error;
  });
  return Object.assign(sftp, { [Symbol.asyncDispose]: async () => void client.end() });
};

const put = (sftp: SFTPWrapper, path: string, text: string) =>
  promisify<string, string, void>(sftp.writeFile.bind(sftp))(path, text);
const get = async (sftp: SFTPWrapper, path: string) =>
  (await promisify<string, Buffer>(sftp.readFile.bind(sftp))(path)).toString('utf8');
const names = async (sftp: SFTPWrapper, path: string) =>
  (await promisify(sftp.readdir.bind(sftp))(path)).map(({ filename }) => filename);

const withServer = (platform: PlatformName): string =>
  platform === 'nxos'
    ? `${configOf('nxos')}feature sftp-server\n`
    : configOf(platform).replace('        ssh;\n', '        ssh {\n            sftp-server;\n        }\n');

describe('files of a simulated device by SFTP', () => {
  it.each([
    { platform: 'eos', path: '/mnt/flash/new.cfg', shown: 'more flash:new.cfg' },
    { platform: 'junos', path: '/var/tmp/new.cfg', shown: 'file show /var/tmp/new.cfg' },
    { platform: 'iosxr', path: '/disk0:/new.cfg', shown: undefined },
    { platform: 'nxos', path: '/bootflash/new.cfg', shown: 'show file bootflash:new.cfg' },
  ] as const)('are put where $platform reads them, fetched, listed, renamed and removed', async (one) => {
    await using sim = await simOf(one.platform, { config: withServer(one.platform) });
    await using sftp = await sftpTo(sim);
    const text = `hostname new\n${'! é\n'.repeat(40_000)}`; // several writes and reads
    await put(sftp, one.path, text);
    expect(await get(sftp, one.path)).toBe(text);
    expect(await names(sftp, one.path.slice(0, one.path.lastIndexOf('/')))).toEqual(['new.cfg']);
    const { size } = await promisify<string, { size: number }>(sftp.stat.bind(sftp))(one.path);
    expect(size).toBe(Buffer.byteLength(text));
    await promisify(sftp.rename.bind(sftp))(one.path, `${one.path}.old`);
    await expect(get(sftp, one.path)).rejects.toThrow('No such file');
    await promisify(sftp.unlink.bind(sftp))(`${one.path}.old`);
    expect([...sim.device.files.keys()]).toEqual([]);
    await put(sftp, one.path, 'seen at the terminal\n');
    if (!one.shown) return;
    await using person = await Person.at(sim);
    expect(await person.type(one.shown)).toContain('seen at the terminal');
  });

  it.each([
    ['ios', 'has no such server'],
    ['nxos', 'has it as a feature that is off'],
    ['junos', 'has it off from 19.1 on'],
  ] as const)('are refused where %s %s', async (platform, _why) => {
    await using sim = await simOf(platform);
    await expect(sftpTo(sim)).rejects.toThrow('Unable to start subsystem: sftp');
  });

  it('are not written to a full flash, and stay as far as they came when the connection is cut', async () => {
    await using sim = await simOf('eos', { faults: { fullFlash: true } });
    await using sftp = await sftpTo(sim);
    await expect(put(sftp, '/mnt/flash/new.cfg', 'x')).rejects.toThrow('No space left on device');
    expect([...sim.device.files.keys()]).toEqual([]);
    sim.faults.set({ fullFlash: null });
    const handle = await new Promise<Buffer>((resolve) =>
      sftp.open('/mnt/flash/new.cfg', 'w', (_, opened) => resolve(opened)),
    );
    await new Promise<void>((resolve) => sftp.write(handle, Buffer.from('half'), 0, 4, 0, () => resolve()));
    const gone = new Promise((resolve) => sftp.once('close', resolve));
    sim.device.disconnect();
    await gone;
    await expect.poll(() => sim.device.files.get('new.cfg')).toBe('half');
  });
});
