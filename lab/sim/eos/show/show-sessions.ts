import { unifiedHunks } from '../../config/unified.ts';
import type { Device } from '../../device.ts';
import type { ConfigSession, ConfigSessions } from '../sessions.ts';
import { configText, hostname, type Model } from '../text.ts';
import type { Shown } from './show.ts';

const newerThan431 = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 4 || (major === 4 && minor >= 32);
};

const sessionJson = (session: ConfigSession, old: boolean, detail: boolean) => ({
  state: session.state !== 'pending' && !old ? 'committed' : session.state,
  ...(old && session.state === 'pendingCommitTimer' ? { commitBy: session.commitBy } : {}),
  commitUser: '',
  description: '',
  ...(detail ? { loginId: 0 } : {}),
  instances: session.login
    ? { [String(session.login.id)]: { user: session.login.user, terminal: session.terminal, currentTerminal: false } }
    : {},
});

/** `show configuration sessions`, both before and from 4.32. */
export const showSessions = (device: Device, sessions: ConfigSessions, { version }: Model, detail: boolean): Shown => {
  const old = !newerThan431(version);
  const all = [...sessions.all.values()];
  const waiting = all.find(({ state }) => state === 'pendingCommitTimer');
  const left = (commitBy: number) => {
    const seconds = Math.max(0, Math.round(commitBy - device.uptime));
    return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  };
  const rows = all.map(
    ({ name, state, user, terminal, commitBy }) =>
      `  ${name.padEnd(24)} ${(state !== 'pending' && !old ? 'committed' : state).padEnd(18)} ${user.padEnd(8)} ${terminal.padEnd(8)}${old && state === 'pendingCommitTimer' ? ` ${left(commitBy)}` : ''}`,
  );
  const timer = waiting && !old ? `Session with pending commit timer: ${waiting.name}\n` : '';
  return {
    json: {
      maxSavedSessions: 1,
      maxOpenSessions: 5,
      mergeOnCommit: false,
      saveToStartupConfigOnCommit: false,
      ...(waiting && !old ? { commitTimerSessionName: waiting.name, commitTimerExpireTime: waiting.commitBy } : {}),
      sessions: Object.fromEntries(all.map((session) => [session.name, sessionJson(session, old, detail)])),
    },
    text: `Maximum number of completed sessions: 1
Maximum number of pending sessions: 5
Merge on commit is disabled
Autosave to startup-config on commit is disabled
${timer}
  ${'Name'.padEnd(24)} ${'State'.padEnd(18)} User     Terminal Commit Time Left
  ${'-'.repeat(24)} ${'-'.repeat(18)} -------- -------- ----------------
${rows.map((row) => `${row}\n`).join('')}`,
  };
};

/** `show session-config diffs`: running against the session. */
export const sessionDiff = (device: Device, session: ConfigSession, model: Model): string => {
  const hunks = unifiedHunks(
    configText(device.running, model),
    configText(session.tree, model, hostname(device.running)),
  );
  if (hunks === '') return '';
  return `--- system:/running-config\n+++ session:/${session.name}-session-config\n${hunks}\n`;
};
