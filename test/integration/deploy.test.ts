import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeviceState } from '../../core/bus.ts';
import { getRecord } from '../../core/store/records.ts';
import { describeLab } from '../lab.ts';
import { bgpPeers, bgpUp, deployTo, type PlumbLab, plumbLab } from '../plumb-lab.ts';

/** What an operator would put into git: the present text with one description changed. */
const described = (text: string, words: string) =>
  text.replace(/^ description loopback.*$/m, ` description loopback ${words}`);
/** Seconds are what a lab has; the job warns that this is shorter than the rule. */
const short = { confirmSeconds: 14 };

describeLab('a deployment to a real router', () => {
  let plumb: PlumbLab;
  beforeAll(async () => {
    plumb = await plumbLab();
  });
  afterAll(async () => plumb?.[Symbol.asyncDispose]());

  it('makes that router, and only that one, run what is intended, saved, with no session lost', async () => {
    const { lab, store, texts } = plumb;
    const [spine, leaf2] = await Promise.all([lab.runningConfig('spine1'), lab.runningConfig('leaf2')]);
    const before = await bgpPeers(lab, 'leaf1');
    const text = described(texts.leaf1, 'changed');
    const job = await deployTo(store, 'leaf1', text);
    expect(job.outcome).toEqual({ kind: 'applied' });
    expect(job.checks.filter(({ name }) => name === 'bgp')).toHaveLength(2);
    expect(job.diff).toContain('description loopback changed');
    const running = await lab.runningConfig('leaf1');
    expect(running).toContain(' description loopback changed');
    expect(await lab.startupConfig('leaf1')).toContain(' description loopback changed');
    expect([await lab.runningConfig('spine1'), await lab.runningConfig('leaf2')]).toEqual([spine, leaf2]);
    const after = await bgpPeers(lab, 'leaf1');
    for (const [address, peer] of Object.entries(after)) {
      expect(peer.connectionsEstablished).toBe(before[address]?.connectionsEstablished);
      expect(peer.peerUptimeMsec).toBeGreaterThan(before[address]?.peerUptimeMsec ?? Infinity);
    }
    plumb.texts.leaf1 = text;
  });

  it('of what runs already commits nothing', async () => {
    const { lab, store, texts } = plumb;
    const saved = await lab.console('leaf1', 'ls /var/lib/plumbline/$PS');
    expect((await deployTo(store, 'leaf1', texts.leaf1)).outcome).toEqual({ kind: 'unchanged' });
    expect(await lab.console('leaf1', 'ls /var/lib/plumbline/$PS')).toBe(saved);
  });

  it('is rejected with the line and the words of the router, which runs byte for byte what it ran', async () => {
    const { lab, store, texts } = plumb;
    const before = [await lab.runningConfig('leaf1'), await lab.startupConfig('leaf1')];
    const lines = texts.leaf1.split('\n');
    lines.splice(9, 0, ' this is no command');
    const job = await deployTo(store, 'leaf1', lines.join('\n'));
    expect(job.outcome).toMatchObject({ kind: 'failed', code: 'rejected', line: 10 });
    expect(job.outcome).toMatchObject({ detail: expect.stringMatching(/Unknown command.*this is no command/s) });
    expect([await lab.runningConfig('leaf1'), await lab.startupConfig('leaf1')]).toEqual(before);
  });

  it.each([
    [
      'cuts management',
      (text: string, gateway: string) =>
        text.replace('!\ninterface eth1', `!\nip route ${gateway}/32 Null0\n!\ninterface eth1`),
      /login|connection was lost/,
    ],
    [
      'drops a session that it keeps',
      (text: string) => text.replace('neighbor 10.0.0.0 remote-as 65000', 'neighbor 10.0.0.0 remote-as 65999'),
      /10\.0\.0\.0: was Established/,
    ],
    [
      'leaves a session Established whose packets go nowhere',
      (text: string) => text.replace('!\ninterface eth1', '!\nip route 10.0.0.0/32 Null0\n!\ninterface eth1'),
      /10\.0\.0\.0: /,
    ],
    [
      'denies all routes of sessions that stay up',
      (text: string) =>
        text.replace(
          'route-map FABRIC-IN permit 10',
          'route-map FABRIC-IN deny 5\nexit\n!\nroute-map FABRIC-IN permit 10',
        ),
      /prefixes fell/,
    ],
  ])('that %s is undone, and the job says which check failed', async (_, change, why) => {
    const { lab, store, texts } = plumb;
    await bgpUp(lab, 'leaf1', 2);
    const before = [await lab.runningConfig('leaf1'), await lab.startupConfig('leaf1')];
    const gateway = lab.router('leaf1').host.replace(/\d+$/, '1');
    const bad = change(texts.leaf1, gateway);
    expect(bad).not.toBe(texts.leaf1);
    const job = await deployTo(store, 'leaf1', bad, short);
    expect(job.outcome).toMatchObject({ kind: 'failed', code: 'check_failed', detail: expect.stringMatching(why) });
    expect(job.steps.find(({ detail }) => detail?.includes('undone by'))).toBeDefined();
    expect([await lab.runningConfig('leaf1'), await lab.startupConfig('leaf1')]).toEqual(before);
    expect(await lab.console('leaf1', 'ls /run/plumbline/$PS 2>/dev/null || true')).toBe('');
    await bgpUp(lab, 'leaf1', 2);
    // tried once: the same text again is answered, not deployed
    expect((await deployTo(store, 'leaf1', bad, short)).outcome).toMatchObject({ code: 'conflict' });
  });

  it('shows drift that someone made on the router', async () => {
    const { lab, store, texts } = plumb;
    expect((await deployTo(store, 'leaf2', texts.leaf2)).outcome?.kind).toBe('unchanged');
    await lab.vtysh('leaf2', 'configure terminal', 'interface lo', 'description by hand');
    const state = async () => (await getRecord(store.state, DeviceState, 'leaf2'))?.value;
    await expect.poll(async () => (await state())?.reason, { timeout: 30_000 }).toContain('drift');
    expect((await state())?.sync).toBe('out_of_sync');
    expect((await deployTo(store, 'leaf2', texts.leaf2)).outcome?.kind).toBe('applied');
    await expect.poll(async () => (await state())?.sync, { timeout: 30_000 }).toBe('in_sync');
  });
});
