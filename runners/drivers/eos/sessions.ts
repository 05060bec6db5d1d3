import { named } from '../../../core/by-name.ts';
import { PlumbError } from '../../../core/errors.ts';
import { parseTrialName } from '../../trial-name.ts';
import type { EosCli } from './cli.ts';

type Listed = {
  sessions?: Record<
    string,
    {
      state?: string;
      commitBy?: number;
      commitUser?: string;
      instances?: Record<string, { user?: string; terminal?: string }>;
    }
  >;
  // from 4.32 on
  commitTimerSessionName?: string;
  commitTimerExpireTime?: number;
};

/** A configuration session of a switch. */
export type EosSession = {
  name: string;
  state: 'pending' | 'trial' | 'completed' | 'other';
  owner: string;
  /** When a trial ends, as the switch counts: seconds of uptime, or of the epoch from some version on. */
  commitBy: number | undefined;
};

const isEpoch = (seconds: number): boolean => seconds > 1e9;

/**
 * Both forms of the listing: up to 4.31 the session's state tells of a timer; from 4.32 on the head of the list, and the
 * session is `committed` from the start. Source: napalm issue 2166.
 */
export const readSessions = (json: unknown): EosSession[] => {
  const { sessions = {}, commitTimerSessionName: timed, commitTimerExpireTime: expires } = json as Listed;
  const names = new Set([...Object.keys(sessions), ...(timed ? [timed] : [])]);
  return [...names].map((name) => {
    const { state = 'pending', commitBy, commitUser, instances = {} } = named(sessions, name) ?? {};
    const users = Object.values(instances).map(({ user, terminal }) => [user, terminal].filter(Boolean).join(' on '));
    const trial = name === timed || state === 'pendingCommitTimer';
    const ours = parseTrialName(name) ? 'Plumbline' : 'someone';
    return {
      name,
      state: trial
        ? 'trial'
        : state === 'pending'
          ? state
          : /^com(?:pleted|mitted)$/.test(state)
            ? 'completed'
            : 'other',
      owner: users[0] || commitUser || ours,
      commitBy: name === timed ? expires : commitBy,
    };
  });
};

export const listSessions = async (cli: EosCli): Promise<EosSession[]> =>
  readSessions(await cli.json('show configuration sessions detail'));

/** What tells how long the switch has run. */
export const uptimeCommand = 'show version';

/** When a trial expires, by our clock. @param version the answer to `uptimeCommand` */
export const expiryOf = ({ commitBy }: EosSession, version: unknown): Date | undefined => {
  if (commitBy === undefined || commitBy <= 0) return undefined;
  if (isEpoch(commitBy)) return new Date(commitBy * 1000);
  const { uptime, bootupTimestamp } = version as { uptime?: number; bootupTimestamp?: number };
  const up = uptime ?? (bootupTimestamp === undefined ? undefined : Date.now() / 1000 - bootupTimestamp);
  return up === undefined ? undefined : new Date(Date.now() + (commitBy - up) * 1000);
};

/** @throws PlumbError `locked` when a trial waits, ours or not: a second commit is refused by the switch */
export const refuseDuringTrial = (sessions: readonly EosSession[], device: string): void => {
  const trial = sessions.find(({ state }) => state === 'trial');
  if (!trial) return;
  throw new PlumbError('locked', `${device}: session "${trial.name}" of ${trial.owner} is waiting for its confirm`, {
    hint: parseTrialName(trial.name)
      ? 'its runner ends it, or its timer: `plumb jobs` lists the job in its name'
      : `let its owner confirm it (\`configure session ${trial.name} commit\`) or abort it; its timer ends it too`,
  });
};
