import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../core/errors.ts';
import { patience } from '../cli-driver.ts';
import type { CliShell } from '../cli-session-shell.ts';
import type { Trial } from '../driver.ts';
import { forgetTrial, recallTrial } from '../trial-memo.ts';
import { parseTrialName } from '../trial-name.ts';
import { normalise } from './iosxr-config.ts';

const pollMs = 2_000;
const graceMs = 60_000;

type Waiting = { user: string; expiresAt: Date | undefined };

/** The trial that a router lists: who armed it and for how long, not its name. */
export const waiting = async (shell: CliShell): Promise<Waiting | undefined> => {
  const said = await shell.send('show configuration sessions detail', { ...patience.show, unchecked: true });
  const line = said.split('\n').find((each) => /trial|commit confirmed|rollback in/i.test(each));
  if (line === undefined) return undefined;
  const seconds = /(\d+) sec/.exec(line)?.[1];
  return {
    user: /user\s*:?\s*(\w+)/i.exec(line)?.[1] ?? 'somebody',
    expiresAt: seconds === undefined ? undefined : new Date(Date.now() + Number(seconds) * 1000),
  };
};

/** The name of ours in the comment of the newest commit. */
const newest = async (shell: CliShell): Promise<string | undefined> => {
  const said = await shell.send('show configuration commit list 1 detail', { ...patience.show, unchecked: true });
  const detail = /Comment:/.test(said)
    ? said
    : await shell.send('show configuration commit list detail', { ...patience.show, unchecked: true });
  return parseTrialName(/Comment:\s*(.*)/.exec(detail)?.[1] ?? '')?.name;
};

const isOver = async (shell: CliShell, expiresAt: Date | undefined): Promise<boolean> => {
  const until = (expiresAt?.getTime() ?? Date.now()) + graceMs;
  while (await waiting(shell)) {
    if (Date.now() > until) return false;
    await wait(pollMs);
  }
  return true;
};

/** A trial seen from another session than the one that armed it: it can only be waited for. */
export const pendingTrial = async (shell: CliShell): Promise<Trial | undefined> => {
  const found = await waiting(shell);
  const memo = await recallTrial(shell.target);
  if (!found) {
    if (memo) await forgetTrial(shell.target);
    return undefined;
  }
  const name = (await newest(shell)) ?? (found.user === shell.target.credentials.username ? memo?.name : undefined);
  const ours = name === undefined ? undefined : parseTrialName(name);
  return {
    name: name ?? 'commit confirmed',
    job: ours?.job,
    epoch: ours?.epoch,
    owner: ours ? `Plumbline (${found.user})` : found.user,
    expiresAt: found.expiresAt,
    phase: 'armed',
    confirm: async () => {
      throw new PlumbError('commit_failed', `${shell.name}: only the session that armed a trial can confirm it`);
    },
    undo: async () => {
      if (!ours) throw new PlumbError('undo_failed', `${shell.name}: the trial of ${found.user} is not ours to undo`);
      if (!(await isOver(shell, found.expiresAt))) {
        throw new PlumbError('undo_failed', `${shell.name}: trial "${name}" still waits after its time`);
      }
      await forgetTrial(shell.target);
    },
  };
};

/**
 * A trial of a session of its own, which stays open as long as the trial.
 *
 * @param arming the session, in configuration mode
 * @param before what ran before, as `show running-config` prints it
 */
export const armedTrial = (arming: CliShell, name: string, expiresAt: Date, before: string): Trial => {
  const ours = parseTrialName(name);
  const { target } = arming;
  const timer = setTimeout(
    () => void arming[Symbol.asyncDispose](),
    expiresAt.getTime() - Date.now() + graceMs,
  ).unref();
  const done = async (): Promise<void> => {
    clearTimeout(timer);
    await forgetTrial(target);
    await arming[Symbol.asyncDispose]();
  };
  return {
    name,
    job: ours?.job,
    epoch: ours?.epoch,
    owner: 'Plumbline',
    expiresAt,
    phase: 'armed',
    confirm: async () => {
      if (!(await waiting(arming)) || (await newest(arming)) !== name) {
        throw new PlumbError('commit_failed', `${arming.name}: trial "${name}" is gone before it was confirmed`);
      }
      await arming.send('commit', patience.commit);
      await done();
    },
    undo: async () => {
      if ((await waiting(arming)) && (await newest(arming)) === name) {
        // the newest commit is our trial: this is its cancel, and what it led to is compared with what was saved
        if (arming.configuring) await arming.send('abort', patience.load);
        await arming.send('rollback configuration last 1', { ...patience.commit, unchecked: true });
      }
      const running = normalise(await arming.send('show running-config', patience.load));
      if (running !== normalise(before)) {
        throw new PlumbError('undo_failed', `${arming.name}: what runs is not what ran before trial "${name}"`, {
          hint: 'its timer undoes it as well, if it is still armed',
        });
      }
      await done();
    },
  };
};
