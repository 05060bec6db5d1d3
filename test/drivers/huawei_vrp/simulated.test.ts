import { describe, expect, it } from 'vitest';
import { bench } from '../../../lab/proof/bench.ts';
import { change, fence } from '../../../lab/proof/target.ts';
import { huawei_vrp } from '../../../runners/drivers/huawei_vrp/platform.ts';
import { type MergeCase, mergeLifecycle } from '../merge.ts';

const text = `!Software Version V800R021C10SPC600
!Initial password
#
sysname ne1
#
ip vpn-instance red
 ipv4-family
  route-distinguisher 65001:1
#
interface GigabitEthernet0/1/0
 undo shutdown
 ip address 10.0.0.1 255.255.255.252
 ipv6 enable
 ipv6 address 2001:DB8::1/64
#
interface LoopBack0
 ip address 10.255.0.1 255.255.255.255
#
bgp 65001
 router-id 10.255.0.1
 peer 10.0.0.2 as-number 65002
 peer 10.0.0.2 description spine one
 peer 10.0.0.2 timer keepalive 30 hold 90
 peer 2001:DB8::2 as-number 65002
 #
 ipv4-family unicast
  peer 10.0.0.2 enable
 #
 ipv6-family unicast
  peer 2001:DB8::2 enable
#
ssh user admin authentication-type password
#
return
`;

const merged = `#
interface GigabitEthernet0/1/0
 description to spine one
#
bgp 65001
 peer 10.0.0.6 as-number 65003
 ipv4-family unicast
  peer 10.0.0.6 enable
  peer 10.0.0.2 enable
#
interface LoopBack7
ip route-static 192.0.2.0 255.255.255.0 NULL0
ip route-static 198.51.100.0 255.255.255.0 NULL0
#
`;

const what: MergeCase = {
  driver: huawei_vrp,
  transport: 'ssh',
  platform: 'huawei_vrp',
  before: text,
  merged,
  mark: 'peer 10.0.0.6 as-number 65003',
  bad: { text: merged.replace(' peer 10.0.0.6 as', ' pier 10.0.0.6 as'), line: 6 },
  secret: { text: 'aaa\n local-user bob password irreversible-cipher Secret@123\n', line: 2 },
  shortest: 60,
  commits: '^commit trial',
  loads: '^ *ipv4-family unicast',
  without: text.replace('V800R021C10SPC600', 'V200R019C10'),
  foreign: [],
};

mergeLifecycle('a simulated VRP 8 router over SSH', what);
mergeLifecycle('a simulated VRP 8 router over telnet', { ...what, transport: 'telnet' });

