import { PlumbError } from '../../core/errors.ts';
import { patience } from '../cli-driver.ts';
import { type FlashDialect, flashFiles, settleFlash } from '../cli-session-flash.ts';
import type { CliShell } from '../cli-session-shell.ts';
import type { Trial } from '../driver.ts';
import { parseTrialName } from '../trial-name.ts';

/** Files of IOS; their questions are answered by the dialogue. */
export const flash: FlashDialect = {
  list: 'dir flash:',
  path: (file) => `flash:${file}`,
  print: (file) => `more flash:${file}`,
  copy: (from, to) => `copy ${from} ${to}`,
  remove: (file) => `delete /force flash:${file}`,
  write: (file) => ({ before: [`puts [open "flash:${file}" w+] {`], after: [] }),
};

type Waiting = { user: string; expiresAt: Date | undefined };

/** The trial that IOS lists: it tells the user and the minutes, not the name. */
const waiting = async (shell: CliShell): Promise<Waiting | undefined> => {
  const said = await shell.send('show archive config rollback timer', { ...patience.show, unchecked: true });
  const user = /^\s*User\s*:\s*(\S+)/m.exec(said)?.[1];
  if (user === undefined) return undefined; // none, or an IOS without the feature
  return { user, expiresAt: undefined };
};

/** @param expiresAt where we know it: IOS tells minutes since a time of its own clock */
export const iosTrial = (
  shell: CliShell,
  name: string,
  owner: string,
  expiresAt: Date | undefined,
  phase: Trial['phase'],
): Trial => {
  const ours = parseTrialName(name);
  return {
    name,
    job: ours?.job,
    epoch: ours?.epoch,
    owner,
    expiresAt,
    phase,
    confirm: async () => {
      if (await waiting(shell)) await shell.send('configure confirm', patience.commit);
      else if (phase === 'armed') {
        throw new PlumbError('commit_failed', `${shell.name}: trial "${name}" is gone before it was confirmed`);
      }
      const said = await shell.send('write memory', patience.commit);
      if (!/\[OK\]/.test(said)) throw new PlumbError('commit_failed', `${shell.name}: "write memory" did not say [OK]`);
      await settleFlash(shell, flash, name, 'applied');
    },
    undo: async () => {
      if (!ours) throw new PlumbError('undo_failed', `${shell.name}: the trial of ${owner} is not ours to undo`);
      if (await waiting(shell)) await shell.send('configure revert now', { ...patience.commit, unchecked: true });
      if (await waiting(shell)) throw new PlumbError('undo_failed', `${shell.name}: trial "${name}" still waits`);
      await settleFlash(shell, flash, name, 'undone');
    },
  };
};

/** A trial of this user with a saved file of ours is ours; every other is foreign. */
export const pendingTrial = async (shell: CliShell): Promise<Trial | undefined> => {
  const found = await waiting(shell);
  if (!found) return undefined;
  const ours = (await flashFiles(shell, flash)).find(({ outcome }) => outcome === 'trial');
  const mine = ours !== undefined && found.user === shell.target.credentials.username;
  return mine
    ? iosTrial(shell, ours.name, `Plumbline (${found.user})`, found.expiresAt, 'armed')
    : iosTrial(shell, 'configure replace … timer', found.user, found.expiresAt, 'armed');
};
