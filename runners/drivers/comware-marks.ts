import { PlumbError } from '../../core/errors.ts';
import { patience } from '../cli-driver.ts';
import type { CliShell } from '../cli-session-shell.ts';
import { parseTrialName } from '../trial-name.ts';
import { sameText } from './vrp-text.ts';

// Comware shows no trial that waits, so ours leaves a mark: what ran before, in a file of the default folder, whose name says
// whose trial it is, until when, and how it was decided. Source: HPE/H3C "Managing configuration files" (`save file-url`
// makes no next-startup file) and "Managing file systems" (`dir`, `more`, `rename`, `delete /unreserved`).

export type Mark = { file: string; name: string; job: string; epoch: number; expiresAt: Date; decided: boolean };

const pattern = /\bplumb-[0-9a-z]{20,40}-\d{1,15}-(\d{9,11})(-ok)?\.cfg\b/g;
const yes = [{ ask: /\[Y\/N\]:?\s*$/i, answer: 'Y' }];
const quietly = { ...patience.load, questions: yes, unchecked: true };

export const markFile = (name: string, expiresAt: Date, decided = false): string =>
  `${name}-${Math.ceil(expiresAt.getTime() / 1000)}${decided ? '-ok' : ''}.cfg`;

/** The marks of ours that are there, newest first. */
export const marks = async (shell: CliShell): Promise<Mark[]> => {
  const listing = await shell.send('dir', { ...patience.show, unchecked: true });
  return [...listing.matchAll(pattern)]
    .flatMap(([file, seconds, ok]) => {
      const ours = parseTrialName(file);
      return ours ? [{ ...ours, file, expiresAt: new Date(Number(seconds) * 1000), decided: ok !== undefined }] : [];
    })
    .sort((a, b) => b.expiresAt.getTime() - a.expiresAt.getTime());
};

/** Keeps what runs now. @throws PlumbError `commit_failed` when no file was written */
export const writeMark = async (shell: CliShell, name: string, expiresAt: Date): Promise<Mark> => {
  const file = markFile(name, expiresAt);
  const said = await shell.send(`save ${file}`, { ...quietly, ...patience.commit });
  const mark = (await marks(shell)).find((each) => each.file === file);
  if (mark) return mark;
  throw new PlumbError('commit_failed', `${shell.name}: cannot keep what runs: ${said.trim().split('\n').at(-1)}`, {
    hint: 'is there room on flash? `dir` on the device tells',
  });
};

/** Notes that a trial is to stay, before it is confirmed: whoever finds the mark after a crash goes on with that. */
export const decide = async (shell: CliShell, mark: Mark): Promise<Mark> => {
  const file = markFile(mark.name, mark.expiresAt, true);
  await shell.send(`rename ${mark.file} ${file}`, quietly);
  const decided = (await marks(shell)).find((each) => each.file === file);
  if (decided) return decided;
  throw new PlumbError('commit_failed', `${shell.name}: cannot rename ${mark.file}, so nothing was confirmed`);
};

export const removeMark = async (shell: CliShell, { file }: Pick<Mark, 'file'>): Promise<void> => {
  await shell.send(`delete /unreserved ${file}`, quietly);
};

/** Whether the device runs what it ran before the trial. */
export const isBefore = async (shell: CliShell, { file }: Pick<Mark, 'file'>): Promise<boolean> => {
  const before = await shell.send(`more ${file}`, patience.load);
  return sameText(before, await shell.send('display current-configuration', patience.load));
};
