import assert from 'node:assert/strict';
import { explain } from '../../core/errors.ts';
import type { Driver, Session } from '../../runners/driver.ts';
import type { Ports, Sim, SimOptions } from '../sim/sim.ts';
import { type Bench, bench } from './bench.ts';
import { cut, holds, lacks, refused, until } from './expect.ts';
import { change, commit, forever } from './target.ts';

/** A platform's driver, a device for it, and what its configurations look like. */
export type LifecycleCase = {
  driver: Driver | (() => Promise<Driver>);
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
  /** Has somebody else begin a trial. */
  foreign?: (sim: Sim, session: Session) => Promise<unknown> | undefined;
};

/** One thing that must hold on every platform: `title` is a sentence about the device. */
type Proof = { title: string; run: () => Promise<void> };

type Given = Bench & { driver: Driver };
type Options = LifecycleCase['options'];

/** What must hold on every platform, each by itself on a device of its own. */
export const contract = (what: LifecycleCase): readonly Proof[] => {
  const { transport, platform, before, after, mark, bad } = what;
  const proof = (title: string, prove: (given: Given) => Promise<void>, options: Options = {}): Proof => ({
    title,
    run: async () => {
      const driver = typeof what.driver === 'function' ? await what.driver() : what.driver;
      await using device = await bench(driver, transport, { platform, config: before, ...what.options, ...options });
      await prove({ ...device, driver });
    },
  });
  const brief = what.shortest ?? 60;

  return [
    proof('runs the new configuration once the trial is confirmed, and boots it', async ({ driver, sim, open }) => {
      const session = await open();
      {
        await using candidate = await session.load(after, 'replace', change());
        holds(await candidate.diff(), mark, 'the diff');
      }
      const id = change();
      await using candidate = await session.load(after, 'replace', id);
      const armed = await candidate.commit({ confirmSeconds: 120, fence: () => {} });
      assert.ok(sim.trial, 'a trial waits on the device');
      holds(sim.running, mark, 'the running configuration under the trial');
      if (driver.capabilities.startup) lacks(sim.startup, mark, 'what boots before the confirm');
      const trial = driver.capabilities.confirmFrom === 'any' ? await (await open()).pending() : armed;
      assert.deepEqual([trial?.job, trial?.epoch, trial?.phase], [id.job, 1, 'armed'], 'the trial is known as ours');
      await trial?.confirm();
      await trial?.confirm(); // whoever is not sure that it was asked for asks again
      assert.equal(sim.trial, undefined, 'no trial waits after the confirm');
      assert.equal(await session.pending(), undefined);
      holds(sim.startup, mark, 'what boots after the confirm');
      const running = driver.normalise(await session.config('running'));
      if (driver.capabilities.startup) assert.equal(driver.normalise(await session.config('startup')), running);
      const saved = await session.saved();
      if (what.keepsNothing) assert.deepEqual(saved, []);
      else {
        assert.deepEqual([saved[0]?.job, saved[0]?.outcome], [id.job, 'applied']);
        lacks(await session.savedConfig(id.job), mark, 'what was saved before the trial');
      }
      {
        await using again = await session.load(after, 'replace', change());
        assert.equal(await again.diff(), '', 'the diff of what runs');
      }
      await using without = await session.load(before, 'replace', change());
      holds(await without.diff(), mark, 'the diff of a text without it: a replace also takes away');
    }),

    proof('names the line of the file that it refuses, and is left as it was', async ({ driver, sim, open }) => {
      const session = await open();
      const running = driver.normalise(sim.running);
      const line = bad.text.split('\n')[bad.line - 1]?.trim();
      const error = await refused(commit(session, bad.text, 120), 'rejected');
      assert.equal(error.line, bad.line, 'the number of the refused line');
      holds(error.message, `line ${bad.line}: "${line}"`, 'the message');
      assert.equal(explain(error), error.message, 'what the device said is told once');
      assert.equal(driver.normalise(sim.running), running);
      assert.equal(sim.trial, undefined);
      assert.deepEqual(sim.sessions, [], 'candidates that are left');
      await using candidate = await session.load(before, 'replace', change());
      assert.equal(await candidate.diff(), '');
    }),

    proof(
      'goes back by itself when nobody confirms',
      async ({ driver, sim, open }) => {
        const session = await open();
        const running = driver.normalise(sim.running);
        await commit(session, after, brief);
        await until(() => sim.trial === undefined, 'the device undoes the trial');
        assert.equal(driver.normalise(sim.running), running);
        assert.notEqual((await session.pending())?.phase, 'armed');
        await session.clean(2);
        assert.notEqual((await session.saved())[0]?.outcome, 'applied');
      },
      { timeScale: 200 },
    ),

    proof('goes back at once when told to', async ({ driver, sim, open }) => {
      const running = driver.normalise(sim.running);
      const { trial } = await commit(await open(), after, 120);
      const found = driver.capabilities.confirmFrom === 'any' ? await (await open()).pending() : trial;
      await found?.undo();
      assert.equal(driver.normalise(sim.running), running);
      assert.equal(sim.trial, undefined);
    }),

    proof(
      'does not confirm what the timer has undone',
      async ({ open, sim }) => {
        const { trial } = await commit(await open(), after, brief);
        await until(() => sim.trial === undefined, 'the device undoes the trial');
        await refused(trial.confirm(), 'commit_failed');
        lacks(sim.running, mark, 'the running configuration');
        lacks(sim.startup, mark, 'what boots');
      },
      { timeScale: 200 },
    ),

    proof(
      'is found with our trial, and brought back, when the connection is cut right after the commit',
      async ({ driver, sim, open }) => {
        const running = driver.normalise(sim.running);
        const session = await open();
        const id = change();
        {
          await using candidate = await session.load(after, 'replace', id);
          sim.faults.set({ drop: { match: what.commits, when: 'after' } });
          const answered = candidate.commit({ confirmSeconds: 120, fence: () => {} });
          await answered.catch(() => refused(answered, ...cut)); // the answer may have come through before the cut
        }
        sim.faults.set({ drop: null });
        holds(sim.running, mark, 'the running configuration under the trial');
        const next = await open();
        const trial = await next.pending();
        assert.deepEqual([trial?.job, trial?.epoch, trial?.phase], [id.job, 1, 'armed'], 'the trial is known as ours');
        await trial?.undo();
        await next.clean(2);
        assert.equal(driver.normalise(sim.running), running);
        assert.equal(sim.trial, undefined);
        assert.deepEqual(sim.sessions, [], 'candidates that are left');
      },
      { timeScale: 20 },
    ),

    proof(
      'is left as it was when the connection is cut while the candidate is loaded',
      async ({ driver, sim, open }) => {
        const running = driver.normalise(sim.running);
        const session = await open();
        sim.faults.set({ drop: { match: what.loads ?? mark, when: 'before' } });
        await refused(session.load(after, 'replace', change()), ...cut);
        sim.faults.set({ drop: null });
        const next = await open();
        await next.clean(2);
        assert.equal(await next.pending(), undefined);
        assert.equal(driver.normalise(sim.running), running);
        assert.deepEqual(sim.sessions, [], 'candidates that are left');
      },
    ),

    proof('is not committed to when the fence says that the lease is lost', async ({ sim, open }) => {
      const session = await open();
      const lost = () => {
        throw new Error('lease lost');
      };
      {
        await using candidate = await session.load(after, 'replace', change());
        await assert.rejects(candidate.commit({ confirmSeconds: 120, fence: lost }), /lease lost/);
      }
      assert.equal(sim.trial, undefined);
      lacks(sim.running, mark, 'the running configuration');
      assert.deepEqual(sim.sessions, [], 'candidates that are left');
    }),

    ...(what.foreign
      ? [
          proof('has a foreign trial named and left alone', async ({ sim, open }) => {
            const session = await open();
            await what.foreign?.(sim, session);
            assert.ok(sim.trial, "somebody else's trial waits");
            const trial = await session.pending();
            assert.ok(trial, 'the trial is seen');
            assert.equal(trial.job, undefined, 'it is not taken for ours');
            await refused(session.load(after, 'replace', change()), 'locked');
            await refused(trial.undo(), 'undo_failed');
            assert.ok(sim.trial, 'it waits still');
          }),
        ]
      : []),

    ...(what.secret
      ? [
          proof('is refused secrets that it would store in another form', async ({ open }) => {
            const { text = '', line } = what.secret ?? {};
            const error = await refused((await open()).load(text, 'replace', change()), 'refused');
            assert.equal(error.line, line);
          }),
        ]
      : []),

    proof('tells what it is and which sessions it has', async ({ driver, open }) => {
      const session = await open();
      const { getters } = driver.capabilities;
      if (getters.includes('facts')) assert.equal((await session.facts()).hostname, driver.hostname(before));
      else await refused(session.facts(), 'unsupported');
      if (!getters.includes('bgp')) return;
      const peers = Object.values(await session.bgp()).flatMap((vrf) => Object.keys(vrf.peers));
      assert.notDeepEqual(peers, [], 'the BGP sessions');
    }),

    proof('runs commands and refuses what it does not know in its own words', async ({ open }) => {
      const session = await open();
      await refused(session.run('show bogosity'), 'rejected');
      await session.alive();
    }),

    proof('is not talked to with a wrong password or another host key', async ({ driver, target, sim }) => {
      const wrong = { ...target, credentials: { username: 'admin', password: 'wrong' } };
      await refused(driver.open(wrong, forever), 'unauthorized');
      if (transport !== 'ssh' && transport !== 'netconf') return;
      sim.changeHostKey();
      await refused(driver.open(target, forever), 'host_key_changed');
    }),
  ];
};
