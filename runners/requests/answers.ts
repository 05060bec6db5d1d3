import { type Request, requests, type Verb } from '../../core/bus.ts';
import { defined } from '../../core/defined.ts';
import { explain, isOutcome, PlumbError } from '../../core/errors.ts';
import { refuseUnclear } from '../../core/intent/meta.ts';
import { maskValues, secretsIn } from '../../core/redact/redact-learn.ts';
import { fetchIntent } from '../../core/store/intents.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { Session } from '../driver.ts';
import type { JobRecord } from '../holding/job-record.ts';
import { person } from '../holding/person.ts';
import type { Turn } from '../holding/turn.ts';
import type { WarmSession } from '../holding/warm-session.ts';
import { hasSessions } from '../lifecycle/checks/bgp.ts';
import { checkUntilStable, lookBefore } from '../lifecycle/checks/checks.ts';
import { mustHear } from '../lifecycle/checks/health-check.ts';
import { guardText } from '../lifecycle/guards.ts';
import { modeFor } from '../lifecycle/mode.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';
import { refuseChanging, refuseChangingProbes } from '../session/read-only.ts';
import { changeDevice } from './change.ts';
import { getFile, putFile } from './file-answers.ts';
import { type Answer, type Asker, recorded, recordFor } from './recorded.ts';
import { cancel, hold, refusePointless, refuseStopped, resume, retry } from './said.ts';

/** How long a test waits for counters to move: longer than the usual keepalive interval. */
const testMs = 75_000;

const dryRun = async (loop: DeviceLoop, request: Request<'diff'>, record: JobRecord, turn: Turn): Promise<Answer> => {
  const { store, device, driver, warm, lease } = loop.context;
  const intent = request.config === undefined ? await fetchIntent(store, device.name) : undefined;
  if (intent) refuseUnclear(device.name, intent.meta);
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
  }, turn);
  const diff = await loaded.catch((error: unknown) => {
    if (!isOutcome(error)) throw error;
    // what the device repeats of a refused line may be a secret after a mistyped keyword
    const { code, line, hint } = error;
    throw new PlumbError(code, maskValues(explain(error), secretsIn(text)), { hint, line });
  });
  return { diff };
};

