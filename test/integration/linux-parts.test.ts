import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Login, startSshd } from '../../lab/login/sshd.ts';
import { change, commit, fence, forever, targetOf } from '../../lab/proof/target.ts';
import { linux } from '../../runners/drivers/linux/platform.ts';
import * as scripts from '../../runners/drivers/linux/scripts.ts';
import { recoverDevice } from '../../runners/holding/recover.ts';
import { trialName } from '../../runners/trial-name.ts';
import { folderOfAll } from '../folder.ts';
import { leaseForTest } from '../lease.ts';
import { describeWith, sshd } from '../real.ts';

/** Runs `"$@"` with the folder $0 for /var/lib/plumbline, as the server does. */
const beside = ['--mount', 'sh', '-c', 'mount --bind "$0" /var/lib/plumbline && exec "$@"'];

describeWith(sshd, 'two devices that are parts of one server', () => {
  let login: Login;
  const folder = folderOfAll('parts');
  const disk = folderOfAll('disk');
  const file = (name: string) => join(folder, name);
  const text = (name: string, content: string) => `==> ${file(name)} 0644 <==\n${content}\n`;
  const open = (name: string) =>
    linux.open(
      targetOf({ name, platform: 'linux', port: login.port, options: { files: [file(name)] } }, login),
      forever,
    );
  /** What a runner does that takes the device up, with an epoch of `name`'s own. */
  const recover = (session: Awaited<ReturnType<typeof open>>, name: string, epoch: number) =>
    recoverDevice(
      session,
      leaseForTest(name, 'r1', epoch),
      async () => [],
      async () => undefined,
    );

  beforeAll(async () => {
    login = await startSshd({ disk });
  });
  beforeEach(() => {
    rmSync(join(disk, 'linux'), { recursive: true, force: true });
    for (const name of ['web-a', 'web-b']) writeFileSync(file(name), 'one\n');
  });
  afterAll(async () => {
    await login[Symbol.asyncDispose]();
  });

  it('leaves the trial of the other alone, whatever its epoch, and is told whose it is', async () => {
    await using a = await open('web-a');
    await using b = await open('web-b');
    const { trial, name } = await commit(a, text('web-a', 'two'), 60, change(1));
    expect(await recover(b, 'web-b', 7)).toEqual([]);
    expect(await b.pending()).toMatchObject({
      job: undefined,
      owner: expect.stringContaining('web-a'),
      phase: 'armed',
    });
    await using candidate = await b.load(text('web-b', 'two'), 'replace', change(7));
    expect(await candidate.diff()).toContain('+two');
    await expect(candidate.commit({ confirmSeconds: 60, fence })).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/^web-b: trial "plumb-test.*" of web-a, another part of this server/),
    });
    await trial.confirm();
    expect(readFileSync(file('web-a'), 'utf8')).toBe('two\n');
    expect(await a.saved()).toMatchObject([{ job: name.job, outcome: 'applied' }]);
    await (await commit(b, text('web-b', 'two'), 60, change(7))).trial.confirm();
    expect(await a.saved()).toHaveLength(1); // a rollback of one is never to a text of the other
  });

  it('keeps the candidate that the other cleans up beside, and takes its own with it', async () => {
    await using a = await open('web-a');
    await using b = await open('web-b');
    await using candidate = await a.load(text('web-a', 'two'), 'replace', change(1));
    expect(await recover(b, 'web-b', 7)).toEqual([]);
    const trial = await candidate.commit({ confirmSeconds: 60, fence });
    await trial.confirm();
    await using left = await a.load(text('web-a', 'three'), 'replace', change(1));
    expect(await recover(a, 'web-a', 2)).toEqual([expect.stringMatching(/^removed .*d-web-a\/c-plumb-test/)]);
    await expect(left.commit({ confirmSeconds: 60, fence })).rejects.toMatchObject({ code: 'commit_failed' });
  });

  it('finds a server busy where the other was first by a moment, changes nothing, and has its turn after it', async () => {
    await using a = await open('web-a');
    await using b = await open('web-b');
    const mine = change(1);
    await using candidate = await a.load(text('web-a', 'two'), 'replace', mine);
    const name = trialName(mine);
    // the script of the commit, held where it has seen no trial and reads what is to be saved
    const save = spawn(
      'unshare',
      [...beside, disk, 'sh', '-c', scripts.save, 'sh', name, mine.job, '1', mine.sha256, 'true'],
      {
        env: { ...process.env, PLUMB_DEVICE: 'web-a' },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const own = join(disk, 'linux', 'd-web-a');
    const kept = () => readdirSync(own).filter((each) => each.startsWith('s-'));
    await expect.poll(kept).toHaveLength(1);
    const { trial } = await commit(b, text('web-b', 'two'), 60, change(1));
    save.stdin.end(text('web-a', 'one'));
    const [said] = (await once(save.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('busy\n');
    expect(kept()).toEqual([]);
    await expect(candidate.commit({ confirmSeconds: 60, fence })).rejects.toMatchObject({ code: 'locked' });
    await trial.confirm();
    await (await commit(a, text('web-a', 'two'))).trial.confirm();
    expect(['web-a', 'web-b'].map((each) => readFileSync(file(each), 'utf8'))).toEqual(['two\n', 'two\n']);
  });
});
