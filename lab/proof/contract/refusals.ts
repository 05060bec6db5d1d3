import assert from 'node:assert/strict';
import { explain } from '../../../core/errors.ts';
import { holds, refused } from '../expect.ts';
import { change, commit, forever } from '../target.ts';
import type { LifecycleCase, Proof, Prove } from './case.ts';

/** What the device refuses, and whom; and what it tells. */
export const refusals = (what: LifecycleCase, proof: Prove): readonly Proof[] => {
  const { transport, before, after, bad } = what;
  return [
    proof('names the line of the file that it refuses, and is left as it was', async ({ driver, sim, open }) => {
      const session = await open();
      const running = driver.normalise(sim.running);
      const line = bad.text.split('\n')[bad.line - 1]?.trim();
      const error = await refused(commit(session, bad.text, 120), 'rejected');
      assert.equal(error.line, bad.line, 'the number of the refused line');
      holds(error.message, `line ${bad.line}: "${line}"`, 'the message');
      assert.equal(explain(error), error.message, 'what the device said is reported once');
      assert.equal(driver.normalise(sim.running), running);
      assert.equal(sim.trial, undefined);
      assert.deepEqual(sim.sessions, [], 'candidates that are left');
      await using candidate = await session.load(before, 'replace', change());
      assert.equal(await candidate.diff(), '');
    }),

    ...(what.foreign
      ? [
          proof('has a foreign trial named and left alone', async ({ sim, open }) => {
            const session = await open();
            await what.foreign?.(sim, session);
            assert.ok(sim.trial, "somebody else's trial waits");
            const trial = await session.pending();
            assert.ok(trial, 'the trial is seen');
            assert.equal(trial.job, undefined, 'it is not mistaken for ours');
            await refused(session.load(after, 'replace', change()), 'locked');
            await refused(trial.undo(), 'undo_failed');
            assert.ok(sim.trial, 'it is still pending');
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
