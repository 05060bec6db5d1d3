import { setMaxListeners } from 'node:events';
import { type Device, defaultPolicy } from '../../core/inventory/schema.ts';
import type { Session, Target } from '../../runners/driver.ts';

/** A device of a test's own on loopback. */
export const targetOf = (
  device: Partial<Device> & Pick<Device, 'platform'>,
  login: { knownHosts: string; key?: string; username?: string; password?: string; enable?: string },
): Target => {
  const { knownHosts, username = 'root', ...secrets } = login;
  return {
    device: {
      name: 'r1',
      host: '127.0.0.1',
      transport: undefined,
      port: undefined,
      credentials: undefined,
      role: undefined,
      groups: [],
      vars: {},
      policy: defaultPolicy,
      options: {},
      ...device,
    },
    credentials: { username, ...secrets },
    knownHosts,
  };
};

let count = 0;

/** A change by a new job. */
export const change = (epoch = 1) => ({
  job: `test${String(++count).padStart(4, '0')}${'x'.repeat(16)}`,
  epoch,
  sha256: 'a'.repeat(64),
});

/** Never aborts. */
export const forever: AbortSignal = new AbortController().signal;
setMaxListeners(0, forever); // all logins of a file listen to it, as long as they last

export const fence = (): void => {};

/** Loads, commits under a timer and returns the trial; the candidate is disposed as the lifecycle does. */
export const commit = async (session: Session, config: string, confirmSeconds = 60, name = change()) => {
  await using candidate = await session.load(config, 'replace', name);
  return { trial: await candidate.commit({ confirmSeconds, fence }), name };
};
