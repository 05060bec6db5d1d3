import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../../core/errors.ts';
import { oneAtATime } from '../../../core/one-at-a-time.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Trial } from '../../driver.ts';
import type { CliShell } from '../../session/shell.ts';
import { goneTrial, trialHandle } from '../../session/trial-handle.ts';
import { parseTrialName } from '../../trial-name.ts';
import { normalise } from './config.ts';

// What a router says of trials: as users published it of live tests on XRv9k 24.3.1.

const pollMs = 1_000;
const graceMs = 60_000;
/** Shorter than any `exec-timeout` that people live with. */
const awakeMs = 20_000;

/** These commands are known outside configuration mode only. */
const look = (shell: CliShell, command: string): Promise<string> =>
  shell.send(shell.configuring ? `do ${command}` : command, { ...patience.show, unchecked: true });

/** Who armed the trial that waits: it is listed as a session of its own, without its name and its time. */
export const waiting = async (shell: CliShell): Promise<string | undefined> => {
  const said = await look(shell, 'show configuration sessions detail');
  const trial = said.split(/^[ \t]*\d+\) Session:/m).find((session) => /Client:\s*commit-confirm/.test(session));
  if (trial === undefined) return undefined;
  const [, line] = /Line:\s*(\S+)/.exec(trial) ?? [];
  return [/User:\s*(\S+)/.exec(trial)?.[1] ?? 'someone', line && `on ${line}`].filter(Boolean).join(' ');
};

/** The name of ours in the comment of the newest commit. */
const newest = async (shell: CliShell): Promise<string | undefined> => {
  const detail = await look(shell, 'show configuration commit list 1 detail');
  return parseTrialName(/Comment:\s*(.*)/.exec(detail)?.[1] ?? '')?.name;
};

const isOver = async (shell: CliShell): Promise<boolean> => {
  const untilMs = performance.now() + graceMs;
  while (await waiting(shell)) {
    if (performance.now() > untilMs) return false;
    await wait(pollMs);
  }
  return true;
};

/**
 * A trial seen from another session than the one that armed it: IOS-XR gives that one neither a confirm nor a cancel.
 *
 * @param known names of ours, for a router that took no comment with the commit
 */
export const pendingTrial = async (shell: CliShell, known: readonly string[] = []): Promise<Trial | undefined> => {
  const owner = await waiting(shell);
  if (owner === undefined) return undefined;
  const isOurUser = owner.split(' ')[0] === shell.target.credentials.username;
  const name = (await newest(shell)) ?? (isOurUser ? known[0] : undefined);
  const ours = name === undefined ? undefined : parseTrialName(name);
  const seen = { name: name ?? 'commit confirmed', owner: ours ? `Plumbline (${owner})` : owner };
  return trialHandle(shell.name, seen, {
    confirm: async () => {
      throw new PlumbError('commit_failed', `${shell.name}: only the session that armed a trial can confirm it`);
    },
    undo: async () => {
      if (await isOver(shell)) return;
      throw new PlumbError('locked', `${shell.name}: the session of trial "${name}" is gone; its timer ends it`, {
        hint: 'no other session can end it; the deployment is tried again by itself',
      });
    },
  });
};

/** Leaves configuration mode. Where a trial of this session waits, the router undoes it at once. */
export const leaveTrial = async (arming: CliShell): Promise<void> => {
  if (!arming.configuring) return;
  const questions = [{ ask: /Do you wish to exit\? \[no\]:\s*$/, answer: 'yes' }];
  await arming.send('end', { ...patience.commit, questions, unchecked: true });
};

/**
 * A trial of a session of its own, which stays open as long as the trial.
 *
 * @param arming the session, in configuration mode
 * @param before what ran before, as `show running-config` prints it
 */
export const armedTrial = (arming: CliShell, name: string, expiresAt: Date, before: string): Trial => {
  const lateMs = expiresAt.getTime() - Date.now() + graceMs;
  const timer = setTimeout(() => void done(), lateMs).unref();
  const inTurn = oneAtATime();
  // a session at which nothing is typed is logged out (`exec-timeout`), and its trial would be undone with it
  const awake = setInterval(() => void inTurn(() => look(arming, 'show clock')).catch(() => {}), awakeMs).unref();
  const done = async (): Promise<void> => {
    clearTimeout(timer);
    clearInterval(awake);
    await arming[Symbol.asyncDispose]();
  };
  const confirm = async (): Promise<void> => {
    // any other trial would refuse this session's commit, and an empty commit of a session without one does nothing
    const said = (await waiting(arming)) ? await arming.send('commit', { ...patience.commit, unchecked: true }) : '';
    if (said === '' || /No configuration changes|Cannot commit|% ?(?:Failed|Invalid)/i.test(said)) {
      throw goneTrial(arming.name, name);
    }
    if (await waiting(arming)) {
      throw new PlumbError('commit_failed', `${arming.name}: the router did not accept the confirm: ${said.trim()}`);
    }
    await done();
  };
  const undo = async (): Promise<void> => {
    await leaveTrial(arming); // the router's own cancel of this session's trial, and of no other
    const over = await isOver(arming);
    const running = normalise(await arming.send('show running-config', patience.load));
    if (!over || running !== normalise(before)) {
      throw new PlumbError(
        'undo_failed',
        `${arming.name}: the running configuration is not the one from before trial "${name}"`,
        {
          hint: 'its timer undoes it too, if it is still armed',
        },
      );
    }
    await done();
  };
  const ends = { confirm: () => inTurn(confirm), undo: () => inTurn(undo) };
  return trialHandle(arming.name, { name, expiresAt }, ends);
};