/** Logs in anew and looks whether sessions are alive and the probes match; changes nothing. */
const test = async (loop: DeviceLoop, record: JobRecord, turn: Turn): Promise<Answer> => {
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

const startRollback = async (loop: DeviceLoop, request: Request<'rollback'>, asker: Asker): Promise<Answer> => {
  const to = request.to === 'last' ? undefined : request.to;
  const { device, state, log } = loop.context;
  const asked = loop.asked.ask(device.name, person(asker));
  try {
    asked.newest = ((await loop.newest()) ?? state.value.intent)?.generation.sha256;
    asked.source = (await loop.source()) ?? undefined;
    const record = await recordFor(loop, 'rollback', asker, { to });
    asked.record = record;
    void loop.rollback(record, to, asked).catch((error: unknown) => {
      log.error({ device: device.name }, `rollback: ${explain(error)}`);
    });
    return { job: record.job.id };
  } catch (error) {
    loop.asked.over(asked);
    throw error;
  }
};

const readConfig = async ({ context }: DeviceLoop, { from, saved }: Request<'config'>, turn: Turn): Promise<Answer> => {
  if (from !== undefined && saved !== undefined)
    throw new PlumbError('invalid_request', `${context.device.name}: "from" and "saved" exclude each other`);
  const config = await context.warm.use(
    (session) => (saved === undefined ? session.config(from ?? 'running') : session.savedConfig(saved)),
    turn,
  );
  return { config };
};

const lacks = ({ context: { device, driver } }: DeviceLoop, getter: string): never => {
  throw new PlumbError('unsupported', `${device.name}: ${driver.platform} has no getter "${getter}"`, {
    hint: `it has ${driver.capabilities.getters.join(', ') || 'none'}; see \`plumb platforms\``,
  });
};

/** A command that only reads runs beside anything; one that may change the device takes a reason, and its turn. */
const runCommand = async (loop: DeviceLoop, request: Request<'command'>, asker: Asker): Promise<Answer> => {
  const { command, change = false, reason, timeoutSeconds } = request;
  const { device, driver, warm } = loop.context;
  if (change !== (reason !== undefined))
    throw new PlumbError('invalid_request', `${device.name}: a command that may change the device takes a reason`, {
      hint: '"change": true and "reason": "…", both or neither',
    });
  return recorded(loop, 'command', asker, request, async (record, turn) => {
    const timeoutMs = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
    const run = (session: Session) => session.run(command, timeoutMs === undefined ? {} : { timeoutMs });
    if (reason === undefined) {
      refuseChanging(device.name, driver, command);
      return { output: await warm.use(run, turn) };
    }
    record.set({ change: reason });
    return { output: await changeDevice(loop, record, run, turn, timeoutMs) };
  });
};

/** @returns undefined where the platform tells no time */
const readClock = (warm: WarmSession, untilMs: number) =>
  warm.use(
    async (session) => {
      const askedMs = performance.now();
      const reading = await session.clock?.();
      // the device read it somewhere between the question and its answer
      return reading && { ...reading, readMsAgo: Math.round((performance.now() - askedMs) / 2) };
    },
    { what: 'a look at its clock', untilMs },
  );

type Answers = { [V in Verb]: (loop: DeviceLoop, request: Request<V>, asker: Asker) => Promise<Answer> };

/** What the holder of a device does for each verb. */
export const answers: Answers = {
  command: runCommand,
  bgp: (loop, request, asker) =>
    recorded(loop, 'bgp', asker, request, async (_, turn) => {
      const bgp = await loop.context.warm.use((session) => session.bgp(), turn);
      await loop.sight.sawBgp(bgp).catch(() => {}); // the answer is worth as much without
      return { bgp };
    }),
  'bgp-detail': (loop, request, asker) =>
    recorded(loop, 'bgp-detail', asker, request, async (_, turn) => ({
      'bgp-detail': await loop.context.warm.use(
        async (session) => session.bgpDetail?.() ?? lacks(loop, 'bgp-detail'),
        turn,
      ),
    })),
  facts: (loop, request, asker) =>
    recorded(loop, 'facts', asker, request, async (_, turn) => ({
      facts: await loop.context.warm.use((session) => session.facts(), turn),
    })),
  'interfaces-ip': (loop, request, asker) =>
    recorded(loop, 'interfaces-ip', asker, request, async (_, turn) => ({
      'interfaces-ip': await loop.context.warm.use(
        async (session) => session.interfacesIp?.() ?? lacks(loop, 'interfaces-ip'),
        turn,
      ),
    })),
  config: (loop, request, asker) =>
    recorded(loop, 'config', asker, request, (_, turn) => readConfig(loop, request, turn)),
  diff: (loop, request, asker) =>
    recorded(loop, 'diff', asker, { mode: request.mode }, (record, turn) => dryRun(loop, request, record, turn)),
  test: (loop, request, asker) => recorded(loop, 'test', asker, request, (record, turn) => test(loop, record, turn)),
  rollback: startRollback,
  cancel: async (loop, { job }, asker) => {
    await cancel(loop, job, asker);
    return { job };
  },
  'file-get': getFile,
  'file-put': putFile,
  ping: async ({ context }, request, { untilMs }) => {
    const clock = request.clock ? await readClock(context.warm, untilMs) : undefined;
    return {
      runner: context.runner,
      epoch: context.lease.epoch,
      session: context.warm.connected ? 'connected' : 'disconnected',
      ...(clock === undefined ? {} : { clock }),
    };
  },
  retry: async (loop, { reason, force }, asker) => {
    if (force && !reason) throw new PlumbError('invalid_request', 'overriding the guards takes a reason');
    const { author } = asker;
    await retry(loop, force ? `${reason}${author ? ` (${author})` : ''}` : undefined, asker);
    return { device: loop.context.device.name };
  },
  hold: (loop, request, asker) =>
    recorded(loop, 'hold', asker, request, (record) => {
      record.step('running');
      return hold(loop, request.reason, asker, record);
    }),
  resume: async (loop, _request, asker) => ({
    device: loop.context.device.name,
    ...(await resume(loop, asker)),
  }),
  approve: async (loop, { job, intent, running }, asker) => {
    refuseStopped(loop, 'an approval');
    await refusePointless(loop, job);
    const seen = defined({ intent, running });
    const who = person(asker);
    await loop.awaiting.approve(job, who, seen, loop.policy.fourEyes);
    await loop.asked.end(loop.context.device.name, { did: 'approve', ...who });
    loop.nudge();
    return { job };
  },
};

/** Verbs that a holder answers. */
export const verbs = Object.keys(requests) as Verb[];
