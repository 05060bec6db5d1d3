import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shortId } from '../../../../cli/output/text.ts';
import { fetchIntent } from '../../../../core/store/intents.ts';
import { getJob, newJob } from '../../../../core/store/jobs.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { natsForTest } from '../../../nats.ts';
import { storeJob } from '../../../stored.ts';
import { type Answers, finish, goodState, holderOf } from '../holder.ts';
import { plumb, repository } from '../terminal.ts';

let nats: Awaited<ReturnType<typeof natsForTest>>;
let repo: Awaited<ReturnType<typeof repository>>;
const scopes: AsyncDisposable[] = [];

beforeAll(async () => {
  nats = await natsForTest();
});
afterAll(() => nats[Symbol.asyncDispose]());
beforeEach(async () => {
  repo = await repository();
});
afterEach(async () => {
  for (const scope of scopes.splice(0)) await scope[Symbol.asyncDispose]();
  for (const bucket of [nats.store.state, nats.store.runners, nats.store.lease, nats.store.inventory]) {
    for (const device of ['leaf1', 'leaf2', 'r1']) await bucket.purge(device);
  }
  await nats.store.jsm.streams.purge('dc1-jobs');
  await nats.store.jsm.streams.purge('dc1-intent');
  await repo[Symbol.asyncDispose]();
});

const hold = async (answers: Answers = {}, devices = ['leaf1', 'leaf2']) => {
  scopes.push(await holderOf(nats.store, devices, answers));
};
const run = (argv: string[], options: Parameters<typeof plumb>[2] = {}) =>
  plumb(repo.folder, argv, { nats: nats.url, ...options });

/** A runner that deploys: it ends the job of every new intent with this outcome. */
const deployEach = async (outcome: NonNullable<Parameters<typeof finish>[3]>, warnings: string[] = []) => {
  const subscription = nats.store.nc.subscribe('dc1.*.configure', {
    callback: (_, message) => {
      const device = message.subject.split('.')[1] ?? '';
      void finish(nats.store, device, message.headers?.get('Plumb-Job') ?? '', outcome, { diff: '+a\n', warnings });
    },
  });
  scopes.push({
    [Symbol.asyncDispose]: async () => subscription.unsubscribe(),
  });
  await nats.store.nc.flush();
};

