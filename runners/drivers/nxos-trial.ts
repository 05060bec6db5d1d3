import { PlumbError } from '../../core/errors.ts';
import { patience } from '../cli-driver.ts';
import { type FlashDialect, flashFiles, settleFlash } from '../cli-session-flash.ts';
import type { CliShell } from '../cli-session-shell.ts';
import type { Trial } from '../driver.ts';
import { parseTrialName } from '../trial-name.ts';

/** Files of NX-OS. */
export const bootflash: FlashDialect = {
  list: 'dir bootflash:',
  path: (file) => `bootflash:${file}`,
  print: (file) => `show file bootflash:${file}`,
  copy: (from, to) => `copy ${from} ${to}`,
  remove: (file) => `delete bootflash:${file} no-prompt`,
  write: (file) => ({
    before: [`set fl [open "/bootflash/${file}" wb+]`, 'puts -nonewline $fl {'],
    after: ['close $fl'],
  }),
};

const waiting = async (shell: CliShell): Promise<{ user: string; expiresAt: Date | undefined } | undefined> => {
  const said = await shell.send('show config-replace status', { ...patience.show, unchecked: true });
  if (!/commit.*pending|pending.*commit/i.test(said)) return undefined;
  const seconds = /(\d+) sec/.exec(said)?.[1];
  return {
    user: /^\s*User\s*:\s*(\S+)/m.exec(said)?.[1] ?? 'somebody',
    expiresAt: seconds === undefined ? undefined : new Date(Date.now() + Number(seconds) * 1000),
  };
};

/** The handle of a trial. Its checkpoint of before has the trial's name. */
export const nxosTrial = (shell: CliShell, name: string, owner: string, expiresAt: Date | undefined): Trial => {
  const ours = parseTrialName(name);
  const forget = async (outcome: 'applied' | 'undone'): Promise<void> => {
    await settleFlash(shell, bootflash, name, outcome);
    await shell.send(`no checkpoint ${name}`, { ...patience.load, unchecked: true });
  };
  const accept = () => shell.send('configure replace commit', { ...patience.commit, unchecked: true });
  return {
    name,
    job: ours?.job,
    epoch: ours?.epoch,
    owner,
    expiresAt,
    phase: 'armed',
    confirm: async () => {
      if (!(await waiting(shell))) {
        throw new PlumbError('commit_failed', `${shell.name}: trial "${name}" is gone before it was confirmed`);
      }
      await accept();
      const said = await shell.send('copy running-config startup-config', { ...patience.commit, unchecked: true });
      if (!/Copy complete/.test(said) || /failed/i.test(said)) {
        throw new PlumbError('commit_failed', `${shell.name}: startup was not saved: ${said.split('\n').at(-1)}`);
      }
      await forget('applied');
    },
    undo: async () => {
      if (!ours) throw new PlumbError('undo_failed', `${shell.name}: the trial of ${owner} is not ours to undo`);
      if (await waiting(shell)) {
        // back to the checkpoint first, and only then the timer is stopped: what is on trial is never confirmed
        const said = await shell.send(`rollback running-config checkpoint ${name}`, {
          ...patience.commit,
          unchecked: true,
        });
        if (!/Rollback completed successfully|Patch is Empty/i.test(said)) {
          throw new PlumbError(
            'undo_failed',
            `${shell.name}: the rollback to checkpoint ${name} failed: ${said.trim()}`,
            {
              hint: 'its timer undoes the trial as well',
            },
          );
        }
        await accept();
      }
      await forget('undone');
    },
  };
};

/** NX-OS names no trial: one of our user with a saved file of ours is ours, every other is foreign. */
export const pendingTrial = async (shell: CliShell): Promise<Trial | undefined> => {
  const found = await waiting(shell);
  if (!found) return undefined;
  const ours = (await flashFiles(shell, bootflash)).find(({ outcome }) => outcome === 'trial');
  const mine = ours !== undefined && found.user === shell.target.credentials.username;
  return mine
    ? nxosTrial(shell, ours.name, `Plumbline (${found.user})`, found.expiresAt)
    : nxosTrial(shell, 'configure replace … commit-timeout', found.user, found.expiresAt);
};
