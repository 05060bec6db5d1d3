import type { CliShell } from '../../session/shell.ts';
import { parseTrialName } from '../../trial-name.ts';
import { listing, removeFile, runsAs, saveAs } from '../vrp/files.ts';

// VRP shows a trial that waits, but nothing of one that was confirmed and not yet saved. So what runs when a trial is decided
// is kept in a file that says whose it was, until it is saved to startup.

type Mark = { file: string; name: string; epoch: number };

const pattern = /\bplumb-[0-9a-z]{20,40}-\d{1,15}-ok\.cfg\b/g;

const markFile = (name: string): string => `${name}-ok.cfg`;

const marksIn = (listed: string): Mark[] =>
  [...listed.matchAll(pattern)].flatMap(([file]) => {
    const ours = parseTrialName(file);
    return ours ? [{ ...ours, file }] : [];
  });

/**
 * Notes that a trial is to stay, before it is confirmed: whoever finds that after a crash saves it, as long as what ran then
 * runs. Where there is no room for it, or the device saves nothing while a trial waits, a crash leaves startup as it was.
 */
export const decide = async (shell: CliShell, name: string): Promise<void> => {
  await saveAs(shell, markFile(name));
};

/** @param listed what `dir` printed. @returns the name of a trial that was decided, and whose text runs */
export const decidedTrial = async (shell: CliShell, listed: string): Promise<string | undefined> => {
  for (const { file, name } of marksIn(listed)) if (await runsAs(shell, file)) return name;
  return undefined;
};

/**
 * Removes marks of trials that are over.
 *
 * @param epoch the newest that is meant
 * @param pending the trial that is not over
 * @returns what it removed
 */
export const removeMarks = async (shell: CliShell, epoch: number, pending?: string): Promise<string[]> => {
  const left = marksIn(await listing(shell)).filter((mark) => mark.epoch <= epoch && mark.name !== pending);
  for (const { file } of left) await removeFile(shell, file);
  return left.map(({ file }) => file);
};
