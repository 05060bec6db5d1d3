import { type Request, requests, type Verb } from '../../core/bus.ts';
import { explain, isOutcome, PlumbError } from '../../core/errors.ts';
import { maskValues, secretsIn } from '../../core/redact/redact-learn.ts';
import { fetchIntent } from '../../core/store/intents.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { Session } from '../driver.ts';
import type { JobRecord } from '../holding/job-record.ts';
import { person } from '../holding/person.ts';
import { hasSessions } from '../lifecycle/checks/bgp.ts';
import { checkUntilStable, lookBefore } from '../lifecycle/checks/checks.ts';
import { mustHear } from '../lifecycle/checks/health-check.ts';
import { guardText } from '../lifecycle/guards.ts';
import { modeFor } from '../lifecycle/mode.ts';
import type { HeldDevice } from '../loop/device-loop.ts';
import { refuseChanging, refuseChangingProbes } from '../session/read-only.ts';
import { changeDevice } from './change.ts';
import { getFile, putFile } from './file-answers.ts';
import { type Answer, type Asker, recorded, recordFor } from './recorded.ts';
import { cancel, hold, refuseStopped, resume, retry } from './said.ts';

/** How long a test waits for counters to move: longer than the usual keepalive interval. */
const testMs = 75_000;

const dryRun = async (held: HeldDevice, request: Request<'diff'>, record: JobRecord): Promise<Answer> => {
  const { store, device, driver, warm, lease } = held.holding;
  const intent = request.config === undefined ? await fetchIntent(store, device.name) : undefined;
  const body = request.config === undefined ? intent?.body : Buffer.from(request.config);
  if (!body)
    throw new PlumbError(
      'invalid_request',
      `${device.name}: there is no intent to diff against, and no text was given`,
    );
  const mode = modeFor(device, request.mode ?? intent?.meta.mode);
  const { policy, name } = device;
  const text = guardText({
    body,
    device: name,
    hostnames: [],
    policy,
    mode,
    keepsBytes: driver.keepsBytes ?? false,
    hostnameOf: driver.hostname,
  });
  const loaded = warm.use(async (session) => {
    await using candidate = await session.load(text, mode, {
      job: record.job.id,
      epoch: lease.epoch,
      sha256: sha256(body),
    });
    return await candidate.diff();
  });
  const diff = await loaded.catch((error: unknown) => {
    if (!isOutcome(error)) throw error;
    // what the device repeats of a refused line may be a secret after a mistyped keyword
    const { code, line, hint } = error;
    throw new PlumbError(code, maskValues(explain(error), secretsIn(text)), {
      ...(hint ? { hint } : {}),
      ...(line ? { line } : {}),
    });
  });
  return { diff };
};

