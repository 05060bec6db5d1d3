import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { DeviceState, type Job, subjects } from '../../core/bus.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { getJob, listJobs, newJob, putJob } from '../../core/store/jobs.ts';
import { getRecord } from '../../core/store/records.ts';
import { connectNats } from '../../core/store/server/connect.ts';
import { startNatsServer } from '../../core/store/server/nats-server.ts';
import { openStore, type Store } from '../../core/store/store.ts';
import { held } from '../drivers/held.ts';
import { killSteps } from '../runner-process.ts';
import { tcpProxy } from '../tcp-proxy.ts';

// long enough that no guard takes a changed line for a fall
const ports = Array.from(
  { length: 20 },
  (_, port) => `interface Ethernet${port + 1}\n   description port ${port + 1}\n!\n`,
).join('');
const config = (more = '') => `! device: leaf1 (vEOS-lab, EOS-4.32.2F)\n!\nhostname leaf1\n!\n${ports}${more}end\n`;
const wanted = config('interface Loopback7\n!\n');

/** What a text configures, without what the device adds and leaves out. */
const lines = (text: string) => text.split('\n').filter((line) => /^interface|^ {3}description/.test(line));

/** Resolves once the job has come to a step. */
const comesTo = async (store: Store, id: string, step: string): Promise<void> => {
  const told = store.nc.subscribe(subjects.stored('dc1', 'job', 'leaf1', id));
  await store.nc.flush();
  const has = (job: Job | undefined) => job?.state === step || job?.steps.some((one) => one.step === step);
  if (has(await getJob(store, id, 'leaf1'))) return;
  for await (const message of told) if (has(message.json<Job>())) break;
};

/** The lease ends 8.5 s after its last renewal: one is over before, and one is not. */
const lengths = { short: 4_000, long: 16_000 } as const;
const ways = ['cut', 'silent', 'stopped'] as const;

describe.each(ways)('a deployment whose NATS is %s', (way) => {
  describe.each(['short', 'long'] as const)('for a %s time', (length) => {
    it.concurrent.for(killSteps)(
      'from "%s" on leaves a known state, and its record is right in the end',
      { timeout: 180_000 },
      async (step, { expect }) => {
        const folder = await mkdtemp(join(tmpdir(), 'plumb-away-'));
        const server = await startNatsServer(folder);
        await using proxy = await tcpProxy(Number(new URL(server.url).port));
        const near = await connectNats({ url: server.url, name: 'near' });
        const far = await connectNats({ url: `nats://127.0.0.1:${proxy.port}`, name: 'far' });
        const store = await openStore(near, 'dc1');
        const runner = await held(await openStore(far, 'dc1'), 'ssh', { platform: 'eos', config: config() });
        const { sim } = runner;
        const stateOf = async () => (await getRecord(store.state, DeviceState, 'leaf1'))?.value;
        try {
          await expect.poll(async () => (await stateOf())?.session.state, { timeout: 90_000 }).toBe('connected');
          const job = newJob('leaf1', 'deploy');
          await putJob(store, job);
          const reached = comesTo(store, job.id, step);
          await publishIntent(store, 'leaf1', wanted, { fromSource: true, job: job.id });
          await reached;
          if (way === 'cut') proxy.cut();
          if (way === 'silent') proxy.silence();
          if (way === 'stopped') process.kill(server.pid, 'SIGSTOP');
          await wait(lengths[length]);
          // whatever became of it, the device runs the one or the other, whole
          expect([config(), wanted].map(lines)).toContainEqual(lines(sim.running));
          if (way === 'stopped') process.kill(server.pid, 'SIGCONT');
          else proxy.open();
          const why = async () => {
            const { sync, reason } = (await stateOf().catch(() => undefined)) ?? {};
            return `${sync} ${reason}`;
          };
          await expect.poll(why, { timeout: 90_000, interval: 200 }).toBe('in_sync ');
          expect(sim.running).toContain('Loopback7');
          expect(sim.startup).toContain('Loopback7');
          expect((await stateOf())?.trial).toBeNull();
          await expect
            .poll(async () => (await getJob(store, job.id, 'leaf1'))?.state, { timeout: 90_000 })
            .toBe('finished');
          const { jobs } = await listJobs(store, { devices: ['leaf1'], kind: 'deploy' });
          for (const one of jobs) expect(one.state).toBe('finished');
          expect(jobs.map(({ outcome }) => outcome?.kind)).toContain('applied');
        } finally {
          if (way === 'stopped') process.kill(server.pid, 'SIGCONT');
          proxy.open();
          await runner[Symbol.asyncDispose]();
          await near.close();
          await far.close();
          await server[Symbol.asyncDispose]();
          await rm(folder, { recursive: true, force: true });
        }
      },
    );
  });
});
