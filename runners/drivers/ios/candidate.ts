import type { Mode } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Candidate, ChangeName } from '../../driver.ts';
import { candidateFile, saveToFlash, settleFlash } from '../../session/flash.ts';
import type { CliShell } from '../../session/shell.ts';
import { linesLike, refusedAt } from '../../session/text/refused-lines.ts';
import { upload } from '../../session/upload.ts';
import { trialName } from '../../trial-name.ts';
import { checkText, cutDiff, diffCommand, mergeFile, replaceFile } from './config.ts';
import { flash, iosTrial, pendingTrial, runsAsSaved } from './trial.ts';

const bad =
  /^.*(?:original configuration has been successfully restored|Rollback aborted|not a valid config file|Failed to apply command|turn config archive on|Error|locked by).*$/im;

/** The lines of the file that read like what IOS could not apply. */
const refusedLines = (said: string, config: string): number[] => {
  const command =
    /Failed to apply command (.+)/.exec(said)?.[1] ??
    /failed to apply to the IOS image\.\s*\*+\s*([^\n]+)/.exec(said)?.[1];
  return linesLike(config, command ?? '');
};

/** @throws PlumbError `locked`, `rejected` */
export const load = async (shell: CliShell, config: string, mode: Mode, change: ChangeName): Promise<Candidate> => {
  const file = candidateFile(trialName(change));
  checkText(config, shell.name);
  const waiting = await pendingTrial(shell);
  if (waiting) {
    throw new PlumbError('locked', `${shell.name}: a trial of ${waiting.owner} is pending on the device`, {
      hint: 'its owner can run `configure confirm` or `configure revert now`; its timer undoes it too',
    });
  }
  await upload(
    shell,
    flash,
    file,
    mode === 'replace' ? replaceFile(config, shell.name) : mergeFile(config, shell.name),
  );
  let committed = false;
  const path = flash.path(file);
  return {
    unstable: [],
    diff: async () => {
      const said = await shell.send(diffCommand(mode, path), patience.load);
      if (/error (?:code )?5|returned error/i.test(said))
        throw new PlumbError('rejected', `${shell.name}: ${said.trim()}`);
      return cutDiff(said);
    },
    commit: async ({ confirmSeconds, fence }) => {
      const minutes = Math.min(120, Math.ceil(confirmSeconds / 60));
      await saveToFlash(shell, flash, change);
      let writing = false;
      const refuse = async (code: 'rejected' | 'commit_failed', said: string): Promise<never> => {
        // "Rollback aborted" leaves part of it: then what was saved stays marked as that of a trial, which the undo looks for
        if (await runsAsSaved(shell, trialName(change)).catch(() => false)) {
          committed = false;
          await settleFlash(shell, flash, trialName(change), 'undone').catch(() => {});
        }
        const lines = refusedLines(said, config);
        const { text, line } = refusedAt(config, lines, bad.exec(said)?.[0].trim() ?? said.trim());
        throw new PlumbError(lines.length === 0 ? code : 'rejected', `${shell.name}: ${text}`, {
          line,
          hint: /config archive/.test(said)
            ? 'configure `archive` with a `path` on the device first: a timer needs it'
            : undefined,
        });
      };
      /** An IOS of before 12.4(20)T: its `time` goes on after a line that it refuses. */
      const tooOld = async (): Promise<never> => {
        committed = false;
        await settleFlash(shell, flash, trialName(change), 'undone').catch(() => {});
        throw new PlumbError('unsupported', `${shell.name}: this IOS has no \`revert … timer\`: nothing was changed`, {
          hint: 'this needs IOS 12.4(20)T, 15.x or IOS-XE',
        });
      };
      try {
        fence();
        writing = true;
        committed = true;
        if (mode === 'replace') {
          const said = await shell.send(`configure replace ${path} force revert trigger error timer ${minutes}`, {
            ...patience.commit,
            unchecked: true,
          });
          if (/% ?Invalid input/.test(said)) return await tooOld();
          if (!/Rollback Done/.test(said) || bad.test(said)) await refuse('commit_failed', said);
        } else {
          const armed = await shell.send(`configure terminal revert timer ${minutes}`, {
            ...patience.commit,
            unchecked: true,
          });
          if (/% ?Invalid input/.test(armed)) return await tooOld();
          if (!shell.configuring) await refuse('commit_failed', armed);
          await shell.send('end', patience.load);
          const said = await shell.send(`copy ${path} running-config`, { ...patience.commit, unchecked: true });
          if (/^% ?Invalid|%Error/m.test(said)) {
            await shell.send('configure revert now', { ...patience.commit, unchecked: true });
            await refuse('rejected', said);
          }
        }
      } catch (error) {
        if (!writing) await settleFlash(shell, flash, trialName(change), 'undone').catch(() => {});
        throw error;
      }
      const expiresAt = new Date(Date.now() + minutes * 60_000);
      return iosTrial(shell, { name: trialName(change), expiresAt });
    },
    [Symbol.asyncDispose]: async () => {
      if (!committed) await shell.send(flash.remove(file), { ...patience.load, unchecked: true });
    },
  };
};
