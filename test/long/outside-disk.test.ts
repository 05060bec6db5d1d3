import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepNatsServer } from '../../cli/up/nats.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { getJob } from '../../core/store/jobs.ts';
import { connectNats } from '../../core/store/server/connect.ts';
import { openStore } from '../../core/store/store.ts';
import { describeWith } from '../real.ts';
import { runnerProcess } from '../runner-process.ts';
import { allWell, patient, publishAll, shutInTrial } from '../subjects/deployed.ts';
import { startSubjects } from '../subjects/subjects.ts';
import { plumb } from '../unit/cli/terminal.ts';

describeWith(['root'], 'a disk that is full', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-small-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]);
  });
  afterEach(async () => {
    execFileSync('umount', ['-l', folder]);
    await rm(folder, { recursive: true, force: true });
  });

  const filler = () => join(folder, 'filler');
  const fill = () => {
    const { bavail, bsize } = statfsSync(folder);
    try {
      writeFileSync(filler(), Buffer.alloc(bavail * bsize + 1024 * 1024));
    } catch {} // so it is
  };

  it('stops deployments in their trial and is told; with room again everything goes on by itself', async () => {
    let said = '';
    await using server = await keepNatsServer(folder, '', (text) => (said += text));
    const nc = await connectNats({ url: server.url, name: 'test' });
    const store = await openStore(nc, 'dc1');
    await using subjects = await startSubjects(['eos-ssh', 'ios-ssh', 'linux']);
    const runner = runnerProcess(subjects.folder, server.url, '--settled');
    try {
      const isWell = (number: number) => allWell(store, subjects, number);
      await publishAll(store, subjects, 0);
      await isWell(0);
      const jobs = await shutInTrial(store, subjects, 1);
      fill();
      for (const { name } of subjects.all) subjects.gate(name).open();
      await expect.poll(() => said, patient).toContain(`warning: the disk of ${folder} is full`);
      await expect.poll(() => runner.printed(), patient).toContain('cannot write the heartbeat: ');
      const status = await plumb(subjects.folder, ['status'], { nats: server.url });
      expect(status).toMatchObject({
        code: 2,
        err: expect.stringMatching(/does its disk have room \(if not, make some and restart/),
      });
      rmSync(filler());
      await isWell(1);
      await expect.poll(() => said, patient).toContain('there is room on the disk again');
      for (const [name, id] of jobs)
        expect(await getJob(store, id, name), name).toMatchObject({ state: 'finished', outcome: { kind: 'applied' } });
      await publishAll(store, subjects, 2);
      await isWell(2);
    } finally {
      await runner.kill();
      await nc.close();
    }
  }, 240_000);

  it('does not keep nats-server from being stopped', async () => {
    const server = await keepNatsServer(folder, '', () => {});
    const nc = await connectNats({ url: server.url, name: 'test' });
    const store = await openStore(nc, 'dc1');
    fill();
    await expect(
      (async () => {
        for (let at = 0; at < 500; at++) await publishIntent(store, `leaf${at}`, 'x'.repeat(1_000), {});
      })(),
    ).rejects.toThrow();
    await nc.close();
    const beganMs = performance.now();
    await server[Symbol.asyncDispose]();
    expect(performance.now() - beganMs).toBeLessThan(15_000);
  });
});
