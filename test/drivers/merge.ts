import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from '../../lab/proof/bench.ts';
import { change, fence, forever } from '../../lab/proof/target.ts';
import type { Ports, SimOptions } from '../../lab/sim/sim.ts';
import type { Driver, Session } from '../../runners/driver.ts';
import { hurryUndo } from './events.ts';

/** What a merge looks like on a platform that knows nothing else, for the same tests on all of them. */
export type MergeCase = {
  driver: Driver;
  transport: keyof Ports;
  platform: SimOptions['platform'];
  before: string;
  /** Lines to be merged; `mark` is in them and not in `before`. */
  merged: string;
  mark: string;
  bad: { text: string; line: number };
  secret: { text: string; line: number };
  /** Of the shortest trial, as the device rounds. */
  shortest: number;
  /** Matches the command that makes the change take effect, and one of loading it. */
  commits: string;
  loads: string;
  /** A device of the platform that holds no undo. */
  without: string;
  foreign: readonly string[];
};

const merge = async (session: Session, config: string, confirmSeconds: number, name = change()) => {
  await using candidate = await session.load(config, 'merge', name);
  return { trial: await candidate.commit({ confirmSeconds, fence }), name };
};

/** What must hold of a merge on every platform. */
export const mergeLifecycle = (name: string, what: MergeCase): void => {
  const { driver, transport, platform, before, merged, mark, bad } = what;
  describe(name, () => {
    let device: Bench;
    const start = async (options: Partial<SimOptions> = {}) => {
      device = await bench(driver, transport, { platform, config: before, ...options });
      hurryUndo(device.sim);
      return device;
    };
    afterEach(() => device[Symbol.asyncDispose]());

    it('runs what was merged once the trial is confirmed, keeps the rest, and boots it', async () => {
      const { sim, open } = await start();
      const session = await open();
      {
        await using candidate = await session.load(merged, 'merge', change());
        expect(await candidate.diff()).toMatch(new RegExp(`^\\+.*${mark}`, 'm'));
      }
      expect(sim.running).not.toContain(mark);
      expect(sim.sessions).toEqual([]);
      const { name: id } = await merge(session, merged, 120);
      expect(sim.trial).toBeDefined();
      expect(sim.running).toContain(mark);
      expect(sim.startup).not.toContain(mark);
      const trial = await (await open()).pending();
      expect(trial).toMatchObject({ job: id.job, epoch: 1, phase: 'armed' });
      expect(trial?.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 60_000);
      await trial?.confirm();
      expect(sim.trial).toBeUndefined();
      expect(await session.pending()).toBeUndefined();
      expect(sim.sessions).toEqual([]);
      const running = driver.normalise(await session.config('running'));
      expect(driver.normalise(await session.config('startup'))).toBe(running);
      for (const line of driver.normalise(before).split('\n'))
        if (!/^\s*(?:version|return)/.test(line)) expect(running).toContain(line.trim());
      await using again = await session.load(merged, 'merge', change());
      expect(await again.diff()).toBe('');
    });

    it.each(['?', '\t', '\x1a'])('is never sent %j in a text: the line is named, and how to write it', async (char) => {
      const { sim, open } = await start();
      const running = driver.normalise(sim.running);
      const text = merged.replaceAll(mark, `${mark}${char}x`);
      await expect((await open()).load(text, 'merge', change())).rejects.toMatchObject({
        code: 'rejected',
        line: text.split('\n').findIndex((each) => each.includes(char)) + 1,
        hint: expect.stringMatching(/without "\?"|spaces instead of the TAB|remove the character/),
      });
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.trial).toBeUndefined();
      expect(sim.sessions).toEqual([]);
    });

    it('names the line of the file that it refuses, and is left as it was', async () => {
      const { sim, open } = await start();
      const session = await open();
      const running = driver.normalise(sim.running);
      const line = bad.text.split('\n')[bad.line - 1]?.trim();
      await expect(merge(session, bad.text, 120)).rejects.toMatchObject({
        code: 'rejected',
        line: bad.line,
        message: expect.stringContaining(`line ${bad.line}: "${line}"`),
      });
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.trial).toBeUndefined();
      expect(sim.sessions).toEqual([]);
      await session.run('display version');
    });

    it('goes back by itself when nobody confirms, and does not confirm that', async () => {
      const { sim, open } = await start();
      const session = await open();
      const running = driver.normalise(sim.running);
      const { trial } = await merge(session, merged, what.shortest);
      sim.device.clock.advance(what.shortest * 1000 + 1_000); // not by a fast clock: the lines take their time to be typed
      await expect.poll(() => sim.trial, { timeout: 10_000 }).toBeUndefined();
      expect(driver.normalise(sim.running)).toBe(running);
      await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
      expect(sim.startup).not.toContain(mark);
      expect(driver.normalise(sim.running)).toBe(running);
    });

    it('goes back when told to, by another session', async () => {
      const { sim, open } = await start();
      const running = driver.normalise(sim.running);
      const { name: id } = await merge(await open(), merged, 3600);
      const found = await (await open()).pending();
      expect(found?.job).toBe(id.job);
      await found?.undo();
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.trial).toBeUndefined();
      expect(sim.sessions).toEqual([]);
    });

    it('is found with our trial, and brought back, when the connection is cut right after the commit', async () => {
      const { sim, open } = await start();
      const running = driver.normalise(sim.running);
      const session = await open();
      const id = change();
      {
        await using candidate = await session.load(merged, 'merge', id);
        sim.faults.set({ drop: { match: what.commits, when: 'after' } });
        await candidate.commit({ confirmSeconds: 3600, fence }).catch((error: unknown) => {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(?:closed|unreachable|timeout)$/) });
        });
      }
      sim.faults.set({ drop: null });
      const next = await open();
      const trial = await next.pending();
      expect(trial).toMatchObject({ job: id.job, epoch: 1, phase: 'armed' });
      await trial?.undo();
      await next.clean(2);
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.trial).toBeUndefined();
      expect(sim.sessions).toEqual([]);
    });

    it('comes back to what it was when the connection is cut while lines are typed', async () => {
      const { sim, open } = await start();
      const running = driver.normalise(sim.running);
      const session = await open();
      sim.faults.set({ drop: { match: what.loads, when: 'after' } });
      await expect(merge(session, merged, 60)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:closed|unreachable|timeout)$/),
      });
      sim.faults.set({ drop: null });
      const next = await open();
      await (await next.pending())?.undo();
      await next.clean(2);
      expect(await next.pending()).toBeUndefined();
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.trial).toBeUndefined();
      expect(sim.sessions).toEqual([]);
    });

    it('is not changed when the fence says that the lease is lost', async () => {
      const { sim, open } = await start();
      const lost = () => {
        throw new Error('lease lost');
      };
      const session = await open();
      {
        await using candidate = await session.load(merged, 'merge', change());
        await expect(candidate.commit({ confirmSeconds: 120, fence: lost })).rejects.toThrow('lease lost');
      }
      expect(sim.trial).toBeUndefined();
      expect(sim.running).not.toContain(mark);
      expect(sim.sessions).toEqual([]);
    });

    it('has a trial of somebody else left alone', async () => {
      const { sim, open } = await start();
      const session = await open();
      sim.box.foreign('lock', 'bob');
      const { trial } = sim;
      const committed = merge(session, merged, 120);
      await expect(committed).rejects.toMatchObject({ code: 'locked' });
      expect(sim.trial).toBe(trial);
      expect(sim.running).not.toContain(mark);
      expect(sim.sessions).toEqual([]);
      const seen = await session.pending();
      if (seen) await expect(seen.undo()).rejects.toMatchObject({ code: 'undo_failed' });
    });

    it('is told a difference, and committed nothing, where it would not undo it', async () => {
      const { sim, open } = await start({ config: what.without });
      const session = await open();
      await using candidate = await session.load(merged, 'merge', change());
      expect(await candidate.diff()).toContain(mark);
      await expect(candidate.commit({ confirmSeconds: 120, fence })).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringMatching(/would not undo|was refused/),
      });
      expect(sim.running).not.toContain(mark);
      expect(sim.sessions).toEqual([]);
      await session.run('display version');
    });

    it('is refused a replace by name, and secrets that it would store in another form', async () => {
      const { open } = await start();
      const session = await open();
      await expect(session.load(before, 'replace', change())).rejects.toMatchObject({ code: 'unsupported' });
      const { text, line } = what.secret;
      await expect(session.load(text, 'merge', change())).rejects.toMatchObject({ code: 'refused', line });
    });

    it('tells what it is, its sessions and its addresses', async () => {
      const { open } = await start({ timeScale: 10 });
      const session = await open();
      expect(await session.facts()).toMatchObject({ hostname: driver.hostname(before), serial_number: 'SIMULATED01' });
      await expect.poll(async () => (await session.bgp()).global?.peers['10.0.0.2']?.is_up).toBe(true);
      const bgp = await session.bgp();
      expect(bgp.global?.peers['10.0.0.2']).toMatchObject({
        remote_as: 65002,
        description: 'spine one',
        hold_seconds: 90,
        flaps: platform === 'huawei_vrp' ? 0 : null,
      });
      expect(Object.keys(bgp.global?.peers ?? {})).toContain('2001:db8::2');
      const detail = await session.bgpDetail?.();
      expect(detail?.global?.['65002']?.[0]).toMatchObject({
        up: true,
        configured_keepalive: 30,
        remote_address: '10.0.0.2',
      });
      const addresses = (await session.interfacesIp?.()) ?? {};
      expect(Object.values(addresses).flatMap(({ ipv4 = {} }) => Object.keys(ipv4))).toContain('10.0.0.1');
      expect(Object.values(addresses).flatMap(({ ipv6 = {} }) => Object.keys(ipv6))).toContain('2001:db8::1');
    });

    it('refuses commands in its own words, answers no to what it asks, and goes on', async () => {
      const { open, sim } = await start();
      const session = await open();
      await expect(session.run('display bogosity')).rejects.toMatchObject({
        code: 'rejected',
        message: expect.stringMatching(/\^\n.*Unrecognized command found/),
      });
      await expect(
        session.run(platform === 'huawei_vrp' ? 'reset saved-configuration' : 'reboot'),
      ).rejects.toMatchObject({
        code: 'rejected',
      });
      expect(sim.startup).toContain('10.0.0.2');
      await session.run('system-view'); // and out again by itself
      expect(await session.run('display version')).toContain('uptime is');
      await session.alive();
    });

    it('is not talked to with a wrong password or another host key', async () => {
      const { target, sim } = await start();
      const wrong = { ...target, credentials: { username: 'admin', password: 'wrong' } };
      await expect(driver.open(wrong, forever)).rejects.toMatchObject({ code: 'unauthorized' });
      if (transport !== 'ssh') return;
      sim.changeHostKey();
      await expect(driver.open(target, forever)).rejects.toMatchObject({ code: 'host_key_changed' });
    });
  });
};
