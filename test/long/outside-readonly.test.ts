import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepNatsServer } from '../../cli/up/nats.ts';
import { watchJob } from '../../core/store/job-watch.ts';
import { listJobs } from '../../core/store/jobs.ts';
import { connectNats } from '../../core/store/server/connect.ts';
import { startNatsServer } from '../../core/store/server/nats-server.ts';
import { openStore } from '../../core/store/store.ts';
import { describeWith } from '../real.ts';
import { runnerProcess } from '../runner-process.ts';
import { allWell, patient } from '../subjects/deployed.ts';
import { startSubjects } from '../subjects/subjects.ts';
import { plumb } from '../unit/cli/terminal.ts';
import { config, makeFolder, openFilesIn, watchStore } from '../unit/watcher/site.ts';

describeWith(['root', '/usr/sbin/mkfs.ext4'], 'a file system of JetStream that the kernel makes read-only', () => {
  let folder = '';
  let image = '';
  const mount = () => execFileSync('mount', ['-o', 'loop,errors=remount-ro', image, folder]);
  /** As after an error of the disk: writers that are open lose it, too. */
  const abort = () => execFileSync('mount', ['-o', 'remount,abort', folder]);
  /**
   * What a person does then: the kernel lets nobody write to it before it was unmounted. Whatever began in a mount
   * namespace of its own since (another test's routers and servers) keeps it mounted there, so a copy of it is mounted.
   */
  const repair = async () => {
    const device = execFileSync('findmnt', ['--noheadings', '--output', 'SOURCE', folder], { encoding: 'utf8' }).trim();
    const unmounted = () => spawnSync('umount', [folder]).status;
    await expect.poll(unmounted, patient).toBe(0); // nats-server is ended
    await wait(2_500); // it is not to be started on the empty folder below
    expect(readdirSync(folder)).toEqual([]);
    spawnSync('sync', [device]); // where it is kept; what the kernel still has of it is in the image then
    const mended = `${image}-mended`;
    copyFileSync(image, mended);
    image = mended;
    mount();
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-read-only-'));
    image = join(await mkdtemp(join(tmpdir(), 'plumb-image-')), 'image');
    writeFileSync(image, '');
    execFileSync('truncate', ['-s', '64M', image]);
    execFileSync('/usr/sbin/mkfs.ext4', ['-q', image]);
    mount();
  });
  afterEach(async () => {
    execFileSync('umount', ['-l', folder]);
    await rm(folder, { recursive: true, force: true });
    await rm(join(image, '..'), { recursive: true, force: true });
  });

  it('is told by whoever would write: what, where, and what to do', async () => {
    await using folderOfUser = await makeFolder(['leaf1']);
    await using server = await startNatsServer(folder);
    const nc = await connectNats({ url: server.url, name: 'test' });
    const store = await openStore(nc, 'dc1');
    const { watcher, story } = watchStore(store, await openFilesIn(folderOfUser.folder));
    await using _watcher = watcher;
    await watcher.ready;
    abort();
    const what = `NATS cannot store anything: the file system of ${folder}/jetstream on its host is read-only`;
    await folderOfUser.write('intended/configs/leaf1.cfg', config('leaf1', 'later'));
    const { problem } = await story.until('problem', ({ about }) => about === 'nats', 30_000);
    expect([problem.message, problem.hint]).toEqual([
      `site dc1: cannot publish: ${what}`,
      expect.stringMatching(/^nothing is lost: .*stop nats-server, repair its disk/),
    ]);
    const { code, err } = await plumb(folderOfUser.folder, ['push', 'leaf1'], { nats: server.url });
    expect([code, err]).toEqual([2, expect.stringContaining(`plumb: ${what}\n  → stop nats-server`)]);
    await nc.close();
  });

  it('stops deployments in their trial and is told; once it is mended all that was saved meanwhile goes out', async () => {
    let said = '';
    await using server = await keepNatsServer(folder, '', (text) => (said += text));
    const nc = await connectNats({ url: server.url, name: 'test' });
    const store = await openStore(nc, 'dc1');
    await using subjects = await startSubjects(['eos-ssh', 'ios-ssh']); // a real one's namespace would keep the mount
    const save = (name: string, number: number) =>
      writeFile(join(subjects.folder, 'intended', 'configs', `${name}.cfg`), subjects.get(name).text(number));
    await mkdir(join(subjects.folder, 'intended', 'configs'), { recursive: true });
    const saveAll = (number: number) => Promise.all(subjects.all.map(({ name }) => save(name, number)));
    await saveAll(0);
    const { watcher, story } = watchStore(store, await openFilesIn(subjects.folder));
    await using _watcher = watcher;
    const runner = runnerProcess(subjects.folder, server.url, '--settled');
    try {
      const isWell = (number: number) => allWell(store, subjects, number);
      await isWell(0);
      execFileSync('sync', ['-f', folder]); // what is older than its last minute is on every disk
      await saveAll(1);
      await Promise.all(
        subjects.all.map(async ({ name }) => {
          for await (const { steps } of watchJob(store, '*', AbortSignal.timeout(30_000), name))
            if (steps.at(-1)?.step === 'checking') break;
          subjects.gate(name).shut();
        }),
      );
      abort();
      for (const { name } of subjects.all) subjects.gate(name).open();
      await expect.poll(() => said, patient).toContain(`warning: the file system of ${folder} is read-only`);
      await saveAll(2); // nobody can be told of it now
      await story.until('problem', ({ about }) => about === 'nats', 30_000);
      await repair();
      await expect.poll(() => said, patient).toContain(`${folder} can be written to again`);
      await isWell(2);
      for (const { name } of subjects.all) {
        const { jobs } = await listJobs(store, { devices: [name] });
        expect(
          jobs.filter(({ state }) => state !== 'finished'),
          name,
        ).toEqual([]);
      }
    } finally {
      await runner.kill();
      await nc.close();
    }
  }, 240_000);
});
