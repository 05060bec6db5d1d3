import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../../core/errors.ts';
import type { Trial } from '../../driver.ts';
import type { CliShell } from '../../session/shell.ts';
import { firesAt, forget, isTaken, surelyOver, surelyWaits, wasTaken } from '../../session/trial-clock.ts';
import { goneTrial, trialHandle } from '../../session/trial-handle.ts';
import { inSystemView, save } from '../vrp/family.ts';
import { runsAs } from '../vrp/files.ts';
import { decide, type Mark, marks, removeMark } from './marks.ts';

// Source: HPE FlexNetwork and H3C Fundamentals Configuration Guides, "Configuring configuration commit delay": the timer makes
// a rollback point, may be shortened while it runs, is gone once it fired or after `configuration commit`. Nothing lists it.

const pollMs = 1_000;
/** The rollback itself takes its time, and nothing else is answered meanwhile. */
const graceMs = 120_000;
const shortestMs = 60_000;

const isBefore = (shell: CliShell, { file }: Mark): Promise<boolean> => runsAs(shell, file);

const settle = async (shell: CliShell, mark: Mark): Promise<void> => {
  await removeMark(shell, mark);
  forget(mark.name);
};

/** What the device asks when a delay runs already. */
export const runsAlready = /\[Y\/N\]:?/i;

/** Of a delay that is set or ended. */
export const answering = (answer: 'Y' | 'N') => ({ ask: /\[Y\/N\]:?\s*$/i, answer });

/** Waits until the device runs what it ran before. */
const isBack = async (shell: CliShell, mark: Mark, forMs: number): Promise<boolean> => {
  const untilMs = performance.now() + forMs;
  while (!(await isBefore(shell, mark))) {
    if (performance.now() > untilMs) return false;
    await wait(pollMs);
  }
  return true;
};

/**
 * Puts the device back to where the timer began, by that timer; its mark goes. Whether it runs still is told by the device
 * alone, which asks before it sets another.
 *
 * @throws PlumbError `undo_failed`
 */
export const undoMark = async (shell: CliShell, mark: Mark): Promise<void> => {
  if (await isBefore(shell, mark)) {
    // nothing is left to undo: the timer must not take away what others do now
    await inSystemView(shell, 'configuration commit', answering('Y'));
  } else {
    const ran = runsAlready.test(await inSystemView(shell, 'configuration commit delay 1', answering('Y')));
    if (!ran) await inSystemView(shell, 'configuration commit', answering('Y')); // it was set by us just now, and has nothing to undo
    if (!ran || !(await isBack(shell, mark, shortestMs + graceMs))) {
      throw new PlumbError(
        'undo_failed',
        `${shell.name}: the running configuration is not the one from before trial "${mark.name}"`,
        {
          hint: `\`configuration replace file ${mark.file}\` in system view restores it; the file stays on the device`,
        },
      );
    }
  }
  await settle(shell, mark);
};

/** The handle of a trial; any session may decide it. */
export const comwareTrial = (shell: CliShell, mark: Mark, phase: Trial['phase']): Trial => {
  const { name } = mark;
  const gone = () => goneTrial(shell.name, name);
  const seen = { name, expiresAt: firesAt(name), phase };
  return trialHandle(shell.name, seen, {
    confirm: async () => {
      const found = (await marks(shell)).find((each) => each.name === name);
      if (!found || (phase === 'armed' && !surelyWaits(name))) throw gone();
      if (await isBefore(shell, found)) {
        await settle(shell, found); // its timer was faster
        throw gone();
      }
      await decide(shell, found);
      await inSystemView(shell, 'configuration commit', answering('Y'));
      if (await isBefore(shell, found)) {
        await settle(shell, found);
        throw gone();
      }
      isTaken(name);
      await save(shell, 'save force');
      await settle(shell, found);
    },
    undo: async () => {
      const found = (await marks(shell)).find((each) => each.name === name);
      if (found) await undoMark(shell, found);
    },
  });
};

/**
 * The newest trial of ours. One that was undone is found until its mark is removed; while something runs that is neither
 * what ran before nor what we decided on, it may wait still, until its time is over by our own clock.
 *
 * @param known names of ours
 */
export const pendingTrial = async (shell: CliShell, known: readonly string[] = []): Promise<Trial | undefined> => {
  const [mark] = await marks(shell);
  if (!mark) return undefined;
  const { name, seconds, decided } = mark;
  if (await isBefore(shell, mark)) return comwareTrial(shell, mark, 'undoing');
  if (wasTaken(name) || (decided !== undefined && (await runsAs(shell, decided))))
    return comwareTrial(shell, mark, 'confirmed');
  if (surelyWaits(name)) return comwareTrial(shell, mark, 'armed');
  if (known.includes(name)) return comwareTrial(shell, mark, 'over');
  return surelyOver(name, seconds) ? undefined : comwareTrial(shell, mark, 'armed');
};

/** Removes marks of older epochs that no trial waits under. @returns what it removed */
export const clean = async (shell: CliShell, epoch: number): Promise<string[]> => {
  const pending = await pendingTrial(shell);
  const left = (await marks(shell)).filter((mark) => mark.epoch < epoch && mark.name !== pending?.name);
  for (const mark of left) await removeMark(shell, mark);
  return left.map(({ file }) => file);
};
