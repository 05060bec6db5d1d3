import { expect, it } from 'vitest';
import { checkLogin } from '../../../cli/doctor/device.ts';
import type { Inventory } from '../../../core/inventory/schema.ts';
import { bench } from '../../../lab/proof/bench.ts';
import { commit, forever } from '../../../lab/proof/target.ts';
import { netconf } from '../../../runners/drivers/netconf/platform.ts';

const model = 'http://cisco.com/ns/yang/Cisco-IOS-XR-cli-cfg';
const text = (more: string) =>
  `hostname r1\n!\ninterface MgmtEth0/RP0/CPU0/0\n ipv4 address 10.0.0.15 255.255.255.0\n!\n${more}end\n`;
const after = text('interface Loopback7\n ipv4 address 10.0.0.7 255.255.255.255\n!\n');

it('a server that lets the arming session lock running shows it its trial all the same, which it undoes or confirms', async () => {
  await using router = await bench(netconf, 'netconf', { platform: 'iosxr', config: text('') });
  const { sim, open } = router;
  const session = await open();
  let closed = '';
  void session.closed.then((reason) => {
    closed = reason;
  });
  for (const decision of ['undo', 'confirm'] as const) {
    const { name } = await commit(session, `<cli xmlns="${model}">${after}</cli>`, 120);
    expect(sim.trial).toBeDefined();
    const trial = await session.pending([`plumb-${name.job}-1`]);
    expect(trial).toMatchObject({ job: name.job, phase: 'armed' });
    await trial?.[decision]();
    expect(sim.trial).toBeUndefined();
    expect(sim.running.includes('Loopback7')).toBe(decision === 'confirm');
    expect(await session.pending([`plumb-${name.job}-1`])).toBeUndefined();
  }
  expect(closed).toBe('');
  sim.device.disconnect();
  await expect.poll(() => closed).not.toBe('');
});

it('plumb doctor knows a trial of ours on a device that does not tell its name', async () => {
  await using router = await bench(netconf, 'netconf', { platform: 'iosxr', config: text('') });
  const { name } = await commit(await router.open(), `<cli xmlns="${model}">${after}</cli>`, 120);
  const { device, knownHosts } = router.target;
  const entry = { ...device, credentials: { username: 'admin', password: { literal: 'admin' } } };
  const inventory: Inventory = { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([['r1', entry]]) };
  const found = (known: string[]) => checkLogin(inventory, entry, netconf, knownHosts, forever, async () => known);
  const ours = await found([`plumb-${name.job}-1`]);
  expect(ours.find(({ check }) => check === 'pending')).toMatchObject({ fix: expect.stringContaining('plumb runner') });
  const foreign = await found([]);
  expect(foreign.find(({ check }) => check === 'pending')).toMatchObject({ fix: expect.stringContaining('not ours') });
});

it('a trial whose confirm or undo the device refuses is told to wait, not to have ended or to be of somebody else', async () => {
  await using router = await bench(netconf, 'netconf', { platform: 'iosxr', config: text('') });
  const session = await router.open();
  const { name } = await commit(session, `<cli xmlns="${model}">${after}</cli>`, 120);
  const trial = await session.pending([`plumb-${name.job}-1`]);
  router.sim.faults.set({ deny: { match: '^(?:commit|cancel-commit)$' } });
  await expect(trial?.confirm()).rejects.toMatchObject({
    code: 'rejected',
    message: `r1: trial "plumb-${name.job}-1" waits, but its confirm was refused: permission denied`,
  });
  await expect(trial?.undo()).rejects.toMatchObject({
    code: 'locked',
    message: 'r1: a trial waits, but its undo was refused: permission denied',
  });
  router.sim.faults.set({ deny: { match: '(?!)' } });
  await trial?.confirm();
  expect(router.sim.running).toContain('Loopback7');
});
