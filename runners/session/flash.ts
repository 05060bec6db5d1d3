import { PlumbError } from '../../core/errors.ts';
import { patience } from '../dialogue/cli-driver.ts';
import type { ChangeName, Saved } from '../driver.ts';
import { parseTrialName, trialName } from '../trial-name.ts';
import type { CliShell } from './shell.ts';

// Platforms that load and save configurations as files on their flash.

/** How a platform handles its files. */
export type FlashDialect = {
  list: string;
  path(file: string): string;
  print(file: string): string;
  copy(from: string, to: string): string;
  remove(file: string): string;
  /** Opens a file for writing, in the device's Tcl; the channel is in the variable `fl`. */
  open(file: string): string;
  /** Prints the MD5 sum of a file. */
  md5(file: string): string;
};

/** `decided`: what ran when a trial was about to be confirmed, the mark by which that is known after a crash. */
type Outcome = 'trial' | 'decided' | 'applied' | 'undone';
export type FlashFile = { file: string; name: string; job: string; epoch: number; at: Date; outcome: Outcome };

const kept = 10;
const savedPattern = /\bplumb-[0-9a-z]{20,40}-\d+-(\d{9,11})\.(trial|decided|applied|undone)\b/g;
const candidatePattern = /\bplumb-[0-9a-z]{20,40}-\d+\.cfg\b/g;

/** The file that a candidate of that name is uploaded to. */
export const candidateFile = (name: string): string => `${name}.cfg`;

/** What was saved before trials and of those that were decided, newest first. */
export const flashFiles = async (shell: CliShell, dialect: FlashDialect): Promise<FlashFile[]> => {
  const listing = await shell.send(dialect.list, { ...patience.show, unchecked: true });
  return [...listing.matchAll(savedPattern)]
    .flatMap(([file, seconds, outcome]) => {
      const ours = parseTrialName(file);
      return ours ? [{ ...ours, file, at: new Date(Number(seconds) * 1000), outcome: outcome as Outcome }] : [];
    })
    .sort((a, b) => b.at.getTime() - a.at.getTime());
};

/** Copies the running configuration to flash before a trial. @throws PlumbError `commit_failed` */
export const saveToFlash = async (shell: CliShell, dialect: FlashDialect, change: ChangeName): Promise<void> => {
  const file = `${trialName(change)}-${Math.floor(Date.now() / 1000)}.trial`;
  const said = await shell.send(dialect.copy('running-config', dialect.path(file)), {
    ...patience.load,
    unchecked: true,
  });
  if ((await flashFiles(shell, dialect)).some((each) => each.file === file)) return;
  const why = said.split('\n').find((line) => /error|fail|space/i.test(line));
  throw new PlumbError(
    'commit_failed',
    `${shell.name}: cannot save the running configuration: ${why?.trim() ?? 'no file was written'}`,
    {
      hint: `free some space on ${dialect.path('')}`,
    },
  );
};

/** Notes that a trial is to stay, before it is confirmed. Where there is no room for it, a crash leaves it undecided. */
export const decideOnFlash = async (shell: CliShell, dialect: FlashDialect, name: string): Promise<void> => {
  const open = (await flashFiles(shell, dialect)).filter((each) => each.name === name);
  const trial = open.find(({ outcome }) => outcome === 'trial');
  if (!trial || open.some(({ outcome }) => outcome === 'decided')) return;
  const mark = trial.file.replace(/\.trial$/, '.decided');
  await shell.send(dialect.copy('running-config', dialect.path(mark)), { ...patience.load, unchecked: true });
};

/** Says in the name of a trial's saved file how it ended. */
export const settleFlash = async (
  shell: CliShell,
  dialect: FlashDialect,
  name: string,
  outcome: Outcome,
): Promise<void> => {
  const open = (await flashFiles(shell, dialect)).filter((each) => each.name === name);
  for (const { file } of open.filter((each) => each.outcome === 'trial')) {
    const settled = file.replace(/\.trial$/, `.${outcome}`);
    await shell.send(dialect.copy(dialect.path(file), dialect.path(settled)), patience.load);
    await shell.send(dialect.remove(file), patience.load);
  }
  for (const { file } of open.filter((each) => each.outcome === 'decided'))
    await shell.send(dialect.remove(file), patience.load);
  await shell.send(dialect.remove(`${name}.cfg`), { ...patience.load, unchecked: true });
};

/** Removes candidates of older epochs, settles what a crash left open, keeps the newest saved files. */
export const cleanFlash = async (
  shell: CliShell,
  dialect: FlashDialect,
  epoch: number,
  pending: string | undefined,
): Promise<string[]> => {
  const removed: string[] = [];
  const remove = async (file: string): Promise<void> => {
    await shell.send(dialect.remove(file), { ...patience.load, unchecked: true });
    removed.push(dialect.path(file));
  };
  const listing = await shell.send(dialect.list, { ...patience.show, unchecked: true });
  for (const [file] of listing.matchAll(candidatePattern)) {
    const ours = parseTrialName(file);
    if (ours && ours.epoch < epoch && ours.name !== pending) await remove(file);
  }
  const files = await flashFiles(shell, dialect);
  const isOver = ({ name }: FlashFile) => !files.some((each) => each.name === name && each.outcome === 'trial');
  for (const each of files) if (each.outcome === 'decided' && isOver(each)) await remove(each.file);
  for (const { name, epoch: theirs, outcome } of files) {
    if (outcome === 'trial' && theirs < epoch && name !== pending) await settleFlash(shell, dialect, name, 'undone');
  }
  const saved = files.filter(({ outcome }) => outcome !== 'decided');
  for (const { file, outcome } of saved.slice(kept)) if (outcome !== 'trial') await remove(file);
  return removed;
};

export const savedOnFlash = async (shell: CliShell, dialect: FlashDialect): Promise<Saved[]> =>
  (await flashFiles(shell, dialect))
    .flatMap(({ job, at, outcome }): Saved[] =>
      // a file name of 63 characters has no room for the hash: the job's record has it
      outcome === 'decided' ? [] : [{ job, at, sha256: '', outcome: outcome === 'trial' ? 'unknown' : outcome }],
    )
    .slice(0, kept);

/** @throws PlumbError `unknown_job` */
export const savedTextOnFlash = async (shell: CliShell, dialect: FlashDialect, job: string): Promise<string> => {
  const files = await flashFiles(shell, dialect);
  const file = files.find((each) => each.job === job && each.outcome !== 'decided')?.file;
  if (file) return `${await shell.send(dialect.print(file), patience.load)}\n`;
  throw new PlumbError('unknown_job', `${shell.name}: nothing is saved on ${dialect.path('')} from before job ${job}`);
};
