import type { Mode } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Candidate, ChangeName } from '../../driver.ts';
import { unsupported } from '../../session/session.ts';
import type { CliShell } from '../../session/shell.ts';
import { mergeDiff } from '../../session/text/merge-diff.ts';
import { trialName } from '../../trial-name.ts';
import { complaint } from '../vrp/family.ts';
import { rules } from '../vrp/text.ts';
import { checkText, typeText } from '../vrp/typing.ts';
import { pendingTrial, vrpTrial } from './trial.ts';

const running = 'display current-configuration';
/** Two-stage mode shows itself in the prompt. Source: "Selecting a Mode for the Configuration to Take Effect". */
const twoStage = /\[[~*]/;

/** Of VRP 5 and of immediate mode: told, never committed. */
const preview = (shell: CliShell, config: string): Candidate => ({
  unstable: [],
  diff: async () => mergeDiff(await shell.send(running, patience.load), config, rules, 'undo'),
  commit: async () => {
    throw new PlumbError('unsupported', `${shell.name}: this VRP applies lines at once and would not undo them`, {
      hint: 'a trial needs two-stage mode (VRP 8); on other devices, run the commands by hand',
    });
  },
  [Symbol.asyncDispose]: async () => {},
});

const deviceDiff = async (shell: CliShell, config: string): Promise<string> => {
  const ask = () =>
    shell.send('display configuration candidate changes', { ...patience.load, unchecked: true }).then((said) => ({
      said,
      lines: said.split('\n').filter((line) => !/^\s*(?:#\s*)?$|^Building configuration/.test(line)),
    }));
  let { said, lines } = await ask();
  if (lines.every((line) => !/^[-+]/.test(line)) && /configuration (?:is|was|has been) changed|refresh/i.test(said)) {
    // somebody committed since we began; source: "refresh configuration candidate"
    await shell.send('refresh configuration candidate', patience.load);
    ({ said, lines } = await ask());
  }
  if (complaint.test(said)) return mergeDiff(await shell.send(running, patience.load), config, rules, 'undo');
  return lines.some((line) => /^[-+]/.test(line)) ? lines.map((line) => `${line}\n`).join('') : '';
};

/** @throws PlumbError `locked`, `rejected` with the file's line number, `unsupported` */
export const load = async (shell: CliShell, config: string, mode: Mode, change: ChangeName): Promise<Candidate> => {
  if (mode === 'replace') unsupported(shell.name, 'huawei_vrp', 'replace');
  checkText(shell, config);
  const waiting = await pendingTrial(shell);
  if (waiting) {
    throw new PlumbError(
      'locked',
      `${shell.name}: trial "${waiting.name}" of ${waiting.owner} is pending on the device`,
      {
        hint: 'until it ends nothing can be changed; its owner can `commit` or `abort trial`, and its timer undoes it too',
      },
    );
  }
  await shell.send('system-view', patience.load);
  if (!twoStage.test(shell.prompt)) {
    await shell.send('return', { ...patience.load, unchecked: true });
    return preview(shell, config);
  }
  const leave = async (): Promise<void> => {
    if (!shell.configuring) return;
    await shell.send('clear configuration candidate', { ...patience.load, unchecked: true });
    await shell.send('return', { ...patience.load, unchecked: true });
  };
  let committed = false;
  try {
    await shell.send('clear configuration candidate', { ...patience.load, unchecked: true });
    await typeText(shell, config);
  } catch (error) {
    await leave().catch(() => {}); // the first error tells more
    throw error;
  }
  return {
    unstable: [],
    diff: () => deviceDiff(shell, config),
    commit: async ({ confirmSeconds, fence }) => {
      const name = trialName(change);
      const seconds = Math.max(60, Math.min(65_535, Math.ceil(confirmSeconds)));
      fence();
      committed = true;
      const expiresAt = new Date(Date.now() + seconds * 1000);
      const said = await shell.send(`commit trial ${seconds} persist ${name}`, { ...patience.commit, unchecked: true });
      if (!/trial configuration|will revert/i.test(said) || complaint.test(said)) {
        committed = false;
        const why = complaint.exec(said)?.[0].trim() ?? said.trim();
        const code = /\block/i.test(why)
          ? 'locked'
          : /Unrecognized|parameter/i.test(why)
            ? 'unsupported'
            : 'commit_failed';
        throw new PlumbError(code, `${shell.name}: "commit trial" was refused: ${why}`, {
          hint:
            code === 'unsupported'
              ? 'this VRP has no `commit trial … persist`: without it, the undo is not guaranteed'
              : 'nothing was committed; see `display configuration commit list` on the device',
        });
      }
      await shell.send('return', { ...patience.load, unchecked: true });
      return vrpTrial(shell, { name, expiresAt });
    },
    [Symbol.asyncDispose]: async () => {
      if (!committed) await leave();
    },
  };
};