describe('a VRP 8 router', () => {
  const start = () => bench(huawei_vrp, 'ssh', { platform: 'huawei_vrp', config: text });

  it('undoes what was taken away, and says so in the difference', async () => {
    await using device = await start();
    const session = await device.open();
    const less = 'interface GigabitEthernet0/1/0\n undo ipv6 address\nundo interface LoopBack0\n';
    await using candidate = await session.load(less, 'merge', change());
    const diff = await candidate.diff();
    expect(diff).toContain('-  ipv6 address 2001:DB8::1/64');
    expect(diff).toContain('- interface LoopBack0');
    const trial = await candidate.commit({ confirmSeconds: 60, fence });
    expect(device.sim.running).not.toContain('LoopBack0');
    await trial.undo();
    expect(device.sim.running).toContain('LoopBack0');
  });

  it('refuses lines that are indented under one that opens no view, before anything is typed elsewhere', async () => {
    await using device = await start();
    const session = await device.open();
    const wrong = 'sysname ne2\n description nowhere\n';
    await expect(session.load(wrong, 'merge', change())).rejects.toMatchObject({
      code: 'rejected',
      line: 2,
      message: expect.stringContaining('the line above it opens no view'),
    });
    expect(device.sim.sessions).toEqual([]);
  });

  it('has its pages turned and its echo read, and the same text comes out', async () => {
    await using device = await start();
    const session = await device.open();
    const whole = await session.run('display current-configuration');
    await session.run('screen-length 5 temporary');
    expect(await session.run('display current-configuration')).toBe(whole);
    expect(await session.run('display current-configuration | include sysname')).toBe('sysname ne1');
  });

  it('takes a banner of several lines as one', async () => {
    await using device = await start();
    const session = await device.open();
    const banner = 'header shell information %\nno entry\n  # not even here\n%\nsysname ne9\n';
    await using candidate = await session.load(banner, 'merge', change());
    const trial = await candidate.commit({ confirmSeconds: 60, fence });
    expect(device.sim.running).toContain('header shell information %\nno entry\n  # not even here\n%\n');
    expect(device.sim.running).toContain('sysname ne9');
    await trial.undo();
  });

  it('keeps a name that changes with the commit, and talks on', async () => {
    await using device = await start();
    const session = await device.open();
    await using candidate = await session.load('sysname core-sw-1\n', 'merge', change());
    const trial = await candidate.commit({ confirmSeconds: 60, fence });
    expect((await session.facts()).hostname).toBe('core-sw-1');
    await trial.confirm();
    expect(device.sim.startup).toContain('sysname core-sw-1');
  });

  it('shows the difference anew when somebody committed meanwhile', async () => {
    await using device = await start();
    const [session, other] = [await device.open(), await device.open()];
    await using candidate = await session.load(merged, 'merge', change());
    {
      await using theirs = await other.load('sysname other\n', 'merge', change());
      await (await theirs.commit({ confirmSeconds: 60, fence })).confirm();
    }
    expect(await candidate.diff()).toContain('peer 10.0.0.6');
    expect(await candidate.diff()).not.toContain('other');
  });

  it('does not save what a full flash refuses, and says so', async () => {
    await using device = await start();
    const session = await device.open();
    await using candidate = await session.load(merged, 'merge', change());
    const trial = await candidate.commit({ confirmSeconds: 60, fence });
    device.sim.faults.set({ fullFlash: true });
    await expect(trial.confirm()).rejects.toMatchObject({
      code: 'commit_failed',
      message: expect.stringContaining('no enough space'),
    });
  });

  const cutOff = async (
    device: Awaited<ReturnType<typeof start>>,
    match: string,
    when: 'before' | 'after',
    id = change(),
  ) => {
    const session = await device.open();
    await using candidate = await session.load(merged, 'merge', id);
    const trial = await candidate.commit({ confirmSeconds: 60, fence });
    device.sim.faults.set({ drop: { match, when } });
    await expect(trial.confirm()).rejects.toThrow();
    device.sim.faults.set({ drop: null });
    return id;
  };
  const kept = ({ sim }: Awaited<ReturnType<typeof start>>) => [...sim.device.files.keys()];

  it('has a confirm that was cut off before it was saved finished by whoever comes next', async () => {
    await using device = await start();
    const id = await cutOff(device, '^save$', 'before');
    expect(device.sim.trial).toBeUndefined();
    expect(device.sim.startup).not.toContain('10.0.0.6');
    const session = await device.open();
    const found = await session.pending();
    expect(found).toMatchObject({ job: id.job, phase: 'confirmed' });
    await found?.confirm();
    expect(device.sim.startup).toContain('10.0.0.6');
    expect([kept(device), await session.pending()]).toEqual([[], undefined]);
  });

  it('does not take a decided trial for confirmed that waits still, or that it undid', async () => {
    await using device = await start();
    const id = await cutOff(device, '^commit persist', 'before');
    const session = await device.open();
    expect(await session.pending()).toMatchObject({ job: id.job, phase: 'armed' });
    device.sim.device.clock.advance(61_000);
    await expect.poll(() => device.sim.trial).toBeUndefined();
    expect(await session.pending()).toBeUndefined();
    expect(await session.clean(id.epoch + 1)).toEqual([`plumb-${id.job}-${id.epoch}-ok.cfg`]);
    expect(kept(device)).toEqual([]);
  });

  it('leaves no file of a trial that ended well, or that was undone', async () => {
    await using device = await start();
    await cutOff(device, '^commit persist', 'before');
    const session = await device.open();
    await (await session.pending())?.undo();
    expect(kept(device)).toEqual([]);
    await using candidate = await session.load(merged, 'merge', change());
    await (await candidate.commit({ confirmSeconds: 60, fence })).confirm();
    expect([kept(device), device.sim.startup.includes('10.0.0.6')]).toEqual([[], true]);
  });

  it('takes a trial whose name it does not show from what we know of it', async () => {
    await using device = await start();
    const session = await device.open();
    device.sim.box.foreign('lock', 'bob');
    expect((await session.pending())?.job).toBeUndefined();
    const name = `plumb-${'a'.repeat(20)}-1`;
    const trial = await session.pending([name]);
    expect(trial).toMatchObject({ name, epoch: 1 });
    await expect(trial?.undo()).rejects.toMatchObject({ code: 'locked' }); // it was not ours after all
    expect(device.sim.trial).toBeDefined();
  });
});