describe('plumb status', () => {
  it('shows every device in one line and exits 0 where all is fine', async () => {
    await hold();
    for (const device of ['leaf1', 'leaf2']) await putRecord(nats.store.state, device, goodState(device));
    const { code, out } = await run(['status']);
    expect(out).toBe(
      'DEVICE  PLATFORM  SYNC     COMMIT    BGP  AGE\n' +
        'leaf1   frr       in_sync  01234567  2/2  2h\n' +
        'leaf2   frr       in_sync  01234567  2/2  2h\n',
    );
    expect(code).toBe(0);
  });

  it("names the server's clock where it dated a text later than the runner saw it", async () => {
    await hold();
    const generation = { at: '2099-01-01T00:00:00.000000000Z', sha256: 'a'.repeat(64) };
    await putRecord(nats.store.state, 'leaf1', goodState('leaf1', { intent: { generation } }));
    const { out } = await run(['status', 'leaf1']);
    expect(out).toContain('the clock of the NATS server is ahead');
    expect(out).toContain('`plumb doctor` says which one to set');
  });

  it('says why a device is out of sync, and exits 1', async () => {
    await hold();
    await putRecord(nats.store.state, 'leaf1', goodState('leaf1'));
    const drifted = goodState('leaf2', { sync: 'out_of_sync', reason: 'the running configuration was changed' });
    await putRecord(nats.store.state, 'leaf2', drifted);
    const { code, out } = await run(['status']);
    expect(out).toMatch(/leaf2 .*out_of_sync .*the running configuration was changed\n/);
    expect(code).toBe(1);
  });

  it('names a device once in its line, and others as they are', async () => {
    await hold();
    const reason = 'rejected: leaf1: FRR refuses line 3; xleaf1: is another one';
    await putRecord(nats.store.state, 'leaf1', goodState('leaf1', { sync: 'out_of_sync', reason }));
    const { out } = await run(['status', 'leaf1']);
    expect(out).toContain('  rejected: FRR refuses line 3; xleaf1: is another one\n');
  });

  it('names the one resume once that ends a hold and what was rolled back under it', async () => {
    await hold();
    const stopped = { reason: 'CHG-7', by: 'ann', at: '2026-01-02T03:04:05.000Z' };
    const reason = 'held: rolled back by job j1 (bob); `plumb resume leaf1` deploys it again';
    const record = goodState('leaf1', { sync: 'out_of_sync', reason, hold: stopped });
    await putRecord(nats.store.state, 'leaf1', record);
    const held = 'held by ann since 2026-01-02T03:04:05Z: CHG-7';
    expect((await run(['status', 'leaf1'])).out).toContain(`  ${held}; ${reason}\n`);
    await putRecord(nats.store.state, 'leaf1', { ...record, reason: 'differs' });
    expect((await run(['status', 'leaf1'])).out).toContain(`  ${held}; \`plumb resume leaf1\` ends it; differs\n`);
  });

  it('says that a BGP session is missing by its exit code', async () => {
    await hold();
    const state = goodState('leaf1', { bgp: { established: 1, expected: 2, at: new Date().toISOString() } });
    await putRecord(nats.store.state, 'leaf1', state);
    expect((await run(['status', 'leaf1'])).code).toBe(1);
  });

  it('trusts no old record of a device that nobody holds', async () => {
    await putRecord(nats.store.state, 'leaf1', goodState('leaf1'));
    const { code, out } = await run(['status', 'leaf1']);
    expect(out).toContain('no runner holds it');
    expect(code).toBe(1);
  });

  it('prints records as JSON and YAML', async () => {
    await hold();
    await putRecord(nats.store.state, 'leaf1', goodState('leaf1'));
    const json = await run(['status', 'leaf1', '-o', 'json']);
    expect(JSON.parse(json.out).items).toMatchObject([
      { device: 'leaf1', sync: 'in_sync', runner: 'r1', state: { epoch: 1 } },
    ]);
    expect((await run(['status', 'leaf1', '-o', 'yaml'])).out).toContain('device: leaf1\n');
  });

  it('suggests the device that was meant', async () => {
    const { code, err } = await run(['status', 'leaf-1']);
    expect(err).toContain('plumb: leaf-1: no such device; did you mean "leaf1"?');
    expect(code).toBe(2);
  });

  it('uses colours on a terminal, and none with NO_COLOR', async () => {
    await hold();
    await putRecord(nats.store.state, 'leaf1', goodState('leaf1'));
    expect((await run(['status', 'leaf1'], { tty: true })).out).toContain('\u001b[32min_sync');
    expect((await run(['status', 'leaf1'], { tty: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b');
  });
});

describe('plumb diff', () => {
  it("prints the device's own diff and exits 1", async () => {
    await hold({ diff: ({ job }) => ({ diff: '-router bgp 1\n+router bgp 2\n', job }) });
    const { code, out } = await run(['diff', 'leaf1']);
    expect(out).toBe('leaf1  +1 -1  risk 25: routing\n-router bgp 1\n+router bgp 2\n');
    expect(code).toBe(1);
  });

  it('exits 0 where there is no difference, and prints no data', async () => {
    await hold({ diff: ({ job }) => ({ diff: '', job }) });
    const { code, out, err } = await run(['diff']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('leaf1: no difference\nleaf2: no difference\n');
  });

  it('asks with the text on disk with --local, and with none without it', async () => {
    const asked: unknown[] = [];
    await hold({
      diff: ({ payload, job }) => {
        asked.push(payload);
        return { diff: '', job };
      },
    });
    await run(['diff', 'leaf1']);
    await run(['diff', 'leaf1', '--local']);
    expect(asked).toEqual([{}, { config: 'hostname leaf1\n' }]);
  });

  it('goes on with the other devices when one fails', async () => {
    await hold({ diff: ({ job }) => ({ diff: '', job }) }, ['leaf2']);
    const { code, err } = await run(['diff']);
    expect(err).toContain('plumb: leaf1: no runner holds it\n  → ');
    expect(err).toContain('leaf2: no difference');
    expect(code).toBe(2);
  });
});

describe('plumb push', () => {
  it('publishes what is on disk as the source would, and waits until it is applied', async () => {
    await hold();
    await deployEach({ kind: 'applied' });
    const { code, out } = await run(['push', 'leaf1']);
    expect(out).toMatch(/^leaf1: applied in \d+\.\ds {2}\(job [0-9a-z]{12}\)\n$/);
    expect(code).toBe(0);
    const intent = await fetchIntent(nats.store, 'leaf1');
    expect(Buffer.from(intent?.body ?? []).toString()).toBe('hostname leaf1\n');
    expect(intent?.meta).toMatchObject({ fromSource: true, author: 'ann', source: 'intended/configs/leaf1.cfg' });
  });

  it('exits 1 and names line and reason when the device refuses it', async () => {
    await hold();
    await deployEach({
      kind: 'failed',
      code: 'rejected',
      detail: 'leaf1: line 3: % Unknown command',
      hint: 'mend line 3',
    });
    const { code, out, err } = await run(['push', 'leaf1']);
    expect(out).toMatch(/^leaf1: rejected in .*: line 3: % Unknown command {2}\(job /);
    expect(err).toContain('  → mend line 3\n');
    expect(code).toBe(1);
  });

  it('shows on a terminal what it waits for', async () => {
    await hold();
    let pushing: ReturnType<typeof run> | undefined;
    await new Promise<void>((resolve) => {
      const onErr = (err: string) => {
        if (/leaf1 queued \d+s/.test(err)) resolve();
      };
      pushing = run(['push', 'leaf1'], { errTty: true, onErr });
    });
    const intent = await fetchIntent(nats.store, 'leaf1');
    await finish(nats.store, 'leaf1', intent?.meta.job ?? '', { kind: 'applied' });
    expect((await pushing)?.code).toBe(0);
  });

  it('tells what an applied change was not checked for, as the list of jobs does', async () => {
    await hold();
    await deployEach({ kind: 'applied' }, ['check not made: ospf leaf1: "show ip ospf neighbor" is refused']);
    const { code, err } = await run(['push', 'leaf1']);
    expect(err).toContain('  ! check not made: ospf leaf1: "show ip ospf neighbor" is refused\n');
    expect(code).toBe(0);
    expect((await run(['jobs', '-o', 'wide'])).out).toContain('s; check not made: ospf leaf1');
  });

  it('publishes but does not wait for ever where nobody holds the device', async () => {
    const { code, err } = await run(['push', 'leaf1']);
    expect(err).toContain('leaf1: published, but no runner holds it');
    expect(code).toBe(2);
  });

  it('says which file is missing', async () => {
    await hold();
    await writeFile(join(repo.folder, 'inventory.yml'), 'site: dc1\ndevices:\n  leaf9: { platform: frr }\n');
    const { err, code } = await run(['push', 'leaf9']);
    expect(err).toContain('plumb: leaf9: cannot read intended/configs/leaf9.cfg: ENOENT');
    expect(code).toBe(1);
  });

  it('with --dry-run publishes nothing', async () => {
    await hold({ diff: ({ payload, job }) => ({ diff: `+${String(payload.config)}`, job }) });
    const { code, out } = await run(['push', 'leaf1', '--dry-run']);
    expect(out).toContain('+hostname leaf1\n');
    expect(code).toBe(1);
    expect(await fetchIntent(nats.store, 'leaf1')).toBeUndefined();
  });
});

describe('a file that is not UTF-8', () => {
  it('is refused by name and line, and nothing is published', async () => {
    await hold();
    const path = join(repo.folder, 'intended', 'configs', 'leaf1.cfg');
    await writeFile(path, Buffer.from('hostname leaf1\nbanner motd caf\xe9\n', 'latin1'));
    for (const [wanted, ...argv] of [
      [1, 'push', 'leaf1'],
      [2, 'push', 'leaf1', '--dry-run'], // whether it differs cannot be told
      [2, 'diff', 'leaf1', '--local'],
    ] as const) {
      const { code, err } = await run(argv);
      expect(err).toContain('plumb: intended/configs/leaf1.cfg:2: not valid UTF-8');
      expect(code).toBe(wanted);
    }
    expect(await fetchIntent(nats.store, 'leaf1')).toBeUndefined();
  });
});

describe('jobs', () => {
  it('are listed the newest first, and one is shown by the first characters of its id', async () => {
    const older = newJob('leaf1', 'deploy');
    await storeJob(nats.store, older);
    const newer = newJob('leaf2', 'deploy', `z${older.id.slice(1)}`);
    await storeJob(nats.store, { ...newer, commit: 'c0ffee1234' });
    const { out } = await run(['jobs']);
    expect(
      out
        .split('\n')
        .slice(0, 3)
        .map((line) => line.split(/ {2,}/)[1]),
    ).toEqual(['DEVICE', 'leaf2', 'leaf1']);
    await hold();
    expect((await run(['jobs', 'leaf1'])).out).not.toContain('leaf2');
    expect((await run(['job', older.id.slice(0, 12)])).out).toMatch(/^job {9}\w+\ndevice {6}leaf1\nkind {8}deploy\n/);
  });

  it('in a step that there is not are refused by name', async () => {
    const { code, out, err } = await run(['jobs', '--state', 'foo']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/'--state <step>' argument 'foo' is invalid.*queued, .*awaiting, .*finished/s);
  });

  it('that do not exist, or are named by too little, are refused by name', async () => {
    await storeJob(nats.store, newJob('leaf1', 'deploy'));
    await storeJob(nats.store, newJob('leaf1', 'deploy'));
    expect(await run(['job', 'zzz'])).toMatchObject({ code: 2, err: expect.stringContaining('zzz: no such job') });
    expect(await run(['job', '0'])).toMatchObject({ code: 2, err: expect.stringContaining('2 jobs start with it') });
    const { id } = newJob('leaf1', 'deploy');
    for (const device of ['leaf1', 'leaf2']) await storeJob(nats.store, newJob(device, 'deploy', id));
    expect(await run(['job', id])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`${id} is the id of several`),
    });
  });

  it('show steps, checks and diff, and nothing of it can steer the terminal', async () => {
    const job = newJob('leaf1', 'deploy');
    await finish(
      nats.store,
      'leaf1',
      job.id,
      { kind: 'applied' },
      {
        diff: '+evil \u001b]0;title\u0007\n',
        checks: [{ name: 'bgp', on: '10.0.0.1', ok: false, detail: 'no keepalive' }],
      },
    );
    const { out } = await run(['job', job.id]);
    expect(out).toContain('\n  FAIL  bgp 10.0.0.1  no keepalive\n');
    expect(out).toContain('+evil ␛]0;title␇');
    expect(out).not.toContain('\u001b');
  });
});

describe('plumb rollback', () => {
  it('asks for the job that was named, and says that the device is held', async () => {
    const first = newJob('leaf1', 'deploy');
    await storeJob(nats.store, first);
    let asked: unknown;
    await hold({
      rollback: ({ payload, job = '' }) => {
        asked = payload;
        void finish(nats.store, 'leaf1', job, { kind: 'applied' });
        return { job };
      },
    });
    const { code, out, err } = await run(['rollback', 'leaf1', '--to', first.id.slice(0, 14)]);
    expect(asked).toEqual({ to: first.id });
    expect(out).toMatch(/^leaf1: applied/);
    expect(err).toContain('leaf1 is held; `plumb resume leaf1`');
    expect(code).toBe(0);
  });

  it('only shows what it would change, on several devices if need be, where that is asked for', async () => {
    const asked: unknown[] = [];
    const last = newJob('leaf1', 'deploy').id;
    await hold({
      diff: ({ device, payload, job = '' }) => {
        asked.push(payload);
        return { job, to: last, diff: device === 'leaf1' ? '-new\n+old\n' : '' };
      },
    });
    const { code, out, err } = await run(['rollback', '-l', 'leaf*', '--dry-run']);
    expect(asked).toEqual([{ to: 'last' }, { to: 'last' }]);
    expect(out).toBe(`leaf1  +1 -1  to what ran before job ${shortId(last)}\n-new\n+old\n`);
    expect(err).toContain(`leaf2: no difference from what ran before job ${shortId(last)}\n`);
    expect(code).toBe(1);
    expect((await run(['rollback', 'leaf2', '--dry-run'])).code).toBe(0);
  });

  it('asks the device for the job that was named, also only to show it', async () => {
    const first = newJob('leaf1', 'deploy');
    await storeJob(nats.store, first);
    let asked: unknown;
    await hold({
      diff: ({ payload, job = '' }) => {
        asked = payload;
        return { job, to: first.id, diff: '-a\n+b\n' };
      },
    });
    const { code, out } = await run(['rollback', 'leaf1', '--to', first.id, '--dry-run', '-o', 'json']);
    expect(asked).toEqual({ to: first.id });
    expect(JSON.parse(out)).toMatchObject({ items: [{ device: 'leaf1', diff: '-a\n+b\n', to: first.id }] });
    expect(code).toBe(1);
  });

  it('takes one device at a time back', async () => {
    const { code, err } = await run(['rollback', 'leaf*']);
    expect(err).toContain('leaf1, leaf2: a rollback works on one device at a time');
    expect(code).toBe(2);
    expect(await run(['rollback'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('rollback: which device?'),
    });
  });

  it('refuses a job of another device', async () => {
    const other = newJob('leaf2', 'deploy');
    await storeJob(nats.store, other);
    const { code, err } = await run(['rollback', 'leaf1', '--to', other.id]);
    expect(err).toContain(`leaf1: job ${other.id} belongs to leaf2`);
    expect(code).toBe(2);
  });
});

describe('plumb approve', () => {
  const waiting = async () => {
    const job = newJob('leaf1', 'deploy');
    const generation = { at: job.createdAt, sha256: 'c'.repeat(64) };
    await storeJob(nats.store, { ...job, state: 'awaiting', diff: '+a', generation, runningSha256: 'd'.repeat(64) });
    return job;
  };

  it('names the intent and the running configuration that were looked at', async () => {
    const job = await waiting();
    let asked: unknown;
    await hold({
      approve: ({ payload }) => {
        asked = payload;
        void finish(nats.store, 'leaf1', job.id, { kind: 'applied' });
        return { job: job.id };
      },
    });
    expect(await run(['approve', job.id, '--yes'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^leaf1: applied/),
    });
    expect(asked).toEqual({ job: job.id, intent: 'c'.repeat(64), running: 'd'.repeat(64) });
  });

  it('follows the job on, though its record is written once more before the next step begins', async () => {
    const job = newJob('leaf1', 'deploy');
    const at = new Date(Date.now() - 5_000).toISOString();
    const steps = [{ step: 'awaiting' as const, startedAt: at }];
    const asked = { ...job, state: 'awaiting' as const, steps, updatedAt: at, diff: '+a' };
    await storeJob(nats.store, asked);
    await hold({
      approve: () => {
        const again = storeJob(nats.store, { ...asked, runner: 'r1', updatedAt: new Date().toISOString() });
        void again.then(() => finish(nats.store, 'leaf1', job.id, { kind: 'applied' }));
        return { job: job.id };
      },
    });
    expect((await run(['approve', job.id, '--yes'])).out).toMatch(/^leaf1: applied/);
  });

  it('does nothing without a clear yes', async () => {
    const job = await waiting();
    await hold();
    const { code, err } = await run(['approve', job.id], { says: 'maybe' });
    expect(err).toContain('not approved');
    expect(code).toBe(1);
  });

  it('does nothing where there is nobody to ask', async () => {
    const job = await waiting();
    await hold();
    expect(await run(['approve', job.id])).toMatchObject({ code: 1, err: expect.stringContaining('--yes') });
  });
});

describe('plumb resume', () => {
  it('ends the hold and waits for the deployment that follows', async () => {
    await hold({
      resume: () => {
        const { id } = newJob('leaf1', 'deploy');
        void finish(nats.store, 'leaf1', id, { kind: 'applied' });
        return { device: 'leaf1' };
      },
    });
    expect(await run(['resume', 'leaf1'])).toMatchObject({ code: 0, out: expect.stringMatching(/^leaf1: applied/) });
  });

  it('names the job that waits for an approval, and what to type', async () => {
    const job = newJob('leaf1', 'deploy');
    await storeJob(nats.store, { ...job, state: 'awaiting', steps: [{ step: 'awaiting', startedAt: job.createdAt }] });
    await hold({ resume: () => ({ device: 'leaf1', held: false, waiting: job.id }) });
    const { code, err } = await run(['resume', 'leaf1']);
    const id = job.id.slice(0, 12);
    expect([code, err]).toEqual([1, expect.stringMatching(`plumb approve ${id}.*plumb cancel ${id}`)]);
  });

  it('does not claim that it ended a hold where there was none', async () => {
    await hold({ resume: () => ({ device: 'leaf1' }) });
    await putRecord(nats.store.state, 'leaf1', goodState('leaf1'));
    const { code, err } = await run(['resume', 'leaf1']);
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('leaf1: was not held;') });
  });
});

describe('plumb retry', () => {
  it('hands the reason on with which the guards are overridden', async () => {
    let asked: unknown;
    await hold({
      retry: ({ payload }) => {
        asked = payload;
        const { id } = newJob('leaf1', 'deploy');
        void finish(nats.store, 'leaf1', id, { kind: 'failed', code: 'rejected', detail: 'leaf1: no' });
        return { device: 'leaf1' };
      },
    });
    expect((await run(['retry', 'leaf1', '--force', 'CHG-1'])).code).toBe(1);
    expect(asked).toEqual({ reason: 'CHG-1', force: true });
    expect((await run(['retry', 'leaf1', '--force', ' '])).code).toBe(2);
  });

  it('leaves a job alone that waits for an approval, and says how it goes on', async () => {
    let asked = false;
    await hold({
      retry: () => {
        asked = true;
        return { device: 'leaf1' };
      },
    });
    const state = goodState('leaf1', { sync: 'awaiting' });
    await putRecord(nats.store.state, 'leaf1', state);
    const { code, err } = await run(['retry', 'leaf1']);
    expect(err).toContain('is waiting for approval; there is nothing to retry\n  → `plumb approve ');
    expect({ code, asked }).toEqual({ code: 1, asked: false });
  });
});

describe('plumb adopt', () => {
  const path = () => join(repo.folder, 'intended', 'configs', 'leaf1.cfg');

  it('writes what runs, and asks before it overwrites', async () => {
    await hold({ config: () => ({ config: 'hostname leaf1\nrouter bgp 1' }) });
    expect((await run(['adopt', 'leaf1'])).code).toBe(2);
    expect(await readFile(path(), 'utf8')).toBe('hostname leaf1\n');
    expect((await run(['adopt', 'leaf1'], { says: 'y' })).code).toBe(0);
    expect(await readFile(path(), 'utf8')).toBe('hostname leaf1\nrouter bgp 1\n');
    expect((await stat(path())).mode & 0o777).toBe(0o600); // it may hold what the device shows of its secrets
  });
});

describe('plumb run', () => {
  it('prints the output as it is to a pipe, and shows control characters on a terminal', async () => {
    await hold({ command: ({ payload, job }) => ({ output: `${String(payload.command)}\u001b[5m\n`, job }) });
    expect((await run(['run', 'leaf1', '--', 'show', 'version'])).out).toBe('show version\u001b[5m\n');
    expect((await run(['run', 'leaf1', '--', 'show version'], { tty: true })).out).toBe('show version␛[5m\n');
  });

  it('asks for a change only with a reason, and passes both on', async () => {
    const asked: unknown[] = [];
    await hold({
      command: ({ payload, job }) => {
        asked.push(payload);
        return { output: '', job };
      },
    });
    const flags = ['--change', '--reason', 'CHG-1'];
    for (const some of [flags.slice(0, 1), flags.slice(1), ['--change', '--reason', ' ']]) {
      const { code, err } = await run(['run', 'leaf1', ...some, '--', 'write memory']);
      expect([code, err]).toEqual([2, expect.stringContaining('--change and --reason TEXT go together')]);
    }
    expect(asked).toEqual([]);
    const { code, out, err } = await run(['run', 'leaf1', ...flags, '--', 'write memory']);
    expect([code, out]).toEqual([0, '']); // the device printed nothing
    expect(err).toMatch(/^leaf1: done {2}\(job [0-9a-z]{12}\)$/m);
    expect(asked).toEqual([{ command: 'write memory', timeoutSeconds: 30, change: true, reason: 'CHG-1' }]);
  });

  it('shows no secret of a command while it runs', async () => {
    await hold({ command: ({ job }) => ({ output: '', job }) });
    const change = ['--change', '--reason', 'CHG-1', '--', 'snmp-server community geheim ro'];
    const { code, err } = await run(['run', 'leaf1', ...change]);
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringContaining('leaf1: snmp-server community <secret> ro'),
    });
    expect(err).not.toContain('geheim');
  });

  it('leaves no job that waits for ever where nobody answers', async () => {
    const { code, err } = await run(['run', 'leaf1', '--', 'show version']);
    expect(err).toContain('leaf1: no runner holds it');
    expect(code).toBe(2);
    const { items } = JSON.parse((await run(['jobs', '-o', 'json'])).out) as { items: { id: string }[] };
    const [job] = items;
    expect(await getJob(nats.store, job?.id ?? '')).toMatchObject({
      state: 'finished',
      outcome: { kind: 'failed', code: 'no_runner' },
    });
  });
});

describe('plumb bgp', () => {
  it('lists sessions and exits 1 when one is down', async () => {
    const peer = {
      remote_as: 65000,
      is_up: false,
      is_enabled: true,
      state: 'Active',
      description: '',
      uptime: null,
      address_family: { ipv4: { received_prefixes: 0, accepted_prefixes: null, sent_prefixes: 0 } },
      flaps: 3,
      last_error: 'Hold Timer Expired',
    };
    await hold({ bgp: () => ({ bgp: { global: { router_id: '1.1.1.1', peers: { '10.0.0.1': peer } } } }) }, ['leaf1']);
    const { code, out } = await run(['bgp', 'leaf1', '-o', 'wide']);
    expect(out).toMatch(/leaf1 +global +10\.0\.0\.1 +65000 +Active +- +ipv4 +0 +\? +0 +3 +Hold Timer Expired/);
    expect(code).toBe(1);
  });
});

describe('what devices tell of themselves', () => {
  const detail = {
    up: true,
    remote_address: '10.0.0.1',
    remote_as: 65000,
    connection_state: 'Established',
    router_id: '1.1.1.1',
    local_address: '10.0.0.0',
    local_port: 179,
    holdtime: 180,
    keepalive: 60,
    import_policy: 'IN',
    export_policy: null,
    accepted_prefix_count: 7,
    advertised_prefix_count: null,
    input_messages: 12,
    output_messages: null,
    input_updates: null,
    output_updates: null,
    flap_count: 0,
    last_event: null,
  };

  it('is shown by plumb bgp --detail, what is not known as a dash', async () => {
    await hold({ 'bgp-detail': () => ({ 'bgp-detail': { RED: { 65000: [detail] } } }) }, ['leaf1']);
    const { code, out } = await run(['bgp', 'leaf1', '--detail', '-o', 'wide']);
    expect(out).toMatch(
      /leaf1 +RED +10\.0\.0\.1 +65000 +Established +1\.1\.1\.1 +10\.0\.0\.0 port 179 +180\/60 +IN +- +7 +- +12\/\? +- +0 +-/,
    );
    expect(code).toBe(0);
  });

  it('is shown by plumb facts and plumb interfaces', async () => {
    const facts = {
      hostname: 'leaf1',
      fqdn: null,
      vendor: 'Arista',
      model: 'vEOS',
      os_version: '4.31',
      serial_number: null,
      uptime: 7_200,
      interface_list: ['Ethernet1'],
    };
    const addresses = {
      lo: { ipv4: { '10.255.0.1': { prefix_length: 32 } }, ipv6: { '::1': { prefix_length: 128 } } },
    };
    await hold({ facts: () => ({ facts }), 'interfaces-ip': () => ({ 'interfaces-ip': addresses }) }, ['leaf1']);
    expect((await run(['facts', 'leaf1'])).out).toBe(
      'DEVICE  HOSTNAME  VENDOR  MODEL  VERSION  SERIAL  UPTIME\nleaf1   leaf1     Arista  vEOS   4.31     -       2h\n',
    );
    expect((await run(['interfaces', 'leaf1'])).out).toBe(
      'DEVICE  INTERFACE  FAMILY  ADDRESS\nleaf1   lo         ipv4    10.255.0.1/32\nleaf1   lo         ipv6    ::1/128\n',
    );
    expect(JSON.parse((await run(['interfaces', 'leaf1', '-o', 'json'])).out)).toEqual({
      items: [{ device: 'leaf1', interfaces: addresses }],
    });
  });

  it('is an error where the platform has no such getter, and the other devices are shown', async () => {
    await hold({}, ['leaf1']);
    await hold(
      { 'interfaces-ip': () => ({ 'interfaces-ip': { lo: { ipv4: { '1.1.1.1': { prefix_length: 32 } } } } }) },
      ['leaf2'],
    );
    const { code, out, err } = await run(['interfaces']);
    expect(err).toContain('leaf1: no interfaces-ip');
    expect(out).toMatch(/leaf2 +lo +ipv4 +1\.1\.1\.1\/32/);
    expect(code).not.toBe(0);
  });
});

describe('wrong use', () => {
  it('is exit code 2 with the verb that was meant', async () => {
    expect(await run(['statsu'])).toMatchObject({ code: 2, err: expect.stringContaining('→ Did you mean status?') });
    expect(await run(['help', 'nope'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('→ `plumb --help` lists'),
    });
    expect((await run(['status', '-o', 'xml'])).code).toBe(2);
    expect((await run(['--help'])).code).toBe(0);
  });

  it('without any NATS server says how to get one', async () => {
    const { code, err } = await plumb(repo.folder, ['status']);
    expect(err).toMatch(/no NATS server is known[\s\S]*→ start `plumb up`/);
    expect(code).toBe(2);
  });

  it('with a NATS server that is not there says where it looked', async () => {
    const { code, err } = await plumb(repo.folder, ['status'], { nats: 'nats://u:secret@127.0.0.1:1' });
    expect(err).toContain('cannot connect to NATS at nats://127.0.0.1:1');
    expect(err).not.toContain('secret');
    expect(code).toBe(2);
  });
});

describe('Ctrl-C', () => {
  it('ends the wait, names the job that goes on, and is exit code 130', async () => {
    await hold();
    const controller = new AbortController();
    const job = newJob('leaf1', 'deploy');
    const subscription = nats.store.nc.subscribe('dc1.leaf1.configure', {
      max: 1,
      callback: (_, message) => {
        const id = message.headers?.get('Plumb-Job') ?? '';
        const updatedAt = new Date().toISOString();
        void storeJob(nats.store, { ...job, id, state: 'loading', updatedAt }).then(() => controller.abort());
      },
    });
    await nats.store.nc.flush();
    const { code, err } = await run(['push', 'leaf1'], { signal: controller.signal });
    subscription.unsubscribe();
    expect(err).toMatch(/leaf1: stopped waiting for job \w+, which continues\n {2}→ `plumb job/);
    expect(code).toBe(130);
  });
});
