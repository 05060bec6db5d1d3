import type { JobRecord } from '../holding/job-record.ts';
import type { Turn } from '../holding/turn.ts';
import { hasSessions } from '../lifecycle/checks/bgp.ts';
import { checkUntilStable, lookBefore } from '../lifecycle/checks/checks.ts';
import { mustHear } from '../lifecycle/checks/health-check.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';
import { refuseChangingProbes } from '../session/read-only.ts';
import type { Answer } from './recorded.ts';

/** How long a test waits for counters to move: longer than the usual keepalive interval. */
const testMs = 75_000;

/** Logs in anew and looks whether sessions are alive and the probes match; changes nothing. */
export const test = async (loop: DeviceLoop, record: JobRecord, turn: Turn): Promise<Answer> => {
  const { device, driver, warm, signal } = loop.context;
  refuseChangingProbes(device.name, driver, device.policy.probes);
  const { policy } = device;
  const before = await warm.use(
    async (session) => lookBefore({ driver, policy }, session, await session.config('running')),
    turn,
  );
  const deadlineMs = performance.now() + (hasSessions(before.bgp) || mustHear(before.health) ? testMs : 5_000);
  const { ok, checks, session } = await checkUntilStable(warm, {
    driver,
    policy,
    before,
    intent: '',
    mode: 'replace',
    lateMs: 0,
    deadlineMs,
    signal,
    found: record.checks.bind(record),
  });
  await session?.[Symbol.asyncDispose]();
  record.checks(checks);
  return { ok, checks };
};
