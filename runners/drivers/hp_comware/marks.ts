import { PlumbError } from '../../../core/errors.ts';
import type { CliShell } from '../../session/shell.ts';
import { parseTrialName } from '../../trial-name.ts';
import { listing, removeFile, saveAs } from '../vrp/files.ts';

// Comware shows no trial that waits, so ours leaves a mark: what ran before, in a file of the default folder, whose name says
// whose trial it is and how many seconds it has. What ran when it was decided is in another, -ok.cfg.

export type Mark = {
  file: string;
  name: string;
  job: string;
  epoch: number;
  seconds: number;
  decided: string | undefined;
};

const pattern = /\bplumb-[0-9a-z]{20,40}-\d{1,15}-(\d{1,11})(-ok)?\.cfg\b/g;

const markFile = (name: string, seconds: number, decided = false): string =>
  `${name}-${seconds}${decided ? '-ok' : ''}.cfg`;

/** The marks of ours that are there, newest first. */
export const marks = async (shell: CliShell): Promise<Mark[]> => {
  const files = [...(await listing(shell)).matchAll(pattern)];
  return files
    .flatMap(([file, seconds, ok]) => {
      const ours = ok === undefined ? parseTrialName(file) : undefined;
      if (!ours) return [];
      const decided = files.find(([other]) => other === markFile(ours.name, Number(seconds), true))?.[0];
      return [{ ...ours, file, seconds: Number(seconds), decided }];
    })
    .sort((a, b) => b.epoch - a.epoch || (a.job < b.job ? 1 : -1));
};

/** Keeps what runs now. @throws PlumbError `commit_failed` when no file was written */
export const writeMark = async (shell: CliShell, name: string, seconds: number): Promise<Mark> => {
  const file = markFile(name, seconds);
  const said = await saveAs(shell, file);
  const mark = (await marks(shell)).find((each) => each.file === file);
  if (mark) return mark;
  throw new PlumbError(
    'commit_failed',
    `${shell.name}: cannot save the running configuration: ${said.trim().split('\n').at(-1)}`,
    {
      hint: 'is there space on flash? `dir` on the device shows it',
    },
  );
};

/**
 * Notes that a trial is to stay, before it is confirmed: whoever finds the mark after a crash goes on with that, as long as
 * what ran then runs. Where there is no room for it, a crash leaves it undecided.
 */
export const decide = async (shell: CliShell, { name, seconds, decided }: Mark): Promise<void> => {
  if (decided === undefined) await saveAs(shell, markFile(name, seconds, true));
};

export const removeMark = async (shell: CliShell, { file, name, seconds }: Mark): Promise<void> => {
  await removeFile(shell, markFile(name, seconds, true));
  await removeFile(shell, file);
};
