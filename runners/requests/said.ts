import { PlumbError } from '../../core/errors.ts';
import { refuseUnclear } from '../../core/intent/meta.ts';
import { redact } from '../../core/redact/redact.ts';
import { fetchIntent } from '../../core/store/intents.ts';
import { getJob, getStoredJob } from '../../core/store/jobs.ts';
import { decide } from '../../core/wanted/decide.ts';
import { isStopped, sourceText, whyStopped } from '../../core/wanted/held.ts';
import { next } from '../../core/wanted/next.ts';
import { JobRecord } from '../holding/job-record.ts';
import { person } from '../holding/person.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';
import { whyNot } from '../loop/texts/why-not.ts';
import type { Asker } from './recorded.ts';

// What people say to the holder of a device: cancel, approve, resume, retry. Each is kept in the record of the device
// before anything follows from it, and in the record of the job that it is about.

const cancelUnderWay = async (loop: DeviceLoop, asker: Asker): Promise<void> => {
  const { underWay, context } = loop;
  if (!underWay) return;
  const { record, sha256, abort } = underWay;
  const { name } = context.device;
  const step = record.job.state;
  if (step === 'confirming' || step === 'reading_back') {
    throw new PlumbError(
      'conflict',
      `${name}: job ${record.job.id} is "${step}": too late to cancel, roll it back instead`,
    );
  }
  const who = person(asker);
  const { state } = context;
  const kept = sha256 && state.update(next(state.value, { kind: 'cancel', job: record.job.id, sha256, ...who }));
  record.said({ did: 'cancel', ...who, ...(sha256 ? { sha256 } : {}) });
  abort.abort(new PlumbError('cancelled', `${name}: cancelled by ${who.by}`));
  await kept;
};

/** A job that nobody has begun, and whose text is the newest one. @returns whether there was one */
const cancelQueued = async (loop: DeviceLoop, id: string, asker: Asker): Promise<boolean> => {
  const { store, device, state } = loop.context;
  const newest = await fetchIntent(store, device.name);
  if (newest?.meta.job !== id) return false;
  const { job, seq } = await getStoredJob(store, id, device.name);
  if (job?.state !== 'queued' || loop.underWay?.job === id) return false;
  const { sha256 } = newest.generation;
  const who = person(asker);
  await state.update(next(state.value, { kind: 'cancel', job: id, sha256, ...who }));
  const record = new JobRecord(loop.context, job, seq);
  record.said({ did: 'cancel', ...who, sha256 });
  await record.finish({ kind: 'failed', code: 'cancelled', detail: `${device.name}: cancelled by ${who.by}` });
  loop.nudge();
  return true;
};

/** Gives a job up: what it changed is undone, and its text is not deployed until someone names it. */
export const cancel = async (loop: DeviceLoop, id: string, asker: Asker): Promise<void> => {
  const { store, device } = loop.context;
  if (loop.underWay?.job === id) return cancelUnderWay(loop, asker);
  if (await loop.awaiting.cancel(id, person(asker))) return loop.sight.show();
  if (await loop.asked.end(device.name, { did: 'cancel', ...person(asker) }, id)) return;
  if (await cancelQueued(loop, id, asker)) return;
  if (loop.underWay?.job === id) return cancelUnderWay(loop, asker); // it was begun in this very moment
  const found = await getJob(store, id, device.name);
  if (!found) throw new PlumbError('unknown_job', `${device.name}: there is no job ${id}`);
  throw new PlumbError(
    'conflict',
    `${device.name}: job ${id} is "${found.state}" and can no longer be cancelled`,
    waitingHint(loop),
  );
};

/** What to say to the job that waits for an approval, where one does: no answer may hide it. */
const waitingHint = ({ awaiting: { job } }: DeviceLoop): { hint: string } | undefined =>
  job === undefined
    ? undefined
    : { hint: `job ${job} waits for an approval: \`plumb approve ${job}\`, or \`plumb cancel ${job}\`` };

