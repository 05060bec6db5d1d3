import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newSshKey } from '../../lab/ssh-key.ts';
import { frr } from '../../runners/drivers/frr/platform.ts';
import { knownHostsLine } from '../../runners/transports/ssh/known-hosts.ts';
import { describeLab, labForTest, type TestLab } from '../lab.ts';
import { fabric, settle } from './frr-texts.ts';

describeLab('a session on FRR', () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = await labForTest();
    for (const name of ['spine1', 'leaf1'] as const) await settle(lab, name, fabric(name));
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it('runs commands in order, whoever asks, and says what FRR refused', async () => {
    await using session = await lab.openSession('spine1');
    const outputs = await Promise.all([
      session.run('show version'),
      session.run('show nonsense').catch((error: Error) => error),
      session.run('show running-config no-header'),
    ]);
    expect(outputs[0]).toMatch(/^FRRouting 8\S+ \(spine1\)/);
    expect(outputs[1]).toMatchObject({
      code: 'rejected',
      message: 'spine1: "show nonsense": % Unknown command: show nonsense',
    });
    expect(`${outputs[2]}\n`).toBe(fabric('spine1'));
    await expect(session.run('show ip rip')).rejects.toMatchObject({
      code: 'rejected',
      message: 'spine1: "show ip rip": ripd is not running',
    });
    await expect(session.run('show version\nconfigure')).rejects.toMatchObject({ code: 'rejected' });
  });

  const hasTraceroute = ['/usr/bin', '/usr/sbin', '/bin'].some((folder) => existsSync(`${folder}/traceroute`));
  it.skipIf(hasTraceroute)('says which program it lacks', async () => {
    await using session = await lab.openSession('spine1');
    await expect(session.run('traceroute 10.255.0.99')).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(/Can't execute traceroute: No such file/),
      hint: 'install traceroute on the router',
    });
  });

  it('never stays in configuration mode', async () => {
    await using session = await lab.openSession('spine1');
    await session.run('configure terminal');
    expect(await session.run('show version')).toMatch(/^FRRouting/);
  });

  it('reads what runs and what it boots with', async () => {
    await using session = await lab.openSession('spine1');
    expect(await session.config('running')).toBe(fabric('spine1'));
    expect(frr.normalise(await session.config('startup'))).toBe(frr.normalise(fabric('spine1')));
    expect(await session.clock?.()).toMatchObject({ at: expect.closeTo(Date.now(), -4) }); // this machine's own
    expect(await session.facts()).toMatchObject({
      hostname: 'spine1',
      vendor: 'FRRouting',
      interface_list: ['eth0', 'eth1', 'eth2', 'lo'],
    });
  });

  it('works where the router gives one channel at a time: the warm vtysh makes room', async () => {
    const folder = join(lab.folder, 'lab', 'spine1');
    const config = (await readFile(join(folder, 'sshd.conf'), 'utf8'))
      .replace('Port 22', 'Port 2222')
      .replace('MaxSessions 100', 'MaxSessions 1')
      .replace('sshd.pid', 'sshd-one.pid');
    await writeFile(join(folder, 'sshd-one.conf'), config);
    // it detaches before it listens, and notes its pid once it does; it ends with the lab's namespace
    const one = join(folder, 'sshd-one');
    await lab.console('spine1', `/usr/sbin/sshd -f ${one}.conf; until [ -s ${one}.pid ]; do sleep 0.02; done`);
    const { device, credentials } = lab.target('spine1');
    const knownHosts = join(folder, 'known_hosts');
    const pinned = await readFile(lab.knownHosts, 'utf8');
    await writeFile(knownHosts, pinned.replace(`${device.host} `, `[${device.host}]:2222 `));
    const target = { device: { ...device, port: 2222 }, credentials, knownHosts };
    await using session = await frr.open(target, AbortSignal.timeout(20_000));
    for (let count = 0; count < 5; count++) {
      expect(await session.run('show version')).toMatch(/^FRRouting/);
      expect((await session.facts()).hostname).toBe('spine1');
      expect(await session.pending()).toBeUndefined();
    }
  });

  it('sees BGP sessions come up, with what was negotiated and counted', async () => {
    await using session = await lab.openSession('spine1');
    const peer = async () => (await session.bgp()).global?.peers['10.0.0.1'];
    await vi.waitFor(async () => expect((await peer())?.address_family.ipv4?.accepted_prefixes).toBe(1), {
      timeout: 30_000,
      interval: 100,
    });
    const first = await peer();
    expect(first).toMatchObject({
      is_up: true,
      remote_as: 65001,
      hold_seconds: 3,
      keepalive_seconds: 1,
      remote_id: '10.255.0.21',
    });
    const heard = first?.keepalives_received ?? 0;
    await vi.waitFor(async () => expect((await peer())?.keepalives_received).toBeGreaterThan(heard + 1), {
      timeout: 10_000,
      interval: 100,
    });
    expect((await session.bgp()).global?.peers['10.0.0.3']).toMatchObject({ is_up: false, uptime: null });
  });

  it('gives no password to a router whose host key has changed', async () => {
    const target = lab.target('spine1');
    const knownHosts = join(lab.folder, 'other_hosts');
    const other = Buffer.from(newSshKey().public.split(' ')[1] ?? '', 'base64');
    await writeFile(knownHosts, knownHostsLine(target.device.host, 22, other));
    await expect(frr.open({ ...target, knownHosts }, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'host_key_changed',
    });
    await writeFile(knownHosts, '');
    await expect(frr.open({ ...target, knownHosts }, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'host_key_unknown',
      hint: expect.stringContaining('plumb trust spine1'),
    });
  });

  it('says that the connection is gone when the router ends it', async () => {
    await using session = await lab.openSession('leaf1');
    await session.alive();
    await session.run('show version');
    await lab.console('leaf1', `kill -KILL $(pgrep -P $(cat ${lab.folder}/lab/leaf1/sshd.pid))`);
    expect(await session.closed).not.toBe('');
    await expect(session.run('show version')).rejects.toMatchObject({ code: 'closed' });
    await expect(session.alive()).rejects.toMatchObject({ code: 'closed' });
  });

  it('says so where the inventory names a path space that cannot be one', async () => {
    const target = lab.target('spine1');
    const device = { ...target.device, options: { pathspace: "x'; reboot" } };
    await expect(frr.open({ ...target, device }, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'invalid_inventory',
    });
  });
});
