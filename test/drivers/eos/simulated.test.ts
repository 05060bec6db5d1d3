import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from '../../../lab/proof/bench.ts';
import { change, commit, fence, forever } from '../../../lab/proof/target.ts';
import { eos } from '../../../runners/drivers/eos/platform.ts';
import { forget } from '../../../runners/session/trial-clock.ts';
import { trialName } from '../../../runners/trial-name.ts';

const config = (interfaces: string[], more = '') =>
  `hostname r1\n!\nusername admin privilege 15 role network-admin secret sha512 $6$abc$def\n!\n${interfaces
    .map((name) => `interface ${name}\n   description by hand\n!\n`)
    .join('')}${more}end\n`;
const before = config(['Ethernet1']);
const after = config(['Ethernet1', 'Loopback7']);

describe.each(['ssh', 'eapi'] as const)('a switch over %s', (transport) => {
  let switch1: Bench;
  const start = async (options: Partial<Parameters<typeof bench>[2]> = {}) => {
    switch1 = await bench(eos, transport, { platform: 'eos', config: before, ...options });
    return switch1;
  };
  afterEach(() => switch1[Symbol.asyncDispose]());

  it('runs the new configuration once the trial is confirmed, and boots it', async () => {
    const { sim, open } = await start();
    const session = await open();
    {
      await using candidate = await session.load(after, 'replace', change());
      expect(await candidate.diff()).toContain('+interface Loopback7');
    }
    const { name } = await commit(session, after);
    expect(sim.trial).toBeDefined();
    expect(sim.startup).not.toContain('Loopback7');
    const other = await open();
    const trial = await other.pending();
    expect(trial).toMatchObject({ job: name.job, epoch: 1, phase: 'armed' });
    expect((trial?.expiresAt?.getTime() ?? 0) - Date.now()).toBeLessThan(61_000);
    expect((trial?.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(50_000);
    await trial?.confirm();
    expect(await session.pending()).toBeUndefined();
    expect(sim.startup).toContain('Loopback7');
    expect(eos.normalise(await session.config('startup'))).toBe(eos.normalise(await session.config('running')));
    expect((await session.saved())[0]).toMatchObject({ job: name.job, outcome: 'applied', sha256: name.sha256 });
    expect(await session.savedConfig(name.job)).not.toContain('Loopback7');
    await using again = await session.load(after, 'replace', change());
    expect(await again.diff()).toBe('');
  });

  it('names the line of the file that it refuses, and is left as it was', async () => {
    const { sim, open } = await start();
    const session = await open();
    const running = sim.running;
    const bad = config(['Ethernet1'], 'rooter bgp 65000\n!\n');
    await expect(session.load(bad, 'replace', change())).rejects.toMatchObject({
      code: 'rejected',
      line: 8,
      message: expect.stringMatching(/^r1: line 8: "rooter bgp 65000": .*Invalid input/),
    });
    expect(sim.running).toBe(running);
    expect(sim.sessions).toEqual([]);
  });

  it('leaves no session behind when the diff is only looked at', async () => {
    const { sim, open } = await start();
    const session = await open();
    {
      await using _candidate = await session.load(after, 'merge', change());
      expect(sim.sessions).toHaveLength(1);
    }
    expect(sim.sessions).toEqual([]);
  });

  it('goes back by itself when nobody confirms', async () => {
    const { sim, open } = await start();
    const session = await open();
    const running = sim.running;
    await commit(session, after, 60);
    sim.device.clock.advance(61_000);
    expect(sim.trial).toBeUndefined();
    expect(sim.running).toBe(running);
    expect(await session.pending()).toBeUndefined();
    await session.clean(2);
    expect((await session.saved())[0]).toMatchObject({ outcome: 'undone' });
  });

  it('goes back at once when told to, by whoever holds the trial', async () => {
    const { sim, open } = await start();
    const running = sim.running;
    await commit(await open(), after);
    await (await (await open()).pending())?.undo();
    expect(sim.running).toBe(running);
    expect(sim.trial).toBeUndefined();
    expect(sim.sessions).toEqual([]);
  });

  it('finishes a confirm that was cut off before it was saved', async () => {
    const { sim, open } = await start();
    const session = await open();
    const { name, trial } = await commit(session, after);
    sim.faults.set({ drop: { match: '^write memory', when: 'before' } });
    await expect(trial.confirm()).rejects.toMatchObject({ code: expect.stringMatching(/closed|unreachable/) });
    sim.faults.set({ drop: null });
    forget(trialName(name)); // as another process finds it
    expect(sim.startup).not.toContain('Loopback7');
    const next = await open();
    const cut = await next.pending();
    expect(cut).toMatchObject({ job: name.job, phase: 'confirmed' });
    await cut?.confirm();
    expect(sim.startup).toContain('Loopback7');
    expect(await next.pending()).toBeUndefined();
  });

  it('does not confirm what the timer has undone', async () => {
    const { open, sim } = await start();
    const { trial } = await commit(await open(), after, 60);
    sim.device.clock.advance(61_000);
    expect(sim.trial).toBeUndefined();
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    expect(sim.running).not.toContain('Loopback7');
  });

  it('has its foreign trial named and left alone', async () => {
    const { sim, open } = await start();
    const session = await open();
    await session.run('configure session alice');
    await session.run('configure session alice commit timer 00:05:00');
    expect(await session.pending()).toMatchObject({ name: 'alice', job: undefined });
    await expect(session.load(after, 'replace', change())).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('alice'),
    });
    await expect((await session.pending())?.undo()).rejects.toMatchObject({ code: 'undo_failed' });
    expect(sim.trial?.name).toBe('alice');
  });

  it('is rid of what older holders left, and of nothing else', async () => {
    const { sim, open } = await start();
    const session = await open();
    await session.load(after, 'merge', change(1));
    await session.load(after, 'merge', change(3));
    await session.run('configure session alice');
    expect(await session.clean(2)).toEqual([expect.stringMatching(/^session plumb-/)]);
    expect(sim.sessions).toHaveLength(2);
  });

  it('is not committed to when the fence says that the lease is lost', async () => {
    const { sim, open } = await start();
    const session = await open();
    const lost = () => {
      throw new Error('lease lost');
    };
    {
      await using candidate = await session.load(after, 'replace', change());
      await expect(candidate.commit({ confirmSeconds: 60, fence: lost })).rejects.toThrow('lease lost');
    }
    expect(sim.trial).toBeUndefined();
    expect(sim.sessions).toEqual([]);
    void fence;
  });

  it('says so when its flash is full, before anything is changed', async () => {
    const { sim, open } = await start({ faults: { fullFlash: true } });
    await expect(commit(await open(), after)).rejects.toMatchObject({ code: 'commit_failed' });
    expect(sim.trial).toBeUndefined();
  });

  it('takes banners, certificates and comments as they are', async () => {
    const { open, sim } = await start();
    const banner = 'banner login\n  % Invalid input\n!! not a comment: Zürich #\nlocalhost# \n   Password:\nEOF\n!\n';
    const comment = 'interface Loopback7\n   !! core loopback\n   !! second line\n   ip address 10.0.0.7/32\n!\n';
    const text = config(['Ethernet1'], banner + comment);
    const session = await open();
    const { trial } = await commit(session, text.replace(/\n/g, '\r\n'));
    await trial.confirm();
    expect(sim.running).toContain('  % Invalid input\n!! not a comment: Zürich #\n');
    expect(sim.running).toContain('second line');
    await using again = await session.load(text, 'replace', change());
    expect(await again.diff()).toBe('');
  });

  it('is refused secrets that it would store in another form', async () => {
    const { open } = await start();
    const text = config([], 'username bob secret hunter2\n');
    await expect((await open()).load(text, 'replace', change())).rejects.toMatchObject({ code: 'refused', line: 5 });
  });

  it('is not talked to with a wrong password', async () => {
    const { target } = await start();
    const wrong = { ...target, credentials: { username: 'admin', password: 'wrong' } };
    await expect(eos.open(wrong, forever)).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
