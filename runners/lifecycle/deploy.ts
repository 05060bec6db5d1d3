import { failure } from '../holding/job-record.ts';
import { loginProof } from './checks/login.ts';
import type { Committed, Deployed, Deployment } from './deployment.ts';
import { madeBefore } from './made-before.ts';
import { outcomeOf, unlooked, untouched } from './outcome.ts';
import { asFailure } from './own-fault.ts';
import { bootsWhatRuns, unsaved } from './startup.ts';
import { approve } from './steps/approve.ts';
import { check } from './steps/check.ts';
import { commit, unanswered } from './steps/commit.ts';
import { confirm } from './steps/confirm.ts';
import { connect } from './steps/connect.ts';
import { diff } from './steps/diff.ts';
import { guard } from './steps/guard.ts';
import { load } from './steps/load.ts';
import { readBack } from './steps/read-back.ts';
import { TrialFailed } from './trial/context.ts';

/** Ended without a commit of this run. @param kind `applied`: an earlier run of this job had made it */
const without = ({ record }: Deployment, kind: 'unchanged' | 'previewed' | 'applied' = 'unchanged') => ({
  kind: 'ended' as const,
  outcome: { kind },
  unseen: false,
  left: kind !== 'applied',
  runningSha256: record.job.runningSha256,
});

/**
 * One run of the lifecycle (docs/concepts.md), each step a file in `steps/`. It ends in a state of the device that was read
 * back.
 *
 * @throws PlumbError `lease_lost`; whatever else is thrown on the way is told by the outcome, given what was seen to run
 */
export const deploy = async (deployment: Deployment): Promise<Deployed> => {
  const { device, driver, record, warm, signal, lease, state, lastUndo, dryRun, manual, approval } = deployment;
  const begun = structuredClone(record.job);
  let committed: Committed | undefined;
  try {
    const text = guard(deployment);
    const reached = await connect(deployment, text, async (session, running) => {
      // it takes its time: meanwhile the text is loaded
      await using login = loginProof(warm, signal, !dryRun && (!manual || approval !== undefined));
      await using candidate = await load(deployment, text, session);
      const difference = await diff(deployment, candidate, [running, text]);
      if (difference === '') {
        const saved = dryRun || (await bootsWhatRuns(driver, session, driver.normalise(running)));
        return { kind: saved ? 'unchanged' : 'unsaved' } as const;
      }
      if (dryRun) return { kind: 'previewed' } as const;
      const asked = approve(deployment);
      if (asked) return { kind: 'awaiting', approval: asked } as const;
      return await commit(deployment, session, candidate, { text, running, difference }, login); // before the candidate is disposed
    });
    switch (reached.kind) {
      case 'unchanged':
        return without(deployment, (await madeBefore(deployment, begun)) ? 'applied' : 'unchanged');
      case 'unsaved':
        return { ...without(deployment), outcome: failure(unsaved(device.name)) };
      case 'previewed':
        return without(deployment, 'previewed');
      case 'awaiting':
        return reached;
      case 'unanswered':
        committed = reached;
        return await unanswered(deployment, reached);
      case 'committed':
        committed = reached;
        break;
      default:
        return reached satisfies never;
    }
    const proven = await check(deployment, text, reached);
    await confirm(deployment, reached, proven);
    return await readBack(deployment, text, reached.foreign);
  } catch (error) {
    lease.assert(); // how it ended is the next holder's to say
    const why = asFailure(error, deployment, 'deploying');
    const seen = error instanceof TrialFailed ? error.seen : committed ? unlooked : untouched;
    if (committed && seen.runs !== 'new') lastUndo.note(committed.before);
    return { kind: 'ended', ...outcomeOf(device.name, why, seen), runningSha256: undefined };
  } finally {
    await state.update({ trial: null }).catch(() => {});
  }
};
