import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { publishIntent } from '../../core/store/intents.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import type { Store } from '../../core/store/store.ts';
import { startSshd } from '../../lab/login/sshd.ts';
import { targetOf } from '../../lab/proof/target.ts';
import { linux } from '../../runners/drivers/linux/platform.ts';
import { startRunner } from '../../runners/main.ts';
import { natsForTest } from '../nats.ts';
import { describeWith, sshd } from '../real.ts';
import { deviceForTest, jobAt } from '../runner.ts';

const names = ['web-a', 'web-b', 'web-c', 'web-d', 'web-e'];

const publish = async (store: Store, name: string, text: string): Promise<string> => {
  const job = newJob(name, 'deploy');
  await putJob(store, job);
  await publishIntent(store, name, text, { fromSource: true, job: job.id });
  return job.id;
};

describeWith(sshd, 'five devices that are one server', () => {
  it('are changed one after the other, and none of their jobs fails', { timeout: 300_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumb-parts-'));
    const disk = mkdtempSync(join(tmpdir(), 'plumb-disk-'));
    using _ = {
      [Symbol.dispose]: () => {
        for (const each of [folder, disk]) rmSync(each, { recursive: true, force: true });
      },
    };
    await using login = await startSshd({ disk });
    await using nats = await natsForTest();
    const { store } = nats;
    const devices = names.map((name) => {
      const options = { files: [join(folder, name)] };
      const { device } = targetOf({ name, platform: 'linux', port: login.port, options }, login);
      writeFileSync(join(folder, name), `${name}\none\ntwo\nthree\n`);
      const { policy } = deviceForTest();
      return [name, { ...device, policy, credentials: { username: 'root', key: { literal: login.key } } }] as const;
    });
    await using _runner = await startRunner({
      store,
      inventory: { site: 'dc1', lab: true, path: '/dev/null', devices: new Map(devices) },
      driverFor: () => linux,
      knownHosts: login.knownHosts,
      log: pino({ level: process.env.PLUMB_TEST_LOG ?? 'silent' }),
      version: 'test',
      settled: true,
    });
    const textOf = (name: string, note: string) => `==> ${join(folder, name)} 0644 <==\n${name}\n${note}\ntwo\nthree\n`;
    const deploy = async (note: string, some: readonly string[]) => {
      const startedMs = performance.now();
      const ids = await Promise.all(some.map((name) => publish(store, name, textOf(name, note))));
      const jobs = await Promise.all(ids.map((id) => jobAt(store, id)));
      return { tookMs: performance.now() - startedMs, jobs };
    };
    const before = await deploy('alone', ['web-a']);
    const together = await deploy('together', names);
    expect(together.jobs.map(({ outcome }) => outcome)).toEqual(names.map(() => ({ kind: 'applied' })));
    for (const name of names) expect(readFileSync(join(folder, name), 'utf8')).toContain('together');
    const after = await deploy('alone again', ['web-a']);
    const aloneMs = Math.max(before.tookMs, after.tookMs); // as busy as the machine is now
    expect(together.tookMs).toBeLessThan(names.length * 2 * aloneMs + 5_000); // with a back-off it was 34 s for 1.8 s
    const waited = together.jobs.filter(({ steps }) =>
      steps.some(({ detail }) => detail?.startsWith('waiting for its')),
    );
    expect(waited.length).toBeGreaterThan(0);
  });
});
