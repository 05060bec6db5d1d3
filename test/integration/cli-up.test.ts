import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { describeLab } from '../lab.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist', 'cli', 'main.js');

let folder: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-up-'));
  for (const name of ['inventory.yml', 'intended', 'templates']) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

/** A `plumb` of its own process group, as a terminal would start it. */
const start = (...args: string[]) => {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { ...process.env, NATS_URL: '' } });
  started.push(child);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  /** Waits until both streams together hold this. */
  const says = (pattern: RegExp, timeout = 60_000) =>
    vi.waitFor(() => expect(out + err).toMatch(pattern), { timeout, interval: 50 });
  return { child, ended, says, printed: () => out + err };
};

const cfg = (device: string) => join(folder, 'intended', 'configs', `${device}.cfg`);
const edit = async (device: string, from: string | RegExp, to: string) => {
  const text = await readFile(cfg(device), 'utf8');
  expect(text).toMatch(from);
  await writeFile(cfg(device), text.replace(from, to));
};

/** Our labs and servers, by what is left of them on this machine. */
const left = async () => {
  const claims = await readdir('/run/plumb-lab').catch(() => []);
  const owners = await Promise.all(
    claims.map((name) => readFile(`/run/plumb-lab/${name}/owner.json`, 'utf8').catch(() => '')),
  );
  const processes = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return {
    labs: owners.filter((owner) => owner.includes(folder)),
    processes: processes.filter((command) => command.includes(folder)),
    files: await readdir(join(folder, '.plumb')).catch(() => []),
  };
};
const nothing = { labs: [], processes: [], files: [] };

const table = /DEVICE +PLATFORM +SYNC +COMMIT +BGP +AGE\n(?:\w+ +frr +in_sync .*\n){3}/;

describeLab('plumb up --lab frr', () => {
  it('deploys to three routers, shows each diff, and with --once ends with 0 and leaves nothing behind', async () => {
    const { code, out, err } = await start('up', '--lab', 'frr', '--once').ended;
    expect(err).not.toContain('warning');
    for (const device of ['spine1', 'leaf1', 'leaf2']) {
      expect(out).toMatch(new RegExp(`^${device} {2}\\+\\d+ -0\\n`, 'm'));
      expect(out).toMatch(new RegExp(`^${device}: applied in `, 'm'));
    }
    expect(out).toMatch(table);
    expect(out).toMatch(/^leaf1 .* 2\/2 /m);
    expect(out).toMatch(/^spine1 .* 4\/4 /m);
    expect(code).toBe(0);
    expect(await left()).toEqual(nothing);
  });

  it('ends --once with 1 and says why where a router refuses its configuration', async () => {
    await edit('leaf2', /^router bgp/m, 'rooter bgp');
    const { code, out, err } = await start('up', '--lab', 'frr', '--once').ended;
    expect(out).toMatch(/^leaf2: rejected in .*line 21.*rooter bgp/m);
    expect(err).toMatch(/^plumb: leaf2: out_of_sync: rejected: /m);
    expect(err).toMatch(/^plumb: spine1: BGP 2 of 4 established$/m);
    expect(code).toBe(1);
    expect(await left()).toEqual(nothing);
  }, 60_000);

  it('stays, deploys what is saved, answers other verbs, and takes everything down at Ctrl-C', async () => {
    const up = start('up', '--lab', 'frr');
    await up.says(/watching intended\//);
    const status = await start('status').ended;
    expect(status.out).toMatch(table);

    await edit('leaf1', ' description to spine1', ' description uplink to spine1');
    const saved = performance.now();
    await up.says(/leaf1: intended\/configs\/leaf1.cfg changed\n/, 1_000);
    expect(performance.now() - saved).toBeLessThan(1_000);
    await up.says(/\+ description uplink to spine1 eth1\n(?:.*\n)*leaf1: applied in /);
    const jobs = JSON.parse((await start('jobs', '--kind', 'deploy', '-o', 'json').ended).out) as { device: string }[];
    expect(jobs.map(({ device }) => device).sort()).toEqual(['leaf1', 'leaf1', 'leaf2', 'spine1']);

    up.child.kill('SIGINT');
    const { code, err } = await up.ended;
    expect(err).toContain('taking everything down');
    expect(code).toBe(0);
    expect(await left()).toEqual(nothing);
  });

  it('with --source git deploys what is committed, and not what is only saved', async () => {
    const who = ['-c', 'user.name=ann', '-c', 'user.email=ann@example.net'];
    const git = (...args: string[]) => execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'pipe' });
    git('init', '-q', '-b', 'main');
    git('add', 'inventory.yml', 'intended', 'templates');
    git('commit', '-qm', 'all');
    const up = start('up', '--lab', 'frr', '--source', 'git');
    await up.says(/watching for commits/);
    await edit('leaf1', ' description to spine1', ' description only saved');
    await edit('leaf2', ' description to spine1', ' description committed to spine1');
    git('commit', '-qm', 'leaf2', 'intended/configs/leaf2.cfg');
    await up.says(/\+ description committed to spine1 eth2\n(?:.*\n)*leaf2: applied in /);
    expect(up.printed()).not.toContain('only saved');
    const { out } = await start('history', 'leaf2').ended;
    expect(out).toMatch(new RegExp(`applied +\\+1 -1 +${git('rev-parse', 'HEAD').toString().slice(0, 8)} +ann$`, 'm'));
  });

  it('is found and cleaned away by the next one after kill -9', async () => {
    const killed = start('up', '--lab', 'frr');
    await killed.says(/^nats +nats:/m);
    await killed.says(/^api +http/m);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect((await left()).labs).toHaveLength(1);
    const { code, err } = await start('up', '--lab', 'frr', '--once').ended;
    expect(err).toContain('removed what an earlier `plumb up` left');
    expect(code).toBe(0);
    expect(await left()).toEqual(nothing);
  });

  it('leaves nothing behind even where a second Ctrl-C forces it to end at once', async () => {
    const up = start('up', '--lab', 'frr');
    await up.says(/^api +http/m);
    up.child.kill('SIGINT');
    up.child.kill('SIGINT');
    await up.says(/taking everything down/);
    up.child.kill('SIGINT');
    await up.ended;
    await vi.waitFor(async () => expect(await left()).toEqual(nothing), { timeout: 20_000, interval: 200 });
  });

  it('runs twice at once, each with its own routers and port', async () => {
    const busy = createServer();
    busy.listen(9000, '127.0.0.1');
    await once(busy, 'listening').catch(() => {}); // taken by someone else: as good
    const both = await Promise.all(
      [start('up', '--lab', 'frr', '--once'), start('up', '--lab', 'frr', '--once')].map((up) => up.ended),
    );
    busy.close();
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both[0]?.err).toContain('port 9000 is in use: the API takes another one');
    const labs = both.map(({ err }) => /\(lab (\d+)\)/.exec(err)?.[1]);
    expect(new Set(labs).size).toBe(2);
    expect(await left()).toEqual(nothing);
  });
});
