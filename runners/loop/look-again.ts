import { explain, isOutcome } from '../../core/errors.ts';
import type { Intent } from '../../core/store/intents.ts';
import { getJob, getStoredJob } from '../../core/store/jobs.ts';
import { next } from '../../core/wanted/next.ts';
import type { DeviceContext } from '../holding/device-context.ts';
import { JobRecord } from '../holding/job-record.ts';
import { commitOf } from '../lifecycle/attempt/record.ts';
import { seenRunning } from '../lifecycle/changed.ts';
import { textOf } from '../lifecycle/guards.ts';
import { modeFor } from '../lifecycle/mode.ts';
import { compare } from '../lifecycle/steps/read-back.ts';

/** Adds to the finished record what was seen later. */
const note = async (context: DeviceContext, id: string, text: string): Promise<void> => {
  const { job, seq } = await getStoredJob(context.store, id, context.device.name);
  if (job) new JobRecord(context, job, seq).warn(`checked again at ${new Date().toISOString()}: ${text}`);
};

/**
 * Compares a change with its intent that is in force and could not be compared when its job ended. Nothing is committed.
 *
 * @returns why the device does not run the intent; '' when it does
 * @throws PlumbError when it could not be compared now either
 */
export const lookAgain = async (
  context: DeviceContext,
  { body, generation, meta }: Intent,
  job: string,
): Promise<string> => {
  const { device, driver, lease, warm, state, store, log } = context;
  const text = textOf(body, driver.keepsBytes ?? false);
  const of = {
    device,
    driver,
    lease,
    mode: modeFor(device, meta.mode),
    sha256: generation.sha256,
    job,
    said: () => {},
  };
  const at = () => new Date().toISOString();
  let outcome: 'applied' | 'not_converged' = 'applied';
  let why = '';
  let runningSha256 = '';
  try {
    await context.recover();
    runningSha256 = await warm.use((session) => compare(of, text, session));
  } catch (error) {
    if (!isOutcome(error, 'not_converged')) throw error;
    outcome = 'not_converged';
    why = `${error.code}: ${explain(error)}`;
  }
  const made = await getJob(store, job, device.name);
  const applied =
    outcome === 'applied'
      ? {
          applied: { generation, job, at: at(), runningSha256, ...commitOf(meta) },
          ...seenRunning(state.value, runningSha256, at(), made),
        }
      : {};
  await state.update({ ...next(state.value, { kind: 'ended', job, outcome, at: at() }), ...applied });
  const found = why || 'the device runs the intent; nothing is left to change';
  log.info({ device: device.name, job }, found);
  await note(context, job, found);
  return why;
};
