import { execFileSync } from 'node:child_process';
import { expect, it, vi } from 'vitest';
import { claimPort } from '../../lab/port.ts';
import { describeLab } from '../lab.ts';
import { nothing, ownRepository, upForTest } from '../plumb-up.ts';

const { folder, start, edit, left } = upForTest('.', ownRepository);

describeLab('plumb up --lab frr', () => {
  it('with --source git deploys what is committed, and not what is only saved', async () => {
    const who = ['-c', 'user.name=ann', '-c', 'user.email=ann@example.net'];
    const git = (...args: string[]) => execFileSync('git', [...who, ...args], { cwd: folder(), stdio: 'pipe' });
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
    expect((await left()).labs).toHaveLength(1);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect((await left()).files).not.toEqual([]); // its lab may be cleaned away by whoever brings up one meanwhile
    const { code, err } = await start('up', '--lab', 'frr', '--once').ended;
    expect(err).toContain('removed what a killed `plumb up` left');
    expect(code).toBe(0);
    expect(await left()).toEqual(nothing);
  });

  it('leaves nothing behind even where a second Ctrl-C forces it to end at once', async () => {
    const up = start('up', '--lab', 'frr');
    await up.says(/^api +http/m);
    up.child.kill('SIGINT');
    await up.says(/taking everything down/);
    const again = setInterval(() => up.child.kill('SIGINT'), 100);
    await up.ended;
    clearInterval(again);
    await vi.waitFor(async () => expect(await left()).toEqual(nothing), { timeout: 60_000, interval: 200 });
  });

  it('runs twice at once, each with its own routers and port', async () => {
    await using claim = await claimPort();
    const { port } = claim;
    const both = await Promise.all(
      [1, 2].map(() => start('up', '--lab', 'frr', '--once', '--api-port', String(port)).ended),
    );
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const taken = both.filter(({ err }) =>
      new RegExp(`port ${port} is in use by pid \\d+ .*: the API uses another one`).test(err),
    );
    expect(taken).toHaveLength(1);
    const labs = both.map(({ err }) => /\(lab (\d+)\)/.exec(err)?.[1]);
    expect(new Set(labs).size).toBe(2);
    expect(await left()).toEqual(nothing);
  });
});
