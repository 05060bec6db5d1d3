import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Trial } from '../../driver.ts';
import { candidateFile, decideOnFlash, type FlashDialect, flashFiles, settleFlash } from '../../session/flash.ts';
import type { CliShell } from '../../session/shell.ts';
import { forget, isTaken, surelyOver, surelyWaits, wasTaken } from '../../session/trial-clock.ts';
import { goneTrial, type SeenTrial, trialHandle } from '../../session/trial-handle.ts';
import { parseTrialName } from '../../trial-name.ts';
import { deviceDate } from '../cisco/date.ts';

/** Files of NX-OS. */
export const bootflash: FlashDialect = {
  list: 'dir bootflash:',
  path: (file) => `bootflash:${file}`,
  print: (file) => `show file bootflash:${file}`,
  copy: (from, to) => `copy ${from} ${to}`,
  remove: (file) => `delete bootflash:${file} no-prompt`,
  open: (file) => `set fl [open "/bootflash/${file}" wb+]`,
  md5: (file) => `show file bootflash:${file} md5sum`,
};

// No document tells of a list of configurations that wait for `configure replace commit`. So the mark of our trial is
// the checkpoint of before, with its name and its seconds, and what runs says how far it is; the times that the switch prints
// are for people only.

/** What ran before, as a checkpoint that says whose trial follows and for how long. */
export const checkpoint = (name: string, seconds: number): string =>
  `checkpoint ${name} description trial-of-${seconds}-seconds`;

type Mark = { name: string; user: string; seconds: number; leftMs: number };

const marked = async (shell: CliShell): Promise<Mark | undefined> => {
  const ask = (command: string) => shell.send(command, { ...patience.show, unchecked: true });
  const [summary, now] = await Promise.all([ask('show checkpoint summary'), ask('show clock')]);
  const listed = summary.split(/^[ \t]*\d+\)\s+/m);
  for (const text of listed) {
    const ours = parseTrialName(text.slice(0, text.indexOf(':')));
    const seconds = /Description:\s*trial-of-(\d+)-seconds/.exec(text)?.[1];
    if (!ours || seconds === undefined) continue;
    const created = deviceDate(/Created at\s+(.*)/.exec(text)?.[1] ?? '');
    const leftMs = created + Number(seconds) * 1000 - deviceDate(now);
    return {
      name: ours.name,
      user: /Created by\s+(\S+)/.exec(text)?.[1] ?? 'someone',
      seconds: Number(seconds),
      leftMs,
    };
  }
  return undefined;
};

const isEmpty = async (shell: CliShell, command: string): Promise<boolean> =>
  /Rollback Patch is Empty/i.test(await shell.send(command, { ...patience.commit, unchecked: true, text: true }));

/** Whether what ran before the trial runs again. */
export const isBack = (shell: CliShell, name: string) =>
  isEmpty(shell, `show diff rollback-patch checkpoint ${name} running-config`);

/** Whether our text runs, to the letter. */
const runs = (shell: CliShell, name: string) =>
  isEmpty(shell, `configure replace ${bootflash.path(candidateFile(name))} show-patch`);

/** The handle of a trial. Its checkpoint of before has the trial's name. */
export const nxosTrial = (shell: CliShell, seen: SeenTrial): Trial => {
  const { name } = seen;
  const settle = async (outcome: 'applied' | 'undone'): Promise<void> => {
    await settleFlash(shell, bootflash, name, outcome);
    await shell.send(`no checkpoint ${name}`, { ...patience.load, unchecked: true });
    forget(name);
  };
  const accept = () => shell.send('configure replace commit', { ...patience.commit, unchecked: true });
  return trialHandle(shell.name, seen, {
    confirm: async () => {
      await decideOnFlash(shell, bootflash, name);
      const taken = /success/i.test(await accept());
      if (taken) isTaken(name);
      if ((await isBack(shell, name)) || !(taken || (await runs(shell, name)))) {
        throw goneTrial(shell.name, name);
      }
      const said = await shell.send('copy running-config startup-config', { ...patience.commit, unchecked: true });
      if (!/Copy complete/.test(said) || /failed/i.test(said)) {
        throw new PlumbError('commit_failed', `${shell.name}: startup was not saved: ${said.split('\n').at(-1)}`);
      }
      await settle('applied');
    },
    undo: async () => {
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
            hint: 'its timer undoes the trial too',
          },
        );
      }
      await accept();
      await settle('undone');
    },
  });
};

/**
 * A trial of ours that waits, by its checkpoint. One of somebody else cannot be listed. While something runs that is neither
 * our text nor what ran before it is not known whether the timer waits still: somebody's change is left to it.
 */
export const pendingTrial = async (shell: CliShell): Promise<Trial | undefined> => {
  const mark = await marked(shell);
  if (!mark || (await isBack(shell, mark.name))) return undefined;
  const { name, user, seconds, leftMs } = mark;
  const files = (await flashFiles(shell, bootflash)).filter((file) => file.name === name);
  // saved and settled, and only the checkpoint was left
  if (files.some(({ outcome }) => outcome === 'applied')) return undefined;
  const expiresAt = leftMs > 0 ? new Date(Date.now() + leftMs) : undefined;
  const ours = (phase: Trial['phase']) => nxosTrial(shell, { name, owner: `Plumbline (${user})`, expiresAt, phase });
  if (await runs(shell, name)) {
    const decided = wasTaken(name) || files.some(({ outcome }) => outcome === 'decided');
    return ours(decided ? 'confirmed' : 'armed');
  }
  if (surelyWaits(name)) return ours('armed');
  if (surelyOver(name, seconds)) return undefined;
  const undo = async (): Promise<never> => {
    throw new PlumbError(
      'locked',
      `${shell.name}: neither trial "${name}" nor the previous configuration is running: someone changed it`,
      {
        hint: `its timer of ${seconds} s may undo all of it; after that, the deployment is tried again by itself`,
      },
    );
  };
  return { ...ours('armed'), undo };
};

/** Checkpoints that trials of older epochs left, which do not wait any more. @returns what was removed */
export const cleanCheckpoints = async (
  shell: CliShell,
  epoch: number,
  pending: string | undefined,
): Promise<string[]> => {
  const said = await shell.send('show checkpoint summary', { ...patience.show, unchecked: true });
  const left = said.split(/^[ \t]*\d+\)\s+/m).flatMap((text) => parseTrialName(text.slice(0, text.indexOf(':'))) ?? []);
  const old = left.filter((each) => each.epoch < epoch && each.name !== pending);
  for (const { name } of old) await shell.send(`no checkpoint ${name}`, { ...patience.load, unchecked: true });
  return old.map(({ name }) => `checkpoint ${name}`);
};
