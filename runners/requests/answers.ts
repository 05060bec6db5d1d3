import { type Request, requests, type Verb } from '../../core/bus.ts';
import { defined } from '../../core/defined.ts';
import { explain, PlumbError } from '../../core/errors.ts';
import type { Session } from '../driver.ts';
import { person } from '../holding/person.ts';
import type { Turn } from '../holding/turn.ts';
import type { WarmSession } from '../holding/warm-session.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';
import { refuseChanging } from '../session/read-only.ts';
import { changeDevice } from './change.ts';
import { compare, dryRun, told } from './dry-run.ts';
import { getFile, putFile } from './file-answers.ts';
import { type Answer, type Asker, recorded, recordFor } from './recorded.ts';
import { cancel, hold, refusePointless, refuseStopped, resume, retry } from './said.ts';
import { test } from './test-device.ts';

const startRollback = async (loop: DeviceLoop, request: Request<'rollback'>, asker: Asker): Promise<Answer> => {
  const to = request.to === 'last' ? undefined : request.to;
  const { device, state, log } = loop.context;
  const asked = loop.asked.ask(device.name, person(asker));
  if (loop.underWay?.sha256 !== undefined) asked.underWay = loop.underWay.job; // no dry run
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
    throw new PlumbError('invalid_request', `${device.name}: a command that can change the device needs a reason`, {
      hint: '"change": true and "reason": "…", both or neither',
    });
  return recorded(loop, 'command', asker, request, async (record, turn) => {
    const timeoutMs = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
    const run = (session: Session) => session.run(command, { timeoutMs });
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
    { what: 'a read of its clock', untilMs },
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
    recorded(loop, 'diff', asker, told(request), (record, turn) =>
      request.before === undefined && request.after === undefined
        ? dryRun(loop, request, record, turn)
        : compare(loop, request, turn),
    ),
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
    if (force && !reason) throw new PlumbError('invalid_request', 'overriding the guards needs a reason');
    const { author } = asker;
    await loop.inWords(() => retry(loop, force ? `${reason}${author ? ` (${author})` : ''}` : undefined, asker));
    return { device: loop.context.device.name };
  },
  hold: (loop, request, asker) =>
    loop.inWords(() =>
      recorded(loop, 'hold', asker, request, (record) => {
        record.step('running');
        return hold(loop, request.reason, asker, record);
      }),
    ),
  resume: async (loop, _request, asker) => ({
    device: loop.context.device.name,
    ...(await loop.inWords(() => resume(loop, asker))),
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
