import assert from 'node:assert/strict';
import { cut, holds, lacks, refused } from '../expect.ts';
import { change } from '../target.ts';
import type { LifecycleCase, Proof, Prove } from './case.ts';

/** What is left where a connection or a lease is lost on the way. */
export const cutOff = (what: LifecycleCase, proof: Prove): readonly Proof[] => {
  const { after, mark } = what;
  return [
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
  ];
};
