import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../core/errors.ts';
import { patience } from '../cli-driver.ts';
import type { CliShell } from '../cli-session-shell.ts';
import type { Trial } from '../driver.ts';
import { decide, isBefore, type Mark, marks, removeMark } from './comware-marks.ts';

// Source: HPE FlexNetwork and H3C Fundamentals Configuration Guides, "Configuring configuration commit delay": the timer makes
// a rollback point, may be shortened while it runs, is gone once it fired or after `configuration commit`. Nothing lists it.

const pollMs = 1_000;
/** The rollback itself takes its time, and nothing else is answered meanwhile. */
const graceMs = 120_000;
const shortestMs = 60_000;

/** What the device asks when a delay runs already. */
export const runsAlready = /\[Y\/N\]:?/i;

/** Says something in system view and leaves it. @param answer to what it asks */
export const inSystemView = async (shell: CliShell, command: string, answer: 'Y' | 'N'): Promise<string> => {
  await shell.send('system-view', patience.load);
  try {
    const questions = [{ ask: /\[Y\/N\]:?\s*$/i, answer }];
    return await shell.send(command, { ...patience.commit, questions, unchecked: true });
  } finally {
    await shell.send('return', { ...patience.load, unchecked: true });
  }
};

const save = async (shell: CliShell): Promise<void> => {
  const questions = [{ ask: /\[Y\/N\]:?\s*$/i, answer: 'Y' }];
  const said = await shell.send('save force', { ...patience.commit, questions, unchecked: true });
  if (/success/i.test(said)) return;
  const last = said.trim().split('\n').at(-1) ?? '';
  throw new PlumbError('commit_failed', `${shell.name}: "save force" did not succeed: ${last}`);
};

/** Waits until the device runs what it ran before. */
const isBack = async (shell: CliShell, mark: Mark, untilMs: number): Promise<boolean> => {
  while (!(await isBefore(shell, mark))) {
    if (Date.now() > untilMs) return false;
    await wait(pollMs);
  }
  return true;
};

/** Puts the device back to where the timer began, by that timer; its mark goes. @throws PlumbError `undo_failed` */
export const undoMark = async (shell: CliShell, mark: Mark): Promise<void> => {
  if (await isBefore(shell, mark)) {
    // nothing is left to undo: the timer must not take away what others do now
    await inSystemView(shell, 'configuration commit', 'Y');
  } else {
    let untilMs = mark.expiresAt.getTime();
    if (Date.now() + shortestMs < untilMs) {
      await inSystemView(shell, 'configuration commit delay 1', 'Y');
      untilMs = Date.now() + shortestMs;
    }
    if (!(await isBack(shell, mark, untilMs + graceMs))) {
      throw new PlumbError('undo_failed', `${shell.name}: what runs is not what ran before trial "${mark.name}"`, {
        hint: `\`configuration replace file ${mark.file}\` in system view restores it; the file stays on the device`,
      });
    }
  }
  await removeMark(shell, mark);
};

/** The handle of a trial; any session may decide it. */
export const comwareTrial = (shell: CliShell, mark: Mark): Trial => {
  const gone = () =>
    new PlumbError('commit_failed', `${shell.name}: trial "${mark.name}" is gone before it was confirmed`);
  return {
    name: mark.name,
    job: mark.job,
    epoch: mark.epoch,
    owner: 'Plumbline',
    expiresAt: mark.expiresAt,
    phase: mark.decided ? 'confirmed' : Date.now() < mark.expiresAt.getTime() ? 'armed' : 'undoing',
    confirm: async () => {
      const found = (await marks(shell)).find(({ name }) => name === mark.name);
      if (!found || (!found.decided && Date.now() >= found.expiresAt.getTime())) throw gone();
      const decided = found.decided ? found : await decide(shell, found);
      await inSystemView(shell, 'configuration commit', 'Y');
      if (await isBefore(shell, decided)) {
        await removeMark(shell, decided); // its timer was faster
        throw gone();
      }
      await save(shell);
      await removeMark(shell, decided);
    },
    undo: async () => {
      const found = (await marks(shell)).find(({ name }) => name === mark.name);
      if (found) await undoMark(shell, found);
    },
  };
};

/** The newest trial of ours; one whose time is long over was undone, and only its mark is left. */
export const pendingTrial = async (shell: CliShell): Promise<Trial | undefined> => {
  const [mark] = await marks(shell);
  if (!mark) return undefined;
  const over = Date.now() > mark.expiresAt.getTime() + graceMs;
  return over && !mark.decided ? undefined : comwareTrial(shell, mark);
};

/** Removes marks of older epochs that no trial waits under. @returns what it removed */
export const clean = async (shell: CliShell, epoch: number): Promise<string[]> => {
  const pending = await pendingTrial(shell);
  const left = (await marks(shell)).filter((mark) => mark.epoch < epoch && mark.name !== pending?.name);
  for (const mark of left) await removeMark(shell, mark);
  return left.map(({ file }) => file);
};
