import type { Mode } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import { refuseControls } from '../../dialogue/typing/typing.ts';
import type { Candidate, ChangeName } from '../../driver.ts';
import { candidateFile, saveToFlash, settleFlash } from '../../session/flash.ts';
import type { CliShell } from '../../session/shell.ts';
import { linesLike, refusedAt } from '../../session/text/refused-lines.ts';
import { willArm } from '../../session/trial-clock.ts';
import { upload } from '../../session/upload.ts';
import { trialName } from '../../trial-name.ts';
import { bootflash, checkpoint, isBack, nxosTrial, pendingTrial } from './trial.ts';

const failed =
  /^.*(?:Syntax error while parsing|^ERROR:|Configure replace failed|Rollback patch .{0,200}failed|% Invalid).*$/m;

/** What `show-patch` prints, without its talk. */
const cut = (said: string): string => {
  if (/Rollback Patch is Empty/i.test(said)) return '';
  const from = said.lastIndexOf('Generating Rollback Patch');
  return said
    .slice(Math.max(from, 0))
    .split('\n')
    .slice(from < 0 ? 0 : 1)
    .filter((line) => !/^(?:!+|\.+|)\s*$/.test(line))
    .join('\n');
};

const refusal = (said: string, config: string, device: string): PlumbError => {
  const command = /Syntax error while parsing '([^']+)'/.exec(said)?.[1];
  const text = failed.exec(said)?.[0].trim() ?? said.trim();
  if (command === undefined && /^% ?(?:Invalid|Incomplete)/m.test(said)) {
    return new PlumbError('unsupported', `${device}: it has no \`configure replace\` with a timer: ${text}`, {
      hint: 'Plumbline changes a switch only under a timer on the switch; Nexus 9000 has one',
    });
  }
  if (/commit is pending|in progress|another session/i.test(said))
    return new PlumbError('locked', `${device}: ${text}`);
  const { text: where, line } = refusedAt(config, linesLike(config, command ?? ''), text);
  return new PlumbError('rejected', `${device}: ${where}`, { line });
};

/** @throws PlumbError `rejected` with the file's line number, `locked`, `unsupported` */
export const load = async (shell: CliShell, config: string, mode: Mode, change: ChangeName): Promise<Candidate> => {
  if (mode === 'merge') {
    throw new PlumbError('unsupported', `${shell.name}: nxos supports no merge under a timer`, {
      hint: 'replace the complete configuration',
    });
  }
  refuseControls(config, shell.name);
  const waiting = await pendingTrial(shell);
  if (waiting) {
    throw new PlumbError('locked', `${shell.name}: a trial of ${waiting.owner} is pending on the device`, {
      hint: 'its timer undoes it; the next runner that holds the device does so at once',
    });
  }
  const name = trialName(change);
  const file = candidateFile(name);
  const path = bootflash.path(file);
  const remove = () => shell.send(bootflash.remove(file), { ...patience.load, unchecked: true });
  await upload(shell, bootflash, file, config);
  const checked = await shell.send(`configure replace ${path} verify-only`, { ...patience.commit, unchecked: true });
  if (failed.test(checked)) {
    await remove();
    throw refusal(checked, config, shell.name);
  }
  let committed = false;
  return {
    unstable: [],
    diff: async () =>
      cut(
        await shell.send(`configure replace ${path} show-patch`, { ...patience.commit, unchecked: true, text: true }),
      ),
    commit: async ({ confirmSeconds, fence }) => {
      const seconds = Math.max(30, Math.min(3_600, confirmSeconds)); // as the capabilities say
      const expiresAt = new Date(Date.now() + seconds * 1000);
      await saveToFlash(shell, bootflash, change);
      await shell.send(checkpoint(name, seconds), patience.commit);
      const giveUp = async (): Promise<void> => {
        committed = false;
        await settleFlash(shell, bootflash, name, 'undone').catch(() => {});
        await shell.send(`no checkpoint ${name}`, { ...patience.load, unchecked: true }).catch(() => {});
      };
      try {
        fence();
      } catch (error) {
        await giveUp();
        throw error;
      }
      committed = true;
      willArm(name, seconds);
      const said = await shell.send(`configure replace ${path} commit-timeout ${seconds}`, {
        ...patience.commit,
        unchecked: true,
      });
      if (!/Configure replace completed successfully/i.test(said)) {
        // the mark of a trial is given up only where nothing was changed: else the undo needs it
        if (!(await isBack(shell, name))) {
          const last = failed.exec(said)?.[0] ?? said.trim().split('\n').at(-1) ?? '';
          throw new PlumbError(
            'commit_failed',
            `${shell.name}: "configure replace" changed something and failed: ${last.trim()}`,
          );
        }
        await giveUp();
        throw refusal(said, config, shell.name);
      }
      return nxosTrial(shell, { name, expiresAt });
    },
    [Symbol.asyncDispose]: async () => {
      if (!committed) await remove();
    },
  };
};
