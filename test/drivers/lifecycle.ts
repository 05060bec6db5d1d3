import { afterEach, describe, expect, it } from 'vitest';
import { explain } from '../../core/errors.ts';
import { type Bench, bench } from '../../lab/proof/bench.ts';
import { change, commit, forever } from '../../lab/proof/target.ts';
import type { Ports, SimOptions } from '../../lab/sim/sim.ts';
import type { Driver } from '../../runners/driver.ts';

/** What a platform's configurations look like, for the same tests on all of them. */
export type LifecycleCase = {
  driver: Driver;
  transport: keyof Ports;
  platform: SimOptions['platform'];
  before: string;
  after: string;
  /** In `after` and in no other. */
  mark: string;
  bad: { text: string; line: number };
  /** A line with a secret in plain text. */
  secret?: { text: string; line: number };
  /** Seconds of the shortest trial, as the device rounds. */
  shortest?: number;
  options?: Partial<Omit<SimOptions, 'platform' | 'config' | 'ports'>>;
  /** Matches the command that makes a trial take effect. */
  commits: string;
  /** Matches a command of loading; a line with `mark` in it when left out. */
  loads?: string;
  /** The platform has no place for what ran before. */
  keepsNothing?: true;
  /** A trial that somebody else began, in commands. */
  foreign?: readonly string[];
};