/** Logs in anew and looks whether sessions are alive and the probes match; changes nothing. */
const test = async (held: HeldDevice, record: JobRecord): Promise<Answer> => {
  const { device, driver, warm, signal } = held.holding;
  refuseChangingProbes(device.name, driver, device.policy.probes);
  const { policy } = device;
  const before = await warm.use(async (session) =>
    lookBefore({ driver, policy }, session, await session.config('running')),
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

const startRollback = async (held: HeldDevice, request: Request<'rollback'>, asker: Asker): Promise<Answer> => {
  const to = request.to === 'last' ? undefined : request.to;
  const record = await recordFor(held, 'rollback', asker, { to });
  void held.rollback(record, to).catch((error: unknown) => {
    held.holding.log.error({ device: held.holding.device.name }, `rollback: ${explain(error)}`);
  });
  return { job: record.job.id };
};

const readConfig = async ({ holding }: HeldDevice, { from, saved }: Request<'config'>): Promise<Answer> => {
  if (from !== undefined && saved !== undefined)
    throw new PlumbError('invalid_request', `${holding.device.name}: "from" and "saved" exclude each other`);
  const config = await holding.warm.use((session) =>
    saved === undefined ? session.config(from ?? 'running') : session.savedConfig(saved),
  );
  return { config };
};

const lacks = ({ holding: { device, driver } }: HeldDevice, getter: string): never => {
  throw new PlumbError('unsupported', `${device.name}: ${driver.platform} has no getter "${getter}"`, {
    hint: `it has ${driver.capabilities.getters.join(', ') || 'none'}; see \`plumb platforms\``,
  });
};

/** A command that only reads runs beside anything; one that may change the device takes a reason, and its turn. */
const runCommand = async (held: HeldDevice, request: Request<'command'>, asker: Asker): Promise<Answer> => {
  const { command, change = false, reason, timeoutSeconds } = request;
  const { device, driver, warm } = held.holding;
  if (change !== (reason !== undefined))
    throw new PlumbError('invalid_request', `${device.name}: a command that may change the device takes a reason`, {
      hint: '"change": true and "reason": "…", both or neither',
    });
  return recorded(held, 'command', asker, request, async (record) => {
    const timeoutMs = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
    const run = (session: Session) => session.run(command, timeoutMs === undefined ? {} : { timeoutMs });
    if (reason === undefined) {
      refuseChanging(device.name, driver, command);
      return { output: await warm.use(run) };
    }
    record.set({ change: reason });
    return { output: await changeDevice(held, record, run, timeoutMs) };
  });
};

type Answers = { [V in Verb]: (held: HeldDevice, request: Request<V>, asker: Asker) => Promise<Answer> };

/** What the holder of a device does for each verb. */
export const answers: Answers = {
  command: runCommand,
  bgp: (held, request, asker) =>
    recorded(held, 'bgp', asker, request, async () => {
      const bgp = await held.holding.warm.use((session) => session.bgp());
      await held.sight.sawBgp(bgp).catch(() => {}); // the answer is worth as much without
      return { bgp };
    }),
  'bgp-detail': (held, request, asker) =>
    recorded(held, 'bgp-detail', asker, request, async () => ({
      'bgp-detail': await held.holding.warm.use(async (session) => session.bgpDetail?.() ?? lacks(held, 'bgp-detail')),
    })),
  facts: (held, request, asker) =>
    recorded(held, 'facts', asker, request, async () => ({
      facts: await held.holding.warm.use((session) => session.facts()),
    })),
  'interfaces-ip': (held, request, asker) =>
    recorded(held, 'interfaces-ip', asker, request, async () => ({
      'interfaces-ip': await held.holding.warm.use(
        async (session) => session.interfacesIp?.() ?? lacks(held, 'interfaces-ip'),
      ),
    })),
  config: (held, request, asker) => recorded(held, 'config', asker, request, () => readConfig(held, request)),
  diff: (held, request, asker) =>
    recorded(held, 'diff', asker, { mode: request.mode }, (record) => dryRun(held, request, record)),
  test: (held, request, asker) => recorded(held, 'test', asker, request, (record) => test(held, record)),
  rollback: startRollback,
  cancel: async (held, { job }, asker) => {
    await cancel(held, job, asker);
    return { job };
  },
  'file-get': getFile,
  'file-put': putFile,
  ping: async ({ holding }) => ({
    runner: holding.runner,
    epoch: holding.lease.epoch,
    session: holding.warm.connected ? 'connected' : 'disconnected',
  }),
  retry: async (held, { reason, force }, asker) => {
    if (force && !reason) throw new PlumbError('invalid_request', 'overriding the guards takes a reason');
    const { author } = asker;
    await retry(held, force ? `${reason}${author ? ` (${author})` : ''}` : undefined, asker);
    return { device: held.holding.device.name };
  },
  hold: (held, request, asker) =>
    recorded(held, 'hold', asker, request, (record) => hold(held, request.reason, asker, record)),
  resume: async (held, _request, asker) => ({
    device: held.holding.device.name,
    held: await resume(held, asker),
  }),
  approve: async (held, { job, intent, running }, asker) => {
    refuseStopped(held, 'an approval');
    held.awaiting.approve(job, person(asker), intent, running);
    held.nudge();
    return { job };
  },
};

/** Verbs that a holder answers. */
export const verbs = Object.keys(requests) as Verb[];
