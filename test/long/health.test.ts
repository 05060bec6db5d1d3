import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job } from '../../core/bus.ts';
import type { RouterName } from '../../lab/frr/topology.ts';
import { describeLab, type TestLab } from '../lab.ts';
import { bgpUp, deployTo, type PlumbLab, plumbLab, publishTo } from '../plumb-lab.ts';
import { jobAt } from '../runner.ts';

const ids = { spine1: '10.255.0.11', leaf1: '10.255.0.21', leaf2: '10.255.0.22' };

/** A router's text with OSPF on its first link, hellos each second. */
const withOspf = (text: string, name: RouterName) =>
  text
    .replace(
      'interface eth1\n',
      'interface eth1\n ip ospf area 0\n ip ospf dead-interval 4\n ip ospf hello-interval 1\n ip ospf network point-to-point\n',
    )
    .replace('!\nip prefix-list', `!\nrouter ospf\n ospf router-id ${ids[name]}\nexit\n!\nip prefix-list`);

/** Resolves once leaf1 and spine1 are neighbours. */
const adjacencyUp = async (lab: TestLab) => {
  const untilMs = performance.now() + 30_000;
  while (!/Full\//.test(await lab.vtysh('leaf1', 'show ip ospf neighbor'))) {
    if (performance.now() > untilMs) throw new Error('leaf1 and spine1 did not become neighbours');
    await new Promise((resolve) => setTimeout(resolve, 100)); // a console has no events
  }
};

const secondsOf = (job: Job, step: string) => {
  const { startedAt = '', endedAt = '' } = job.steps.find((one) => one.step === step) ?? {};
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
};

