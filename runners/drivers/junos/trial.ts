import { PlumbError } from '../../../core/errors.ts';
import type { Saved, Trial } from '../../driver.ts';
import { goneTrial, type SeenTrial, trialHandle } from '../../session/trial-handle.ts';
import { parseTrialName } from '../../trial-name.ts';
import type { JunosCommit, JunosOps } from './ops.ts';

// A commit's comment says whose it is: "NAME SHA256", "NAME applied", "NAME undone".

const hash = /\b[0-9a-f]{64}\b/;

const expiry = ({ at, confirmMinutes = 0 }: JunosCommit): Date => new Date(at.getTime() + confirmMinutes * 60_000);

/** The handle of a trial. Its phase is `confirmed` where somebody's commit or commit check confirmed it. */
export const junosTrial = (ops: JunosOps, seen: SeenTrial): Trial => {
  const { name } = seen;
  const { name: device } = ops.target.device;
  const newestIfOurs = async () => {
    const [newest] = await ops.history();
    return newest?.text.includes(name) && newest.confirmMinutes !== undefined ? newest : undefined;
  };
  return trialHandle(device, seen, {
    confirm: async () => {
      // locked, so that nobody's uncommitted changes are committed with it
      await ops.lock();
      try {
        const newest = await newestIfOurs();
        if (!newest) throw goneTrial(device, name);
        if (newest.pending) await ops.commit(`${name} applied`);
      } finally {
        await ops.unlock();
      }
    },
    undo: async () => {
      await ops.lock();
      try {
        if (!(await newestIfOurs())) return; // its timer was faster
        await ops.rollback(1); // the newest commit is our trial: the one below is what ran before it
        if (!(await newestIfOurs())) return;
        await ops.commit(`${name} undone`);
      } finally {
        await ops.unlock();
      }
    },
  });
};

/** @param known names of ours: one that somebody confirmed is found too, as long as it is the newest commit */
export const pendingTrial = async (ops: JunosOps, known: readonly string[] = []): Promise<Trial | undefined> => {
  const [newest] = await ops.history();
  const ours = newest && parseTrialName(newest.text);
  if (newest?.pending) {
    const owner = ours ? `Plumbline (${newest.user})` : newest.user;
    return junosTrial(ops, { name: ours?.name ?? `commit ${newest.number}`, owner, expiresAt: expiry(newest) });
  }
  if (!ours || newest.confirmMinutes === undefined || !known.includes(ours.name)) return undefined;
  return junosTrial(ops, { name: ours.name, owner: `Plumbline (${newest.user})`, phase: 'confirmed' });
};

type Ours = { name: string; job: string; commit: JunosCommit; outcome: Saved['outcome'] };

/** @param next the commit after it */
const outcomeOf = (name: string, commit: JunosCommit, next: JunosCommit | undefined): Saved['outcome'] => {
  if (!next) return commit.pending ? 'unknown' : 'applied'; // a commit check of somebody leaves no commit
  if (next.text.includes(name)) return next.text.includes('undone') ? 'undone' : 'applied';
  return next.client === 'other' ? 'undone' : 'applied'; // Junos itself rolled it back, or somebody confirmed it
};

const ourCommits = async (ops: JunosOps): Promise<Ours[]> => {
  const history = await ops.history();
  return history.flatMap((commit, at) => {
    const ours = parseTrialName(commit.text);
    if (!ours || commit.confirmMinutes === undefined) return [];
    return [{ name: ours.name, job: ours.job, commit, outcome: outcomeOf(ours.name, commit, history[at - 1]) }];
  });
};

/** Junos keeps 50 commits; what ran before a job is the one below its trial. */
export const saved = async (ops: JunosOps): Promise<Saved[]> =>
  (await ourCommits(ops)).slice(0, 10).map(({ job, commit, outcome }) => ({
    job,
    at: commit.at,
    sha256: hash.exec(commit.text)?.[0] ?? '',
    outcome,
  }));

/** @throws PlumbError `unknown_job` */
export const savedConfig = async (ops: JunosOps, job: string): Promise<string> => {
  const found = (await ourCommits(ops)).find((each) => each.job === job);
  if (!found)
    throw new PlumbError('unknown_job', `${ops.target.device.name}: the device no longer has the commit of job ${job}`);
  await ops.lock();
  try {
    await ops.rollback(found.commit.number + 1);
    return await ops.config('candidate');
  } finally {
    await ops.unlock();
  }
};
