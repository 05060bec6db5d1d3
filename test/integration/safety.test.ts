import { readFile, writeFile } from 'node:fs/promises';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeviceState } from '../../core/bus.ts';
import { ask } from '../../core/store/ask.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { listJobs } from '../../core/store/jobs.ts';
import { getRecord, listRecords } from '../../core/store/records.ts';
import { describeLab } from '../lab.ts';
import { deployTo, labRunner, logged, type PlumbLab, plumbLab } from '../plumb-lab.ts';
import { jobAt } from '../runner.ts';

describeLab('a real router', () => {
  let plumb: PlumbLab;
  beforeAll(async () => {
    plumb = await plumbLab();
  });
  afterAll(async () => plumb?.[Symbol.asyncDispose]());

  const leaf1 = async () => [await plumb.lab.runningConfig('leaf1'), await plumb.lab.startupConfig('leaf1')];

  it.each<[string, (text: string) => string | Uint8Array, RegExp]>([
    ['empty', () => '', /is empty/],
    ['binary', (text) => Uint8Array.from([...Buffer.from(text), 0, 1, 2, 255]), /NUL/],
    [
      'full of conflict marks',
      (text) => `<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`,
      /line 1: a conflict mark/,
    ],
    ['for another host name', (text) => text.replace('hostname leaf1', 'hostname leaf2'), /host name "leaf2"/],
    [
      'short of 40 % of the lines',
      (text) =>
        text
          .split('\n')
          .slice(0, Math.ceil(text.split('\n').length * 0.6))
          .join('\n'),
      /\d+ % fewer/,
    ],
    ['5 MB long', (text) => text + '!\n'.repeat(2_500_000), /bytes/],
  ])('is not touched by a text that is %s', async (_, change, why) => {
    const before = await leaf1();
    const { outcome } = await deployTo(plumb.store, 'leaf1', change(plumb.texts.leaf1));
    expect(outcome).toMatchObject({ kind: 'failed', code: 'refused', detail: expect.stringMatching(why) });
    expect(await leaf1()).toEqual(before);
  });

  it("is deployed to by a bare text from anyone's client, and answers a bare request with text", async () => {
    const { lab, store, nats, texts } = plumb;
    await using stranger = Object.assign(await connect({ servers: nats.url }), {
      [Symbol.asyncDispose]: async () => stranger.close(),
    });
    const output = await stranger.request('dc1.leaf1.command', 'show version', { timeout: 10_000 });
    expect(output.string()).toMatch(/^FRRouting 8/);
    const text = texts.leaf1.replace(/^ description loopback.*$/m, ' description loopback by a stranger');
    const jobs = watchJob(store, '*', AbortSignal.timeout(60_000), 'leaf1');
    const done = (async () => {
      for await (const job of jobs) if (job.kind === 'deploy' && job.state === 'finished') return job;
      return undefined;
    })();
    await store.nc.flush();
    stranger.publish('dc1.leaf1.configure', text);
    expect((await done)?.outcome).toEqual({ kind: 'applied' });
    expect(await lab.runningConfig('leaf1')).toContain('by a stranger');
  });

  it('goes back to what ran before a deployment, and stays there until other content comes', async () => {
    const { lab, store, texts } = plumb;
    const text = texts.leaf1.replace(/^ description loopback.*$/m, ' description loopback new');
    const before = await lab.runningConfig('leaf1');
    const deployed = await deployTo(store, 'leaf1', text);
    expect(deployed.outcome).toEqual({ kind: 'applied' });
    const { job } = (await ask(store, 'leaf1', 'rollback', { to: deployed.id })) as { job: string };
    expect((await jobAt(store, job)).outcome).toEqual({ kind: 'applied' });
    expect(await lab.runningConfig('leaf1')).toBe(before);
    expect((await deployTo(store, 'leaf1', text)).outcome).toMatchObject({ code: 'conflict' });
    expect((await getRecord(store.state, DeviceState, 'leaf1'))?.value.blocked).toMatchObject([
      { why: 'rolled_back', job },
    ]);
    expect((await deployTo(store, 'leaf1', texts.leaf1)).outcome?.kind).toBe('applied');
  });

  it('keeps its passwords to itself: no log, diff, job, reply or record holds one', async () => {
    const { lab, store, texts } = plumb;
    const canaries = ['canary-bgp-7713', 'canary-vty-8824', 'canary-key-9935'];
    const text = texts.leaf2
      .replaceAll('plumb-lab', canaries[0] ?? '')
      .replace('service integrated-vtysh-config\n', `service integrated-vtysh-config\npassword ${canaries[1]}\n`)
      .replace('!\nend', `!\nkey chain CANARY\n key 1\n  key-string ${canaries[2]}\n exit\nexit\n!\nend`);
    const spine = texts.spine1.replaceAll('plumb-lab', canaries[0] ?? '');
    await deployTo(store, 'leaf2', text, { confirmSeconds: 14 }); // one end alone: the session drops and it is undone
    await deployTo(store, 'leaf2', text.replace(/^ neighbor .* password .*\n/gm, ''), { confirmSeconds: 14 });
    await deployTo(store, 'spine1', spine, { confirmSeconds: 14 });
    await deployTo(store, 'leaf2', `${text}this is no command ${canaries[1]}\n password ${canaries[1]}\n`);
    await lab.vtysh('leaf2', 'configure terminal', 'interface lo', 'description drifted');
    const replies = [
      await ask(store, 'leaf2', 'config', {}),
      await ask(store, 'leaf2', 'config', { from: 'startup' }),
      await ask(store, 'leaf2', 'command', { command: 'show running-config' }),
      await ask(store, 'leaf2', 'diff', { config: text }).catch(String),
      await ask(store, 'leaf2', 'facts', {}),
      await ask(store, 'leaf2', 'bgp', {}),
    ];
    const { jobs } = await listJobs(store, { limit: 200 });
    const states = [...(await listRecords(store.state, DeviceState)).values()];
    const everything = JSON.stringify([replies, jobs, states, logged]);
    expect(jobs.length).toBeGreaterThan(8);
    for (const canary of [...canaries, 'plumb-lab', 'PRIVATE KEY']) expect(everything).not.toContain(canary);
    const key = (await readFile(lab.key, 'utf8')).split('\n')[1] ?? '';
    expect(everything).not.toContain(key);
    expect(everything).toContain('<secret>'); // something was there to be masked
  });
});

