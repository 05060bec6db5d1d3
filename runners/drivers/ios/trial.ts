import type { Mode } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Trial } from '../../driver.ts';
import {
  candidateFile,
  decideOnFlash,
  type FlashDialect,
  type FlashFile,
  flashFiles,
  settleFlash,
} from '../../session/flash.ts';
import type { CliShell } from '../../session/shell.ts';
import { forget, isTaken, wasTaken } from '../../session/trial-clock.ts';
import { goneTrial, type SeenTrial, trialHandle } from '../../session/trial-handle.ts';
import { deviceDate } from '../cisco/date.ts';
import { cutDiff, diffCommand } from './config.ts';

/** Files of IOS; their questions are answered by the dialogue. */
export const flash: FlashDialect = {
  list: 'dir flash:',
  path: (file) => `flash:${file}`,
  print: (file) => `more flash:${file}`,
  copy: (from, to) => `copy ${from} ${to}`,
  remove: (file) => `delete /force flash:${file}`,
  open: (file) => `set fl [open "flash:${file}" w+]`,
  md5: (file) => `verify /md5 flash:${file}`,
};

type Waiting = { user: string; expiresAt: Date | undefined };

/** The trial that IOS lists: it tells the user, when the timer was set and for how many minutes, not the name. */
const waiting = async (shell: CliShell): Promise<Waiting | undefined> => {
  const ask = (command: string) => shell.send(command, { ...patience.show, unchecked: true });
  const [said, now] = await Promise.all([ask('show archive config rollback timer'), ask('show clock')]);
  const user = /^[ \t]*User\s*:\s*(\S+)/m.exec(said)?.[1];
  if (user === undefined) return undefined; // none, or an IOS without the feature
  const minutes = Number(/^[ \t]*Timer value\s*:\s*(\d+)/m.exec(said)?.[1]);
  const setAt = deviceDate(/^[ \t]*Time configured[^:]*:\s*(.*)/m.exec(said)?.[1] ?? '');
  const leftMs = setAt + minutes * 60_000 - deviceDate(now);
  return { user, expiresAt: Number.isNaN(leftMs) ? undefined : new Date(Date.now() + leftMs) };
};

/** Whether the text that runs does not differ from a file. */
const isSame = async (shell: CliShell, mode: Mode, file: string): Promise<boolean> => {
  const said = await shell.send(diffCommand(mode, flash.path(file)), { ...patience.load, unchecked: true });
  return !/%|rror/.test(said) && cutDiff(said) === '';
};

/** Whether the text that runs is the candidate of that name. */
const runs = async (shell: CliShell, name: string): Promise<boolean> => {
  const file = candidateFile(name);
  return (await isSame(shell, 'replace', file)) || (await isSame(shell, 'merge', file));
};

const fileOf = async (shell: CliShell, name: string, outcome: FlashFile['outcome']): Promise<string | undefined> =>
  (await flashFiles(shell, flash)).find((each) => each.name === name && each.outcome === outcome)?.file;

/** Whether what was saved before the trial of that name runs. */
export const runsAsSaved = async (shell: CliShell, name: string): Promise<boolean> => {
  const saved = await fileOf(shell, name, 'trial');
  return saved !== undefined && (await isSame(shell, 'replace', saved));
};

/** Puts back what was saved before a trial that somebody confirmed. */
const putBack = async (shell: CliShell, name: string): Promise<void> => {
  const saved = await fileOf(shell, name, 'trial');
  if (saved === undefined || (await isSame(shell, 'replace', saved))) return;
  await shell.send(`configure replace ${flash.path(saved)} force`, { ...patience.commit, unchecked: true });
};

/** The handle of a trial; what ran before it is saved on flash under its name. */
export const iosTrial = (shell: CliShell, seen: SeenTrial): Trial => {
  const { name, phase = 'armed' } = seen;
  return trialHandle(shell.name, seen, {
    confirm: async () => {
      if (await waiting(shell)) {
        await decideOnFlash(shell, flash, name);
        await shell.send('configure confirm', patience.commit);
        isTaken(name);
      } else if (phase === 'armed') {
        throw goneTrial(shell.name, name);
      }
      const said = await shell.send('write memory', patience.commit);
      if (!/\[OK\]/.test(said)) throw new PlumbError('commit_failed', `${shell.name}: "write memory" did not say [OK]`);
      await settleFlash(shell, flash, name, 'applied');
      forget(name);
    },
    undo: async () => {
      if (await waiting(shell)) await shell.send('configure revert now', { ...patience.commit, unchecked: true });
      if (await waiting(shell)) throw new PlumbError('undo_failed', `${shell.name}: trial "${name}" is still pending`);
      if (phase === 'over') await putBack(shell, name);
      await settleFlash(shell, flash, name, 'undone');
    },
  });
};

/**
 * A trial of ours that waits no more. It was confirmed where what ran when we decided that runs, and saving it was cut off.
 * One that is known is told to be over; of others nothing tells whether they were confirmed.
 */
const ended = async (
  shell: CliShell,
  files: readonly FlashFile[],
  known: readonly string[],
): Promise<Trial | undefined> => {
  const left = files.find(({ outcome }) => outcome === 'trial');
  if (!left || (await isSame(shell, 'replace', left.file))) return undefined;
  const decided = files.find(({ name, outcome }) => name === left.name && outcome === 'decided');
  const ours = (phase: Trial['phase']) => iosTrial(shell, { name: left.name, phase });
  if (wasTaken(left.name) || (decided && (await isSame(shell, 'replace', decided.file)))) return ours('confirmed');
  return known.includes(left.name) ? ours('over') : undefined;
};

/**
 * A trial of this user is ours where our saved file of before is there and our candidate runs; every other is foreign.
 *
 * @param known names of ours: then what runs need not be our text to the letter
 */
export const pendingTrial = async (shell: CliShell, known: readonly string[] = []): Promise<Trial | undefined> => {
  const [found, files] = await Promise.all([waiting(shell), flashFiles(shell, flash)]);
  if (!found) return ended(shell, files, known);
  const saved = files.find(({ outcome }) => outcome === 'trial');
  const { username } = shell.target.credentials;
  const ours = saved && found.user === username && (known.includes(saved.name) || (await runs(shell, saved.name)));
  const { user, expiresAt } = found;
  return ours
    ? iosTrial(shell, { name: saved.name, owner: `Plumbline (${user})`, expiresAt })
    : iosTrial(shell, { name: 'configure replace … timer', owner: user, expiresAt });
};
