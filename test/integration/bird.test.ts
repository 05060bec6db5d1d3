import { writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { change, commit } from '../../lab/proof/target.ts';
import { bird } from '../../runners/drivers/bird/platform.ts';
import { describeWith, sshd } from '../real.ts';
import { birdForTests } from './bird-lab.ts';

describeWith(['/usr/sbin/bird', ...sshd], 'BIRD, for real', () => {
  const birds = birdForTests();
  const { open, file, routes, before, candidates } = birds;
  const after = () => birds.lab.text({ routes: ['10.7.0.0/24'], description: 'new' });

  afterEach(async () => {
    await (await (await open()).pending())?.undo();
  });

  it('runs the new file under a timer and boots it only once it is confirmed', async () => {
    const session = await open();
    const { name } = await commit(session, after());
    expect(await routes(session)).toContain('10.7.0.0/24');
    expect(file()).toBe(before());
    expect(await session.config('running')).toBe(after());
    expect(await session.config('startup')).toBe(before());
    const other = await open();
    const trial = await other.pending();
    expect(trial).toMatchObject({ job: name.job, epoch: 1, phase: 'armed' });
    await trial?.confirm();
    expect(file()).toBe(after());
    expect(await other.pending()).toBeUndefined();
    expect(await routes(other)).toContain('10.7.0.0/24');
    expect((await other.saved())[0]).toMatchObject({ job: name.job, outcome: 'applied', sha256: name.sha256 });
    expect(await other.savedConfig(name.job)).toBe(before());
    await using again = await other.load(after(), 'replace', change());
    expect(await again.diff()).toBe('');
  });

  it('names the line of the file that it refuses, and runs what it ran', async () => {
    const session = await open();
    await expect(session.load(`${before()}protocol bogus {}\n`, 'replace', change())).rejects.toMatchObject({
      code: 'rejected',
      line: 13,
      message: expect.stringMatching(/^r1: line 13: "protocol bogus {}": syntax error/),
    });
    expect(file()).toBe(before());
    expect(candidates()).toEqual([]);
  });

  it('goes back by itself, daemon and file, when nobody confirms', async () => {
    const session = await open();
    await commit(session, after(), 2);
    await session[Symbol.asyncDispose]();
    const other = await open();
    await expect.poll(() => other.pending(), { timeout: 10_000, interval: 200 }).toBeUndefined();
    expect(await routes(other)).toContain('10.9.0.0/24');
    expect(file()).toBe(before());
    expect(await other.config('running')).toBe(before());
    expect(await other.clean(2)).not.toEqual([]);
    expect((await other.saved())[0]).toMatchObject({ outcome: 'undone' });
  });

  it('goes back at once when told to, from any session', async () => {
    await commit(await open(), after());
    const other = await open();
    await (await other.pending())?.undo();
    expect(await routes(other)).toContain('10.9.0.0/24');
    expect(await other.pending()).toBeUndefined();
    expect(file()).toBe(before());
  });

  it('is not confirmed after its timer has undone the trial', async () => {
    const session = await open();
    const { trial } = await commit(session, after(), 1);
    await expect.poll(() => session.pending(), { timeout: 10_000, interval: 200 }).toBeUndefined();
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    expect(file()).toBe(before());
  });

  it('has a confirm finished that was cut off before the file was put in place', async () => {
    const session = await open();
    const { name } = await commit(session, after());
    await session.run('configure confirm');
    const trial = await session.pending();
    expect(trial).toMatchObject({ job: name.job, phase: 'confirmed' });
    await trial?.confirm();
    expect(file()).toBe(after());
  });

  it('has a foreign trial named and left alone', async () => {
    const session = await open();
    writeFileSync(birds.lab.config, birds.lab.text({ routes: ['10.6.0.0/24'] }));
    await session.run('configure timeout 60');
    const trial = await session.pending();
    expect(trial).toMatchObject({ job: undefined, owner: expect.stringContaining('someone') });
    await expect(session.load(after(), 'replace', change())).rejects.toMatchObject({ code: 'locked' });
    await expect(trial?.undo()).rejects.toMatchObject({ code: 'undo_failed' });
    await session.run('configure confirm');
  });

  it('is rid of candidates of older holders only', async () => {
    const session = await open();
    await session.load(after(), 'replace', change(1));
    await session.load(after(), 'replace', change(5));
    expect(await session.clean(2)).toHaveLength(1);
    expect(candidates()).toHaveLength(1);
  });

  it('does not take effect when the fence says that the lease is lost', async () => {
    const session = await open();
    const lost = () => {
      throw new Error('lease lost');
    };
    {
      await using candidate = await session.load(after(), 'replace', change());
      await expect(candidate.commit({ confirmSeconds: 60, fence: lost })).rejects.toThrow('lease lost');
    }
    expect(await session.pending()).toBeUndefined();
    expect(await routes(session)).toContain('10.9.0.0/24');
    expect(candidates()).toEqual([]);
  });

  it('tells its sessions and itself', async () => {
    const session = await open();
    await expect
      .poll(async () => (await session.bgp()).global?.peers['127.0.0.2']?.address_family.ipv4, { timeout: 20_000 })
      .toEqual({ received_prefixes: 1, accepted_prefixes: 1, sent_prefixes: 1 });
    const { global } = await session.bgp();
    expect(global).toMatchObject({
      router_id: '10.0.0.1',
      peers: {
        '127.0.0.2': {
          local_as: 65001,
          remote_as: 65002,
          remote_id: '10.0.0.2',
          is_up: true,
          is_enabled: true,
          description: 'to two',
          hold_seconds: 9,
          keepalive_seconds: 3,
          address_family: { ipv4: { received_prefixes: 1, accepted_prefixes: 1, sent_prefixes: 1 } },
        },
        '127.0.0.9': { is_up: false, is_enabled: false, uptime: null },
      },
    });
    expect(await session.clock?.()).toMatchObject({ at: expect.closeTo(Date.now(), -4) }); // this machine's own
    expect(await session.facts()).toMatchObject({ hostname: 'r1', os_version: '2.0.12', uptime: expect.any(Number) });
    expect((await session.facts()).interface_list).toContain('lo');
    expect(bird.hostname(before())).toBe('r1');
  });

  it('refuses a command by its own words', async () => {
    await expect((await open()).run('show nonsense')).rejects.toMatchObject({ code: 'rejected' });
  });
});
