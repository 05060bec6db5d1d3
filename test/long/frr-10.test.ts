import { appendFile, readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeviceState, type Job } from '../../core/bus.ts';
import { defaultPolicy, type Inventory } from '../../core/inventory/schema.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import { getRecord } from '../../core/store/records.ts';
import { sh } from '../../lab/frr/shell.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { type RunnerHandle, startRunner } from '../../runners/main.ts';
import { change } from '../integration/frr-texts.ts';
import { natsForTest } from '../nats.ts';
import { jobAt } from '../runner.ts';
import { bootMachine, type Machine } from './frr-machine.ts';
import { describeRelease } from './frr-releases.ts';

const daemons = ['staticd', 'bgpd', 'ospfd', 'bfdd'];
const ports = { leaf1: 'eth1', spine1: 'eth2' } as const;
const soon = { timeout: 100_000, interval: 100 };
type Name = keyof typeof ports;

/** A whole configuration as FRR 10.3 prints it. */
const fabric = (name: Name): string => {
  const [as, id, own, other, peer] =
    name === 'leaf1'
      ? [65001, '10.255.0.21', '10.0.0.1', '10.0.0.0', 65000]
      : [65000, '10.255.0.11', '10.0.0.0', '10.0.0.1', 65001];
  return `frr version 10.3
frr defaults traditional
hostname ${name}
service integrated-vtysh-config
!
ip prefix-list LOOPBACKS seq 5 permit 10.255.0.0/24 ge 32
!
route-map IN permit 10
 match ip address prefix-list LOOPBACKS
exit
!
route-map OUT permit 10
exit
!
ip route 198.51.100.0/24 Null0 tag 7
!
interface ${ports[name]}
 ip address ${own}/31
 ip ospf cost 100
exit
!
interface lo
 description loopback
 ip address ${id}/32
exit
!
router bgp ${as}
 bgp router-id ${id}
 timers bgp 1 3
 neighbor ${other} remote-as ${peer}
 neighbor ${other} password plumb-canary
 neighbor ${other} timers connect 1
 !
 address-family ipv4 unicast
  redistribute connected
  neighbor ${other} route-map IN in
  neighbor ${other} route-map OUT out
 exit-address-family
exit
!
router ospf
 ospf router-id ${id}
 network ${own}/32 area 0
exit
!
end
`;
};