/** What must hold on every platform. */
export const lifecycle = (name: string, what: LifecycleCase): void => {
  const { driver, transport, platform, before, after, mark, bad } = what;
  describe(name, () => {
    let device: Bench;
    const start = async (options: LifecycleCase['options'] = {}) => {
      device = await bench(driver, transport, { platform, config: before, ...what.options, ...options });
      return device;
    };
    afterEach(() => device[Symbol.asyncDispose]());

    it('runs the new configuration once the trial is confirmed, and boots it', async () => {
      const { sim, open } = await start();
      const session = await open();
      {
        await using candidate = await session.load(after, 'replace', change());
        expect(await candidate.diff()).toContain(mark);
      }
      const id = change();
      await using candidate = await session.load(after, 'replace', id);
      const armed = await candidate.commit({ confirmSeconds: 120, fence: () => {} });
      expect(sim.trial).toBeDefined();
      expect(sim.running).toContain(mark);
      if (driver.capabilities.startup) expect(sim.startup).not.toContain(mark);
      const trial = driver.capabilities.confirmFrom === 'any' ? await (await open()).pending() : armed;
      expect(trial).toMatchObject({ job: id.job, epoch: 1, phase: 'armed' });
      await trial?.confirm();
      expect(sim.trial).toBeUndefined();
      expect(await session.pending()).toBeUndefined();
      expect(sim.startup).toContain(mark);
      const running = driver.normalise(await session.config('running'));
      if (driver.capabilities.startup) expect(driver.normalise(await session.config('startup'))).toBe(running);
      if (what.keepsNothing) expect(await session.saved()).toEqual([]);
      else {
        expect((await session.saved())[0]).toMatchObject({ job: id.job, outcome: 'applied' });
        expect(await session.savedConfig(id.job)).not.toContain(mark);
      }
      {
        await using again = await session.load(after, 'replace', change());
        expect(await again.diff()).toBe('');
      }
      await using without = await session.load(before, 'replace', change());
      expect(await without.diff()).toContain(mark); // a replace also takes away
    });

    it('names the line of the file that it refuses, and is left as it was', async () => {
      const { sim, open } = await start();
      const session = await open();
      const running = driver.normalise(sim.running);
      const line = bad.text.split('\n')[bad.line - 1]?.trim();
      const refused = await commit(session, bad.text, 120).catch((error) => error);
      expect(refused).toMatchObject({
        code: 'rejected',
        line: bad.line,
        message: expect.stringContaining(`line ${bad.line}: "${line}"`),
      });
      expect(explain(refused)).toBe(refused.message); // what the device said is told once
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.trial).toBeUndefined();
      expect(sim.sessions).toEqual([]);
      await using candidate = await session.load(before, 'replace', change());
      expect(await candidate.diff()).toBe('');
    });

    it('goes back by itself when nobody confirms', async () => {
      const { sim, open } = await start({ timeScale: 200 });
      const session = await open();
      const running = driver.normalise(sim.running);
      await commit(session, after, what.shortest ?? 60);
      await expect.poll(() => sim.trial, { timeout: 10_000 }).toBeUndefined();
      expect(driver.normalise(sim.running)).toBe(running);
      expect((await session.pending())?.phase).not.toBe('armed');
      await session.clean(2);
      expect((await session.saved())[0]?.outcome).not.toBe('applied');
    });

    it('goes back at once when told to', async () => {
      const { sim, open } = await start();
      const running = driver.normalise(sim.running);
      const session = await open();
      const { trial } = await commit(session, after, 120);
      const found = driver.capabilities.confirmFrom === 'any' ? await (await open()).pending() : trial;
      await found?.undo();
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.trial).toBeUndefined();
    });

    it('does not confirm what the timer has undone', async () => {
      const { open, sim } = await start({ timeScale: 200 });
      const { trial } = await commit(await open(), after, what.shortest ?? 60);
      await expect.poll(() => sim.trial, { timeout: 10_000 }).toBeUndefined();
      await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
      expect(sim.running).not.toContain(mark);
      expect(sim.startup).not.toContain(mark);
    });

    it('is found with our trial, and brought back, when the connection is cut right after the commit', async () => {
      const { sim, open } = await start({ timeScale: 20 });
      const running = driver.normalise(sim.running);
      const session = await open();
      const id = change();
      {
        await using candidate = await session.load(after, 'replace', id);
        sim.faults.set({ drop: { match: what.commits, when: 'after' } });
        // the answer may have come through before the cut
        await candidate.commit({ confirmSeconds: 120, fence: () => {} }).catch((error: unknown) => {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(?:closed|unreachable|timeout)$/) });
        });
      }
      sim.faults.set({ drop: null });
      expect(sim.running).toContain(mark);
      const next = await open();
      const trial = await next.pending();
      expect(trial).toMatchObject({ job: id.job, epoch: 1, phase: 'armed' });
      await trial?.undo();
      await next.clean(2);
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.trial).toBeUndefined();
      expect(sim.sessions).toEqual([]);
    });

    it('is left as it was when the connection is cut while the candidate is loaded', async () => {
      const { sim, open } = await start();
      const running = driver.normalise(sim.running);
      const session = await open();
      sim.faults.set({ drop: { match: what.loads ?? mark, when: 'before' } });
      await expect(session.load(after, 'replace', change())).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:closed|unreachable|timeout)$/),
      });
      sim.faults.set({ drop: null });
      const next = await open();
      await next.clean(2);
      expect(await next.pending()).toBeUndefined();
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.sessions).toEqual([]);
    });

    it('is not committed to when the fence says that the lease is lost', async () => {
      const { sim, open } = await start();
      const session = await open();
      const lost = () => {
        throw new Error('lease lost');
      };
      {
        await using candidate = await session.load(after, 'replace', change());
        await expect(candidate.commit({ confirmSeconds: 120, fence: lost })).rejects.toThrow('lease lost');
      }
      expect(sim.trial).toBeUndefined();
      expect(sim.running).not.toContain(mark);
      expect(sim.sessions).toEqual([]);
    });

    if (what.foreign)
      it('has a foreign trial named and left alone', async () => {
        const { sim, open } = await start();
        const session = await open();
        for (const line of what.foreign ?? []) await session.run(line);
        expect(sim.trial).toBeDefined();
        const trial = await session.pending();
        expect(trial?.job).toBeUndefined();
        await expect(session.load(after, 'replace', change())).rejects.toMatchObject({ code: 'locked' });
        await expect(trial?.undo()).rejects.toMatchObject({ code: 'undo_failed' });
        expect(sim.trial).toBeDefined();
      });

    if (what.secret)
      it('is refused secrets that it would store in another form', async () => {
        const { open } = await start();
        const { text = '', line } = what.secret ?? {};
        await expect((await open()).load(text, 'replace', change())).rejects.toMatchObject({ code: 'refused', line });
      });

    it('tells what it is and which sessions it has', async () => {
      const { open } = await start();
      const session = await open();
      expect((await session.facts()).hostname).toBe(driver.hostname(before));
      if (driver.capabilities.getters.includes('bgp'))
        expect(Object.values(await session.bgp()).flatMap(({ peers }) => Object.keys(peers))).not.toEqual([]);
    });

    it('runs commands and refuses what it does not know in its own words', async () => {
      const { open } = await start();
      const session = await open();
      await expect(session.run('show bogosity')).rejects.toMatchObject({ code: 'rejected' });
      await session.alive();
    });

    it('is not talked to with a wrong password or another host key', async () => {
      const { target, sim } = await start();
      const wrong = { ...target, credentials: { username: 'admin', password: 'wrong' } };
      await expect(driver.open(wrong, forever)).rejects.toMatchObject({ code: 'unauthorized' });
      if (transport !== 'ssh' && transport !== 'netconf') return;
      sim.changeHostKey();
      await expect(driver.open(target, forever)).rejects.toMatchObject({ code: 'host_key_changed' });
    });
  });
};
