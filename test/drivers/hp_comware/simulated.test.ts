import { describe, expect, it } from 'vitest';
import { bench } from '../../../lab/proof/bench.ts';
import { change, fence } from '../../../lab/proof/target.ts';
import { hp_comware } from '../../../runners/drivers/hp_comware/platform.ts';
import { forget } from '../../../runners/session/trial-clock.ts';
import { trialName } from '../../../runners/trial-name.ts';
import { type MergeCase, mergeLifecycle } from '../merge.ts';

const text = `#
 version 7.1.064, Release 0821P11
!press enter
#
 sysname hp1
#
ip vpn-instance red
 route-distinguisher 65001:1
#
interface GigabitEthernet1/0/1
 ip address 10.0.0.1 255.255.255.252
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
 address-family ipv4 unicast
  peer 10.0.0.2 enable
 #
 address-family ipv6 unicast
  peer 2001:DB8::2 enable
 #
 ip vpn-instance red
  peer 10.9.0.2 as-number 65009
#
 ssh server enable
#
return
`;

const merged = `interface GigabitEthernet1/0/1
 description to spine one
bgp 65001
 peer 10.0.0.6 as-number 65003
 address-family ipv4 unicast
  peer 10.0.0.6 enable
  peer 10.0.0.2 enable
vlan 20
vlan 30
 description thirty
#
 ip route-static 192.0.2.0 24 NULL0
 ip route-static 198.51.100.0 24 NULL0
`;

const what: MergeCase = {
  driver: hp_comware,
  transport: 'ssh',
  platform: 'hp_comware',
  before: text,
  merged,
  mark: 'peer 10.0.0.6 as-number 65003',
  bad: { text: merged.replace('  peer 10.0.0.6 enable', '  pier 10.0.0.6 enable'), line: 6 },
  secret: { text: 'local-user bob class manage\n password simple Secret@123\n', line: 2 },
  shortest: 60,
  commits: '^ *ip route-static 198',
  loads: '^ *address-family',
  without: text.replace('7.1.064, Release 0821P11', '5.20.105, Release 2507P39'),
  foreign: [],
};

mergeLifecycle('a simulated Comware 7 router over SSH', what);
mergeLifecycle('a simulated Comware 7 router over telnet', { ...what, transport: 'telnet' });

describe('a Comware 7 router', () => {
  const start = (timeScale = 1) => bench(hp_comware, 'ssh', { platform: 'hp_comware', config: text, timeScale });
  const merge = async (device: Awaited<ReturnType<typeof start>>, id = change()) => {
    const session = await device.open();
    await using candidate = await session.load(merged, 'merge', id);
    return { session, id, trial: await candidate.commit({ confirmSeconds: 600, fence }) };
  };

  it('keeps what ran before in a file that no boot uses, and has it removed in the end', async () => {
    await using device = await start();
    const { trial, id } = await merge(device);
    expect(device.sim.sessions).toEqual([expect.stringMatching(new RegExp(`^plumb-${id.job}-1-600\\.cfg$`))]);
    expect([...device.sim.device.files.values()].join('')).not.toContain('10.0.0.6');
    await trial.confirm();
    expect(device.sim.sessions).toEqual([]);
  });

  it('finishes a confirm that was cut off after it was decided', async () => {
    await using device = await start();
    const { trial, id } = await merge(device);
    device.sim.faults.set({ drop: { match: '^configuration commit$', when: 'before' } });
    await expect(trial.confirm()).rejects.toThrow();
    device.sim.faults.set({ drop: null });
    expect(device.sim.trial).toBeDefined();
    const found = await (await device.open()).pending();
    expect(found).toMatchObject({ job: id.job, phase: 'confirmed' });
    await found?.confirm();
    expect(device.sim.trial).toBeUndefined();
    expect(device.sim.startup).toContain('10.0.0.6');
    expect(device.sim.sessions).toEqual([]);
  });

  it('is not believed to have taken a confirm because something else runs than before, whatever the hour is', async () => {
    await using device = await start();
    const { trial, id } = await merge(device);
    device.sim.faults.set({ drop: { match: '^configuration commit$', when: 'before' } });
    await expect(trial.confirm()).rejects.toThrow();
    device.sim.faults.set({ drop: null });
    device.sim.device.clock.advance(700_000); // the device undoes it, and somebody changes a line
    const { running } = device.sim.device;
    const children = running.children.map((node) =>
      /^sysname/.test(node.text) ? { ...node, text: 'sysname theirs' } : node,
    );
    device.sim.device.apply({ ...running, children }, 'carol');
    forget(trialName(id)); // as another process finds it
    const session = await device.open();
    const left = await session.pending();
    expect(left?.phase).toBe('armed'); // for all that is known
    await expect(left?.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    expect((await session.pending([trialName(id)]))?.phase).toBe('over');
    await expect(left?.undo()).rejects.toMatchObject({ code: 'undo_failed' });
    expect([device.sim.trial, device.sim.running.includes('theirs')]).toEqual([undefined, true]);
    expect(device.sim.startup).not.toContain('theirs');
  });

  it('says that a decided trial was undone by the device first', async () => {
    await using device = await start();
    const { trial } = await merge(device);
    device.sim.faults.set({ drop: { match: '^configuration commit$', when: 'before' } });
    await expect(trial.confirm()).rejects.toThrow();
    device.sim.faults.set({ drop: null });
    device.sim.device.clock.advance(700_000);
    const found = await (await device.open()).pending();
    await expect(found?.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    expect(device.sim.startup).not.toContain('10.0.0.6');
    expect(device.sim.sessions).toEqual([]);
  });

  it('takes nothing away from others when there is nothing to undo any more', async () => {
    await using device = await start();
    const { session, trial } = await merge(device);
    device.sim.reboot();
    expect(device.sim.running).not.toContain('10.0.0.6');
    await session[Symbol.asyncDispose]();
    const found = await (await device.open()).pending();
    expect(found?.name).toBe(trial.name);
    await found?.undo();
    expect(device.sim.trial).toBeUndefined();
    expect(device.sim.sessions).toEqual([]);
  });

  it('tells the sessions of its VPN instances', async () => {
    await using device = await start(10);
    const session = await device.open();
    const bgp = await session.bgp();
    expect(bgp.red?.peers['10.9.0.2']).toMatchObject({ remote_as: 65009, address_family: { ipv4: {} } });
  });
});