await describeRelease('10.3', 'a router that runs FRR 10.3, with mgmtd', (release) => {
  let nats: Awaited<ReturnType<typeof natsForTest>>;
  let runner: RunnerHandle;
  let leaf: Machine;
  let spine: Machine;
  beforeAll(async () => {
    nats = await natsForTest();
    [leaf, spine] = await Promise.all([
      bootMachine(release, 'leaf1', daemons),
      bootMachine(release, 'spine1', daemons),
    ]);
    // leaf1's eth1 to spine1's eth2
    const link = 'nsenter -t "$1" -n ip link set eth2 netns "$2" name eth2; nsenter -t "$2" -n ip link set eth2 up';
    await spine.console('ip link del eth1');
    expect((await sh(link, [leaf.pid, spine.pid])).output).toBe('');
  });
  afterAll(async () => {
    await runner?.[Symbol.asyncDispose]();
    for (const one of [leaf, spine, nats]) await one?.[Symbol.asyncDispose]();
  });

  const machine = (name: Name) => (name === 'leaf1' ? leaf : spine);
  const startup = () => leaf.console('cat /etc/frr/frr.conf');
  const left = () => leaf.console('ls -A /run/plumbline 2>/dev/null || true');

  const deploy = async (name: Name, text: string, confirmSeconds = 60): Promise<Job> => {
    const job = newJob(name, 'deploy');
    await putJob(nats.store, job);
    await publishIntent(nats.store, name, text, { fromSource: true, confirmSeconds, job: job.id });
    return jobAt(nats.store, job.id);
  };

  it('is deployed to, confirmed, saved, and read back', async () => {
    const policy = { ...defaultPolicy, firstDeployment: 'auto', pollSeconds: 1 } as const;
    const devices = new Map((['leaf1', 'spine1'] as const).map((name) => [name, { ...machine(name).device, policy }]));
    const inventory: Inventory = { site: 'dc1', lab: true, path: '/dev/null', devices };
    const { knownHosts } = leaf.target;
    await appendFile(knownHosts, await readFile(spine.target.knownHosts));
    const log = pino({ level: process.env.PLUMB_TEST_LOG ?? 'silent' });
    runner = await startRunner({
      store: nats.store,
      inventory,
      driverFor,
      knownHosts,
      log,
      version: 'test',
      settled: true,
    });
    const jobs = await Promise.all((['leaf1', 'spine1'] as const).map((name) => deploy(name, fabric(name))));
    for (const job of jobs) expect(job.outcome).toEqual({ kind: 'applied' });
    expect(await leaf.running()).toBe(fabric('leaf1'));
    expect(await startup()).toContain(' description loopback\n');
    expect(await left()).toBe('');
    expect((await deploy('leaf1', fabric('leaf1'))).outcome).toEqual({ kind: 'unchanged' });
  });

  it('loses no session to a change of something else, and its checks compare them', async () => {
    type Peers = Record<string, { state: string; pfxRcd: number; connectionsEstablished: number }>;
    const peers = async (): Promise<Peers> =>
      (JSON.parse(await leaf.console("vtysh -c 'show bgp ipv4 unicast summary json'")) as { peers: Peers }).peers;
    const session = async () => (await peers())['10.0.0.0'];
    await expect.poll(session, soon).toMatchObject({ state: 'Established', pfxRcd: 1 });
    const before = await session();
    const text = fabric('leaf1').replace('description loopback', 'description changed');
    const job = await deploy('leaf1', text);
    expect(job.outcome).toEqual({ kind: 'applied' });
    expect(job.diff).toBe(' interface lo\n- description loopback\n+ description changed\n');
    expect(job.checks.filter(({ name }) => name === 'bgp')).toHaveLength(1);
    expect(await session()).toMatchObject({ connectionsEstablished: before?.connectionsEstablished });
    expect(await leaf.running()).toBe(text);
  });

  it('undoes what a check found harmful, to the letter', async () => {
    const before = [await leaf.running(), await startup()];
    const bad = fabric('leaf1').replace(
      'route-map IN permit 10',
      'route-map IN deny 5\nexit\n!\nroute-map IN permit 10',
    );
    const job = await deploy('leaf1', bad, 14);
    expect(job.outcome).toMatchObject({ kind: 'failed', code: 'check_failed' });
    expect([await leaf.running(), await startup()]).toEqual(before);
    expect(await left()).toBe('');
  });

  it('undoes a trial by itself when nobody confirms it', async () => {
    const before = [await leaf.running(), await startup()];
    {
      await using session = await leaf.openSession();
      const candidate = await session.load(`${fabric('leaf1')}ip route 203.0.113.0/24 Null0\n`, 'replace', change());
      await candidate.commit({ confirmSeconds: 10, fence: () => {} });
    }
    expect(await leaf.running()).toContain('ip route 203.0.113.0/24 Null0\n');
    await expect.poll(left, soon).toBe('');
    expect([await leaf.running(), await startup()]).toEqual(before);
  });

  it('refuses a line with its number, and shows what someone typed on the router', async () => {
    const before = await leaf.running();
    const bad = fabric('leaf1').replace(' ip ospf cost 100', ' ip ospf costs 100');
    const line = bad.split('\n').indexOf(' ip ospf costs 100') + 1;
    expect((await deploy('leaf1', bad)).outcome).toMatchObject({ kind: 'failed', code: 'rejected', line });
    expect(await leaf.running()).toBe(before);
    expect((await deploy('leaf1', fabric('leaf1'))).outcome).toEqual({ kind: 'applied' });
    await leaf.console("vtysh -c 'configure terminal' -c 'interface lo' -c 'description by hand'");
    const state = async () => (await getRecord(nats.store.state, DeviceState, 'leaf1'))?.value;
    await expect.poll(async () => (await state())?.sync, soon).toBe('out_of_sync');
    expect((await state())?.reason).toContain('drift');
    const job = await deploy('leaf1', `${fabric('leaf1')}ip route 192.0.2.0/24 Null0\n`);
    expect(job.outcome).toEqual({ kind: 'applied' });
    expect(job.diff).toContain('- description by hand\n');
    await expect.poll(async () => (await state())?.sync, soon).toBe('in_sync');
  });
});