describeLab('a router whose host key changed', () => {
  it('is refused before any password or key is sent', async () => {
    await using plumb = await plumbLab({ runner: false });
    const { lab, store, texts } = plumb;
    const { knownHosts } = lab.target('leaf1');
    const pinned = await readFile(knownHosts, 'utf8');
    const { host } = lab.router('leaf1');
    const [spine] = pinned.split('\n').filter((line) => line.startsWith(`${lab.router('spine1').host} `));
    const changed = pinned.replace(new RegExp(`^${host} .*$`, 'm'), `${host} ${spine?.split(' ').slice(1).join(' ')}`);
    await writeFile(knownHosts, changed);
    await using _runner = await labRunner(store, lab, ['leaf1']);
    const before = await lab.runningConfig('leaf1');
    const job = await deployTo(store, 'leaf1', texts.leaf1);
    expect(job.outcome).toMatchObject({
      kind: 'failed',
      code: 'host_key_changed',
      hint: expect.stringContaining('plumb trust leaf1'),
    });
    expect(await lab.runningConfig('leaf1')).toBe(before);
    await writeFile(knownHosts, pinned);
    await bgpUpAfter(plumb);
  });
});

/** The deployment that was retried reached the router: its neighbours are configured. */
const bgpUpAfter = async ({ lab }: PlumbLab) =>
  expect.poll(() => lab.runningConfig('leaf1'), { timeout: 60_000 }).toContain('neighbor 10.0.0.0 remote-as 65000');
