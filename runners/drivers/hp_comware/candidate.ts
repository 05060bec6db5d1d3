import type { Mode } from '../../../core/bus.ts';
import { isLost, PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import { complaint } from '../../dialogue/complaint.ts';
import type { Candidate, ChangeName } from '../../driver.ts';
import { unsupported } from '../../session/session.ts';
import type { CliShell } from '../../session/shell.ts';
import { mergeDiff } from '../../session/text/merge-diff.ts';
import { surelyWaits, willArm } from '../../session/trial-clock.ts';
import { trialName } from '../../trial-name.ts';
import { inSystemView } from '../vrp/family.ts';
import { rules } from '../vrp/text.ts';
import { checkText, typeText } from '../vrp/typing.ts';
import { comwareCli } from './cli.ts';
import { removeMark, writeMark } from './marks.ts';
import { answering, comwareTrial, pendingTrial, runsAlready, undoMark } from './trial.ts';

/** Starts the timer. @throws PlumbError `unsupported` where the device has none, `locked` where one runs already */
const arm = async (shell: CliShell, minutes: number): Promise<void> => {
  const said = await inSystemView(shell, `configuration commit delay ${minutes}`, answering('N'));
  if (runsAlready.test(said)) {
    throw new PlumbError('locked', `${shell.name}: another configuration commit delay is running: ${said.trim()}`, {
      hint: 'let its owner run `configuration commit`, or wait until it expires',
    });
  }
  const why = complaint(said, comwareCli.errors);
  if (why === undefined) return;
  throw new PlumbError('unsupported', `${shell.name}: "configuration commit delay" was refused: ${why}`, {
    hint: 'without it the device would not undo a change (Comware 5 has none): run the commands by hand',
  });
};

/** A line that is typed after the timer has fired would be undone by nobody. */
const refuseLate = (device: string, name: string): void => {
  if (surelyWaits(name)) return;
  throw new PlumbError('commit_failed', `${device}: typing the lines took longer than the timer allows`, {
    hint: "raise `confirmSeconds` in the device's policy",
  });
};

/** @throws PlumbError `locked`, `unsupported` */
export const load = async (shell: CliShell, config: string, mode: Mode, change: ChangeName): Promise<Candidate> => {
  if (mode === 'replace') unsupported(shell.name, 'hp_comware', 'replace');
  checkText(shell, config);
  const waiting = await pendingTrial(shell);
  if (waiting) {
    throw new PlumbError('locked', `${shell.name}: trial "${waiting.name}" is pending on the device`, {
      hint: 'its timer undoes it, or the runner that holds the device',
    });
  }
  return {
    unstable: [],
    diff: async () =>
      mergeDiff(await shell.send('display current-configuration', patience.load), config, rules, 'undo'),
    commit: async ({ confirmSeconds, fence }) => {
      const minutes = Math.max(1, Math.ceil(confirmSeconds / 60));
      const name = trialName(change);
      const mark = await writeMark(shell, name, minutes * 60);
      try {
        willArm(name, minutes * 60);
        await arm(shell, minutes);
      } catch (error) {
        await removeMark(shell, mark).catch(() => {});
        throw error;
      }
      try {
        fence();
        await shell.send('system-view', patience.load);
        await typeText(shell, config, () => refuseLate(shell.name, name));
        await shell.send('return', { ...patience.load, unchecked: true });
      } catch (error) {
        if (!isLost(error)) {
          await shell.send('return', { ...patience.load, unchecked: true }).catch(() => {});
          await undoMark(shell, mark).catch(() => {}); // its own timer is armed, and the caller looks again
        }
        throw error;
      }
      return comwareTrial(shell, mark, 'armed');
    },
    [Symbol.asyncDispose]: async () => {},
  };
};
