import { expect, it } from 'vitest';
import { describeLab } from '../lab.ts';
import { nothing, ownRepository, upForTest } from '../plumb-up.ts';

const { start, edit, left } = upForTest('.', ownRepository);
const table = /DEVICE +PLATFORM +SYNC +COMMIT +BGP +AGE\n(?:\w+ +frr +in_sync .*\n){3}/;

describeLab('plumb up --lab frr', () => {
  it('deploys to three routers, shows each diff, and with --once ends with 0 and leaves nothing behind', async () => {
    const { code, out, err } = await start('up', '--lab', 'frr', '--once').ended;
    expect(err).not.toMatch(/warning|error/);
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
    expect(out, err).toMatch(/^leaf2: rejected in .*line 21.*rooter bgp/m);
    expect(err).toMatch(/^plumb: leaf2: out_of_sync: rejected: /m);
    expect(err).toMatch(/^plumb: spine1: BGP 2 of 4 established$/m);
    expect(code).toBe(1);
    expect(await left()).toEqual(nothing);
  });

  it('stays, deploys what is saved, answers other verbs, and takes everything down at Ctrl-C', async () => {
    const up = start('up', '--lab', 'frr');
    await up.says(/watching intended\//);
    const status = await start('status').ended;
    expect(status.out).toMatch(table);

    await edit('leaf1', ' description to spine1', ' description uplink to spine1');
    await up.says(/leaf1: intended\/configs\/leaf1.cfg changed\n/); // how soon is proven where nothing else runs
    await up.says(/\+ description uplink to spine1 eth1\n(?:.*\n)*leaf1: applied in /);
    const jobs = JSON.parse((await start('jobs', '--kind', 'deploy', '-o', 'json').ended).out).items as {
      device: string;
    }[];
    expect(jobs.map(({ device }) => device).sort()).toEqual(['leaf1', 'leaf1', 'leaf2', 'spine1']);

    up.child.kill('SIGINT');
    const { code, err } = await up.ended;
    expect(err).toContain('taking everything down');
    expect(code).toBe(0);
    expect(await left()).toEqual(nothing);
  });
});