describeLab('the health of a real router', () => {
  let plumb: PlumbLab;
  let good: string;
  const short = { confirmSeconds: 20 };

  beforeAll(async () => {
    plumb = await plumbLab({ daemons: ['ospfd'] });
    const { lab, store, texts } = plumb;
    await lab.console(
      'leaf1',
      `ip link add eth9 type veth peer name eth9p netns ${lab.router('spine1').namespace}; ip link set eth9 up`,
    );
    await lab.console('spine1', 'ip link set eth9p up');
    const jobs = await Promise.all([
      deployTo(store, 'spine1', withOspf(texts.spine1, 'spine1')),
      deployTo(store, 'leaf1', withOspf(texts.leaf1, 'leaf1')),
    ]);
    expect(jobs.map(({ outcome }) => outcome?.kind)).toEqual(['applied', 'applied']);
    good = withOspf(texts.leaf1, 'leaf1');
    await adjacencyUp(lab);
  });
  afterAll(async () => plumb?.[Symbol.asyncDispose]());

  /** Deploys what must not stay, and looks that it did not. */
  const undone = async (text: string, meta: { confirmSeconds?: number } = short): Promise<Job> => {
    const { lab, store } = plumb;
    expect(text).not.toBe(good);
    await bgpUp(lab, 'leaf1', 2);
    const before = await lab.runningConfig('leaf1');
    const job = await deployTo(store, 'leaf1', text, meta);
    expect(job.outcome).toMatchObject({ kind: 'failed', code: 'check_failed' });
    expect(await lab.runningConfig('leaf1')).toBe(before);
    return job;
  };

  it('is compared whole, and told in the job', async () => {
    const job = await deployTo(plumb.store, 'leaf1', good.replace('description loopback', 'description loopback 1'));
    expect(job.outcome).toEqual({ kind: 'applied' });
    const told = job.checks.map(({ name, on, ok, detail }) => `${ok} ${name} ${on}: ${detail}`);
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^true bgp 10\.0\.0\.0: Established/),
        'true sent 10.0.0.0: prefixes sent: ipv4 5',
        'true sent fd00::: prefixes sent: ipv6 5',
        expect.stringMatching(
          /^true rib 3 of 3 tables of learned routes: as before: global ipv4 ospf 1 → 1, global ipv4 bgp 3 → 3, global ipv6 bgp 3 → 3/,
        ),
        expect.stringMatching(/^true fib 2 of 2 tables of installed routes: as before: global ipv4 3 → 3/),
        'true interfaces 4 of 4 interfaces: as before: eth0, eth1, eth9, lo',
        'true ospf 1 of 1 OSPF adjacencies: as before: 10.255.0.11 on eth1',
      ]),
    );
    expect(told.filter((line) => !line.startsWith('true'))).toEqual([]);
    good = good.replace('description loopback', 'description loopback 1');
  });

  it('lets no outbound filter take the routes from the neighbours', async () => {
    const job = await undone(
      good.replace(
        'route-map FABRIC-OUT permit 10',
        'route-map FABRIC-OUT deny 5\nexit\n!\nroute-map FABRIC-OUT permit 10',
      ),
    );
    expect(job.outcome).toMatchObject({
      detail: expect.stringContaining('sent 10.0.0.0: prefixes sent fell by more than 10 %: ipv4 5 → 0'),
    });
  });

  it.each([
    [
      'from BGP to zebra',
      (text: string) =>
        text
          .replace('  network 10.255.0.21/32\n', '  table-map NOTHING\n  network 10.255.0.21/32\n')
          .replace(
            'route-map FABRIC-OUT permit 10',
            'route-map NOTHING deny 10\nexit\n!\nroute-map FABRIC-OUT permit 10',
          ),
      /rib global ipv4 bgp: 3 routes → 0, more than 10 % fewer/,
    ],
    [
      'from zebra to the kernel',
      (text: string) =>
        text
          .replace('!\nend', '!\nip protocol bgp route-map NOTHING\n!\nend')
          .replace(
            'route-map FABRIC-OUT permit 10',
            'route-map NOTHING deny 10\nexit\n!\nroute-map FABRIC-OUT permit 10',
          ),
      /fib global ipv4: 3 routes → 0, more than 10 % fewer/,
    ],
  ])('lets no filter %s take its own routes', async (_, change, why) => {
    expect((await undone(change(good))).outcome).toMatchObject({ detail: expect.stringMatching(why) });
  });

  it('lets no adjacency of OSPF be lost that the text keeps, although it stays up for its dead interval', async () => {
    const job = await undone(good.replace('dead-interval 4', 'dead-interval 5'));
    expect(job.outcome).toMatchObject({
      detail: expect.stringMatching(/ospf 10\.255\.0\.11 on eth1: was Full\/-, is gone/),
    });
  });

  it('does not hold against a change what it takes away by intent', async () => {
    const { store, lab } = plumb;
    const text = good
      .replace(/ ip ospf .*\n/g, '')
      .replace(/router ospf\n.*\nexit\n!\n/, '')
      .replace('!\ninterface lo', '!\ninterface eth9\n shutdown\nexit\n!\ninterface lo')
      .replace('  network 192.168.1.0/24\n', '');
    const job = await deployTo(store, 'leaf1', text);
    expect(job.outcome).toEqual({ kind: 'applied' });
    const told = job.checks.map(({ name, on, detail }) => `${name} ${on}: ${detail}`);
    expect(told).toContain('ospf 1 of 1 OSPF adjacencies: removed by the intent: 10.255.0.11 on eth1');
    expect(told).toContain('interfaces 1 of 4 interfaces: removed by the intent: eth9');
    expect(told).toContain('sent 10.0.0.0: prefixes sent: ipv4 4');
    expect((await deployTo(store, 'leaf1', good)).outcome).toEqual({ kind: 'applied' });
    await lab.console('leaf1', 'ip link set eth9 up');
    await adjacencyUp(lab);
  });

  it('lets no interface go down that the text does not shut', async () => {
    const { store, lab } = plumb;
    const text = good.replace('description loopback 1', 'description loopback 2');
    const id = await publishTo(store, 'leaf1', text, short);
    await jobAt(store, id, 'checking');
    await lab.console('leaf1', 'ip link set eth9 down');
    const job = await jobAt(store, id);
    expect(job.outcome).toMatchObject({
      code: 'check_failed',
      detail: expect.stringMatching(/interfaces eth9: was up, is admin down/),
    });
    await lab.console('leaf1', 'ip link set eth9 up');
  });

  it.each([
    [
      'another AS',
      'neighbor 10.0.0.0 remote-as 65000',
      'neighbor 10.0.0.0 remote-as 65999',
      /Bad Peer AS.*does not recover/,
    ],
    [
      'another password',
      'neighbor 10.0.0.0 password plumb-lab',
      'neighbor 10.0.0.0 password wrong',
      /TCP MD5.*does not recover/,
    ],
    ['no password', ' neighbor 10.0.0.0 password plumb-lab\n', '', /TCP MD5.*does not recover/],
  ])('ends the trial at once where a session can never come up: %s', async (_, from, to, why) => {
    const job = await undone(good.replace(from, to), {});
    expect(job.confirmSeconds).toBe(180);
    expect(job.outcome).toMatchObject({ detail: expect.stringMatching(why) });
    expect(secondsOf(job, 'checking')).toBeLessThan(30);
  });
});