/** Nothing goes on while the device is held. @throws PlumbError `conflict` that says by whom and why */
export const refuseStopped = (loop: DeviceLoop, what: string): void => {
  const { device, state } = loop.context;
  const { hold } = state.value;
  if (!hold) return;
  const why = `${device.name}: ${what} is refused: ${whyStopped(hold, device.name)}`;
  throw new PlumbError('conflict', why, waitingHint(loop));
};

/** No word for a text that would not be deployed, as bus and source are right now. @throws PlumbError `conflict` */
export const refusePointless = async (loop: DeviceLoop, job: string): Promise<void> => {
  const { device, state } = loop.context;
  if (loop.awaiting.job !== job) return; // then there are better words for it
  const source = await loop.source();
  const newest = await loop.newest();
  const decision = decide(state.value, newest, source);
  if (decision.kind === 'deploy') return;
  const { detail } = whyNot(decision, state.value, sourceText(newest, source), undefined);
  loop.nudge(); // which ends it
  throw new PlumbError('conflict', `${device.name}: job ${job} is not approved: ${detail}`);
};

/**
 * Stops all deployments until someone says `resume`. One under way goes on to its end, under its timer and its checks.
 *
 * @returns the hold, the job that is under way, and the one that waits for an approval, which nobody can give meanwhile
 */
export const hold = async (loop: DeviceLoop, given: string, asker: Asker, record: JobRecord) => {
  const { state } = loop.context;
  const reason = redact(given); // it lies in the record of the device
  const who = person(asker);
  record.said({ did: 'hold', ...who });
  await state.update(next(state.value, { kind: 'hold', reason, ...who }));
  await loop.sight.show();
  return { hold: { reason, ...who }, underWay: loop.underWay?.job ?? null, waiting: loop.awaiting.job ?? null };
};

/** @returns whether anything kept the source's text from being deployed, or was about to, and the job whose approval it waits for now */
export const resume = async (loop: DeviceLoop, asker: Asker): Promise<{ held: boolean; waiting: string | null }> => {
  const { device, state } = loop.context;
  const who = person(asker);
  const newest = await loop.newest();
  const source = sourceText(newest, await loop.source());
  if (source === undefined && !isStopped(state.value)) {
    throw new PlumbError('conflict', `${device.name}: the source has no text to deploy`, {
      hint: newest ? `\`plumb retry ${device.name}\` deploys the newest published text` : 'publish one',
    });
  }
  const outdid = await loop.asked.end(device.name, { did: 'resume', ...who });
  const change = next(state.value, { kind: 'resume', newest: newest?.generation.sha256, source, ...who });
  const held = outdid || Object.keys(change).length > 0;
  if (held) {
    await state.update(change);
    loop.nudge();
  }
  return { held, waiting: loop.awaiting.job ?? null };
};

/**
 * Gives the newest text another try.
 *
 * @param force the reason for overriding the guards
 * @throws PlumbError `conflict` while a job waits for an approval
 */
export const retry = async (loop: DeviceLoop, force: string | undefined, asker: Asker): Promise<void> => {
  const { store, device, state, warm } = loop.context;
  const who = person(asker);
  refuseStopped(loop, 'a retry');
  const hint = waitingHint(loop);
  if (hint) throw new PlumbError('conflict', `${device.name}: there is nothing to retry`, hint);
  const intent = await fetchIntent(store, device.name);
  if (intent) refuseUnclear(device.name, intent.meta); // another try would only refuse it again
  const newest = intent?.generation.sha256;
  loop.tryAgain(force && newest ? { reason: force, sha256: newest } : undefined);
  warm.forgive();
  loop.sight.lookSoon(); // also where nothing is to be deployed
  await loop.asked.end(device.name, { did: 'retry', ...who });
  if (newest) await state.update(next(state.value, { kind: 'retry', newest, ...who }));
  loop.nudge();
};
