import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeviceState, type Job } from '../../core/bus.ts';
import { defaultPolicy } from '../../core/inventory/schema.ts';
import { ask } from '../../core/store/ask.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import { getRecord } from '../../core/store/records.ts';
import { type BirdLab, startBirds } from '../../lab/bird/bird.ts';
import { targetOf } from '../../lab/proof/target.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { type RunnerHandle, startRunner } from '../../runners/main.ts';
import { natsForTest } from '../nats.ts';
import { describeWith, sshd } from '../real.ts';
import { jobAt } from '../runner.ts';
import { eventually } from '../unit/watcher/site.ts';

/** A kernel table that nothing else uses: what is installed there routes nothing. */
const kernel = 'protocol kernel { kernel table 4711; ipv4 { export all; }; }';

describeWith(['/usr/sbin/bird', ...sshd], 'the health of a real BIRD', () => {
  let lab: BirdLab;
  let nats: Awaited<ReturnType<typeof natsForTest>>;
  let runner: RunnerHandle;
  const good = () => lab.text({ more: kernel });

  beforeAll(async () => {
    lab = await startBirds();
    nats = await natsForTest();
    const options = { config: lab.config, socket: lab.socket };
    const { device, knownHosts } = targetOf({ platform: 'bird', port: lab.login.port, options }, lab.login);
    const credentials = { username: 'root', key: { literal: lab.login.key } };
    const policy = { ...defaultPolicy, firstDeployment: 'auto' as const, pollSeconds: 1 };
    runner = await startRunner({
      store: nats.store,
      inventory: {
        site: 'dc1',
        lab: true,
        path: '/dev/null',
        devices: new Map([[device.name, { ...device, credentials, policy }]]),
      },
      driverFor,
      knownHosts,
      log: pino({ level: 'silent' }),
      version: 'test',
      settled: true,
    });
    expect((await deploy(good())).outcome).toEqual({ kind: 'applied' });
    // what is not up before a deployment is not compared by it
    const sessions = async () => (await getRecord(nats.store.state, DeviceState, 'r1'))?.value.bgp;
    await eventually(async () => expect((await sessions())?.established).toBe(1), 60_000);
  });
  afterAll(async () => {
    await runner?.[Symbol.asyncDispose]();
    await nats?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
  });

  const deploy = async (text: string): Promise<Job> => {
    const job = newJob('r1', 'deploy');
    await putJob(nats.store, job);
    await publishIntent(nats.store, 'r1', text, { fromSource: true, job: job.id });
    return jobAt(nats.store, job.id);
  };

  it('is compared, and told in the job', async () => {
    const job = await deploy(lab.text({ more: `${kernel}\n# a comment` }));
    expect(job.outcome).toEqual({ kind: 'applied' });
    const told = job.checks.map(({ name, on, ok, detail }) => `${ok} ${name} ${on}: ${detail}`);
    expect(told).toContain('true sent 127.0.0.2: prefixes sent: ipv4 1');
    expect(told).toContain('true rib 1 of 1 tables of learned routes: as before: master4 bgp 1 → 1');
    expect(told).toContain('true fib 1 of 1 tables of installed routes: as before: master4 2 → 2');
    expect(told.find((line) => line.startsWith('true interfaces'))).toMatch(/as before: .*\blo\b/);
  });

  it.each([
    [
      'an export filter',
      'import all; export all; };\n}',
      'import all; export none; };\n}',
      /sent 127\.0\.0\.2: .*ipv4 1 → 0/,
    ],
    [
      'a filter to the kernel',
      '4711; ipv4 { export all; }',
      '4711; ipv4 { export none; }',
      /fib master4: 2 routes → 0/,
    ],
    [
      'a password',
      'multihop; description',
      'multihop; password "x"; description',
      /127\.0\.0\.2: was Est.*TCP MD5.*does not recover/,
    ],
    ['another AS', 'as 65002;', 'as 65999;', /127\.0\.0\.2: was Established.*Bad peer AS.*does not recover/],
  ])('lets nothing be lost by %s', async (_, from, to, why) => {
    // an undone trial resets the session: what is down cannot be lost
    const output = async () =>
      (await ask(nats.store, 'r1', 'command', { command: 'show protocols two' })) as { output: string };
    await expect.poll(async () => (await output()).output, { timeout: 30_000 }).toContain('Established');
    const before = readFileSync(lab.config, 'utf8');
    const bad = good().replace(from, to);
    expect(bad).not.toBe(good());
    const job = await deploy(bad);
    expect(job.outcome).toMatchObject({ code: 'check_failed', detail: expect.stringMatching(why) });
    expect(readFileSync(lab.config, 'utf8')).toBe(before);
    const checking = job.steps.find(({ step }) => step === 'checking');
    expect(Date.parse(checking?.endedAt ?? '') - Date.parse(checking?.startedAt ?? '')).toBeLessThan(40_000);
  });
});
