import { PlumbError } from '../../core/errors.ts';
import { getJob } from '../../core/store/jobs.ts';
import type { Session } from '../driver.ts';
import type { JobRecord } from '../holding/job-record.ts';
import { dropped, type Turn } from '../holding/turn.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';

/** How long a change waits for the deployment under way, unless the asker says otherwise. */
const patienceMs = 60_000;

/** What a change waits for: which job, whose, and until when its trial can last. */
const whatIsUnderWay = async ({ context, underWay }: DeviceLoop): Promise<string> => {
  const { store, device, state } = context;
  const job = underWay && (await getJob(store, underWay.job, device.name).catch(() => undefined));
  if (!job) return 'another change of the device';
  const { trial } = state.value;
  const until = trial?.job === job.id ? `, whose trial lasts until ${trial.expiresAt} at most` : '';
  return `job ${job.id} (${job.kind}${job.author ? ` by ${job.author}` : ''}, "${job.state}" since ${job.updatedAt})${until}`;
};

const refuseOthers = async (session: Session, device: string): Promise<void> => {
  const pending = await session.pending();
  if (!pending) return;
  const until = pending.expiresAt ? ` until ${pending.expiresAt.toISOString()}` : '';
  throw new PlumbError(
    'locked',
    `${device}: trial "${pending.name}" of ${pending.owner} is pending on the device${until}; nothing was sent`,
    { hint: 'let its owner confirm or undo it, then try again' },
  );
};

/**
 * Runs work that changes the device and is no deployment: in order with those, so never while a trial waits, ours or
 * somebody else's. What was confirmed by nobody would be saved with it.
 *
 * @param waitMs how long it waits for the deployment under way, and then for the session
 * @throws PlumbError `conflict` that names what is under way, `locked` for a trial of somebody else's, `timeout` where the
 *   session was busy for too long; nothing was sent
 */
export const changeDevice = async <T>(
  loop: DeviceLoop,
  record: JobRecord,
  work: (session: Session) => Promise<T>,
  turn: Turn,
  waitMs = patienceMs,
): Promise<T> => {
  const { device, lease, warm } = loop.context;
  const askedMs = performance.now();
  const goneMs = turn.untilMs ?? Number.POSITIVE_INFINITY;
  const untilMs = Math.min(goneMs, askedMs + waitMs);
  if (loop.underWay) record.detail(`waits for ${await whatIsUnderWay(loop)}`);
  let waitsFor: 'its turn' | 'recovery' | 'the session' = 'its turn';
  let given = false;
  let tired: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    const giveUp = async () => {
      const busy = waitsFor === 'its turn' ? await whatIsUnderWay(loop) : undefined;
      if (waitsFor === 'the session') return; // which gives it up itself
      given = true;
      const hint = 'try again when it is finished, or cancel it: `plumb cancel`';
      const why = `${device.name}: waited for ${busy}; nothing was sent`;
      reject(
        busy === undefined
          ? dropped(device.name, performance.now() - askedMs, 'a search for leftovers on the device')
          : new PlumbError('conflict', why, { hint }),
      );
    };
    tired = setTimeout(() => void giveUp(), untilMs - askedMs);
  });
  const inTurn = loop.inOrder(async () => {
    if (given) return undefined; // the asker was told that nothing happens
    waitsFor = 'recovery';
    await loop.context.recover();
    if (given) return undefined;
    waitsFor = 'the session';
    const change = async (session: Session) => {
      await refuseOthers(session, device.name);
      if (performance.now() > goneMs)
        throw dropped(device.name, performance.now() - askedMs, 'a search for trials on the device');
      lease.lasts();
      return work(session);
    };
    return { done: await warm.use(change, { ...turn, untilMs }) };
  });
  try {
    const result = await Promise.race([inTurn, tooLong]);
    if (result === undefined) throw new PlumbError('conflict', `${device.name}: gave up; nothing was sent`);
    return result.done;
  } finally {
    clearTimeout(tired);
    loop.sight.lookSoon(); // it may be drift now
  }
};
