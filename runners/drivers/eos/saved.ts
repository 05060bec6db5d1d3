import { isOutcome, PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { ChangeName, Saved } from '../../driver.ts';
import { parseTrialName, trialName } from '../../trial-name.ts';
import type { EosCli } from './cli.ts';

// What ran before each trial is a file on flash. Its name tells all: plumb-JOB-EPOCH-SECONDS-SHA256.OUTCOME

// … or .decided: what ran when a trial was about to be confirmed, the mark by which that is known after a crash.

type Outcome = 'trial' | 'decided' | 'applied' | 'undone';
type SavedFile = { file: string; job: string; epoch: number; at: Date; sha256: string; outcome: Outcome };

const kept = 10;
const pattern = /\bplumb-[0-9a-z]{20,40}-\d+-(\d{9,11})-([0-9a-f]{64})\.(trial|decided|applied|undone)\b/g;

/** Newest first. */
export const listFiles = async (cli: EosCli): Promise<SavedFile[]> => {
  const listing = await cli.text('dir flash:');
  return [...listing.matchAll(pattern)]
    .flatMap(([file, seconds, sha256 = '', outcome]) => {
      const ours = parseTrialName(file);
      if (!ours) return [];
      return [{ ...ours, file, at: new Date(Number(seconds) * 1000), sha256, outcome: outcome as Outcome }];
    })
    .sort((a, b) => b.at.getTime() - a.at.getTime());
};

/** Copies the running configuration to flash. @throws PlumbError `commit_failed`, before anything was changed */
export const saveRunning = async (cli: EosCli, change: ChangeName): Promise<void> => {
  const file = `${trialName(change)}-${Math.floor(Date.now() / 1000)}-${change.sha256}.trial`;
  await cli.text(`copy running-config flash:${file}`, patience.load).catch((cause: unknown) => {
    if (!isOutcome(cause, 'rejected')) throw cause;
    throw new PlumbError(
      'commit_failed',
      `${cli.target.device.name}: cannot save the running configuration: ${cause.message}`,
      {
        cause,
        hint: 'free some space on flash:',
      },
    );
  });
};

type OpenFiles = { before?: string; decided?: string };

/** Of the files, those of a trial that nobody has said yet how it ended. */
export const openOf = (all: readonly SavedFile[], name: string): OpenFiles => {
  const files = all.filter(({ file }) => file.startsWith(`${name}-`));
  const before = files.find(({ outcome }) => outcome === 'trial')?.file;
  const decided = files.find(({ outcome }) => outcome === 'decided')?.file;
  return { ...(before ? { before } : {}), ...(decided ? { decided } : {}) };
};

export const openFiles = async (cli: EosCli, name: string): Promise<OpenFiles> => openOf(await listFiles(cli), name);

/** The mark that a trial is to stay, to be made before it is confirmed. Where there is no room for it, a crash leaves it undecided. */
export const decidedFile = ({ before, decided }: OpenFiles): string | undefined =>
  before && !decided ? before.replace(/\.trial$/, '.decided') : undefined;

/** Makes the mark. @returns false where there is no room for it */
export const makeMark = async (cli: EosCli, mark: string): Promise<boolean> => {
  try {
    await cli.text(`copy running-config flash:${mark}`, patience.load);
    return true;
  } catch (error) {
    if (!isOutcome(error, 'rejected')) throw error;
    return false;
  }
};

/** Says in the name of a saved file how its trial ended. */
export const settle = async (cli: EosCli, { before, decided }: OpenFiles, outcome: Outcome): Promise<void> => {
  if (before) {
    await cli.text(`copy flash:${before} flash:${before.replace(/\.trial$/, `.${outcome}`)}`);
    await cli.text(`delete flash:${before}`);
  }
  if (decided) await cli.text(`delete flash:${decided}`);
};

/** The same for the files that are there now. */
export const settleFile = async (cli: EosCli, name: string, outcome: Outcome): Promise<void> =>
  settle(cli, await openFiles(cli, name), outcome);

/** Removes all but the newest files, and settles what a crash left open. @returns what was removed */
export const pruneFiles = async (cli: EosCli, epoch: number, pending: string | undefined): Promise<string[]> => {
  const files = await listFiles(cli);
  for (const { file, epoch: theirs, outcome } of files) {
    if (outcome !== 'trial' || theirs >= epoch || (pending !== undefined && file.startsWith(`${pending}-`))) continue;
    await settleFile(cli, parseTrialName(file)?.name ?? file, 'undone');
  }
  const isOver = (name: string) => !files.some(({ file, outcome }) => outcome === 'trial' && file.startsWith(name));
  const old = [
    ...files.filter(({ outcome, file }) => outcome === 'decided' && isOver(file.slice(0, file.lastIndexOf('.')))),
    ...files
      .filter(({ outcome }) => outcome !== 'decided')
      .slice(kept)
      .filter(({ outcome }) => outcome !== 'trial'),
  ];
  for (const { file } of old) await cli.text(`delete flash:${file}`);
  return old.map(({ file }) => `flash:${file}`);
};

export const saved = async (cli: EosCli): Promise<Saved[]> =>
  (await listFiles(cli))
    .flatMap(({ job, at, sha256, outcome }): Saved[] =>
      outcome === 'decided' ? [] : [{ job, at, sha256, outcome: outcome === 'trial' ? 'unknown' : outcome }],
    )
    .slice(0, kept);

export const savedConfig = async (cli: EosCli, job: string): Promise<string> => {
  const file = (await listFiles(cli)).find((each) => each.job === job && each.outcome !== 'decided')?.file;
  if (file) return cli.text(`more flash:${file}`, patience.load);
  throw new PlumbError('unknown_job', `${cli.target.device.name}: nothing is saved on flash: from before job ${job}`);
};
