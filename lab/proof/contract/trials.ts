import assert from 'node:assert/strict';
import type { Sim } from '../../sim/sim.ts';
import { holds, lacks, refused, until } from '../expect.ts';
import { change, commit } from '../target.ts';
import type { LifecycleCase, Proof, Prove } from './case.ts';

/** What becomes of a trial that is confirmed, undone or left alone. */
export const trials = (what: LifecycleCase, proof: Prove): readonly Proof[] => {
  const { before, after, mark, shortest: brief = 60 } = what;
  // not by a fast clock: a busy machine may take longer to commit than such a trial lasts
  const timeIsUp = async (sim: Sim): Promise<void> => {
    assert.ok(sim.trial, 'a trial waits on the device');
    sim.device.clock.advance(brief * 1000 + 1_000);
    await until(() => sim.trial === undefined, 'the device undoes the trial');
  };
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

    proof('goes back by itself when nobody confirms', async ({ driver, sim, open }) => {
      const session = await open();
      const running = driver.normalise(sim.running);
      await commit(session, after, brief);
      await timeIsUp(sim);
      assert.equal(driver.normalise(sim.running), running);
      assert.notEqual((await session.pending())?.phase, 'armed');
      await session.clean(2);
      assert.notEqual((await session.saved())[0]?.outcome, 'applied');
    }),

    proof('goes back at once when told to', async ({ driver, sim, open }) => {
      const running = driver.normalise(sim.running);
      const { trial } = await commit(await open(), after, 120);
      const found = driver.capabilities.confirmFrom === 'any' ? await (await open()).pending() : trial;
      await found?.undo();
      assert.equal(driver.normalise(sim.running), running);
      assert.equal(sim.trial, undefined);
    }),

    proof('does not confirm what the timer has undone', async ({ open, sim }) => {
      const { trial } = await commit(await open(), after, brief);
      await timeIsUp(sim);
      await refused(trial.confirm(), 'commit_failed');
      lacks(sim.running, mark, 'the running configuration');
      lacks(sim.startup, mark, 'what boots');
    }),
  ];
};
