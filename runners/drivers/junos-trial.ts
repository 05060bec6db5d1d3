import { PlumbError } from '../../core/errors.ts';
import type { Saved, Trial } from '../driver.ts';
import { parseTrialName } from '../trial-name.ts';
import type { JunosCommit, JunosOps } from './junos-ops.ts';

// A commit's comment says whose it is: "NAME SHA256", "NAME applied", "NAME undone".

const lateMs = 60_000; // the undo was seen to come up to 35 s late
const hash = /\b[0-9a-f]{64}\b/;

const expiry = ({ at, confirmMinutes = 0 }: JunosCommit): Date => new Date(at.getTime() + confirmMinutes * 60_000);

/** The newest commit, where it waits to be confirmed. */
const waiting = async (ops: JunosOps): Promise<JunosCommit | undefined> => {
  const [newest] = await ops.history();
  if (newest?.confirmMinutes === undefined) return undefined;
  return Date.now() < expiry(newest).getTime() + lateMs ? newest : undefined;
};

export const junosTrial = (ops: JunosOps, name: string, owner: string, expiresAt: Date | undefined): Trial => {
  const { name: device } = ops.target.device;
  const ours = parseTrialName(name);
  const stillWaits = async () => (await waiting(ops))?.text.includes(name) ?? false;
  return {
    name,
    job: ours?.job,
    epoch: ours?.epoch,
    owner,
    expiresAt,
    phase: 'armed',
    confirm: async () => {
      // locked, so that nobody's uncommitted changes are committed with it
      await ops.lock();
      try {
        if (!(await stillWaits())) {
          throw new PlumbError('commit_failed', `${device}: trial "${name}" is gone before it was confirmed`);
        }
        await ops.commit(`${name} applied`);
      } finally {
        await ops.unlock();
      }
    },
    undo: async () => {
      if (!ours) throw new PlumbError('undo_failed', `${device}: the trial of ${owner} is not ours to undo`);
      await ops.lock();
      try {
        if (!(await stillWaits())) return; // its timer was faster
        await ops.rollback(1); // the newest commit is our trial: the one below is what ran before it
        if (!(await stillWaits())) return;
        await ops.commit(`${name} undone`);
      } finally {
        await ops.unlock();
      }
    },
  };
};

export const pendingTrial = async (ops: JunosOps): Promise<Trial | undefined> => {
  const commit = await waiting(ops);
  if (!commit) return undefined;
  const ours = parseTrialName(commit.text);
  return junosTrial(
    ops,
    ours?.name ?? `commit ${commit.number}`,
    ours ? `Plumbline (${commit.user})` : commit.user,
    expiry(commit),
  );
};

type Ours = { name: string; job: string; commit: JunosCommit; outcome: Saved['outcome'] };

const ourCommits = async (ops: JunosOps): Promise<Ours[]> => {
  const history = await ops.history();
  return history.flatMap((commit) => {
    const ours = parseTrialName(commit.text);
    if (!ours || commit.confirmMinutes === undefined) return [];
    const later = history.filter(({ number, text }) => number < commit.number && text.includes(ours.name));
    const outcome = later.some(({ text }) => text.includes('applied'))
      ? 'applied'
      : later.length > 0 || commit.number > 0
        ? 'undone'
        : 'unknown';
    return [{ name: ours.name, job: ours.job, commit, outcome }];
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
    throw new PlumbError('unknown_job', `${ops.target.device.name}: no commit of job ${job} is kept on the device`);
  await ops.lock();
  try {
    await ops.rollback(found.commit.number + 1);
    return await ops.config('candidate');
  } finally {
    await ops.unlock();
  }
};
