import { setTimeout as wait } from 'node:timers/promises';
import { explain, type PlumbError } from '../../../core/errors.ts';
import type { Session, Trial } from '../../driver.ts';
import type { Deployment } from '../deployment.ts';
import { type TrialContext, TrialFailed } from './context.ts';
import type { ForeignLines } from './foreign-lines.ts';
import { type Undone, undo } from './undo.ts';

const words = {
  us: 'undone by the runner',
  'the device': "undone by the device's own timer",
  nobody: 'the previous configuration is running: there was nothing to undo',
} as const satisfies Record<Undone['by'], string>;

/** An undo waits this long for what it would take with it. */
const typedMs = 2_000;

/** Warns of the lines of somebody else that an undo is about to take with it. */
export const warnOfTyped = async (
  { record, warm }: Deployment,
  foreign: ForeignLines,
  proven: Session | undefined,
): Promise<void> => {
  if (!proven && (!warm.connected || warm.busy)) return; // the undo comes first
  const read = proven ? foreign.typed(proven) : warm.use((session) => foreign.typed(session));
  const typed = await Promise.race([
    read.catch(() => ''), // a device that does not answer is put back all the same
    wait(typedMs, '', { ref: false }),
  ]);
  if (typed !== '') record.warn(`typed on the device during the trial, and undone with it: ${typed}`);
};

/** What to do about a change that somebody else has confirmed. */
const afterForeignConfirm = async ({ device, record, warm }: Deployment): Promise<string> => {
  const { id } = record.job;
  const saved = await warm.use((session) => session.saved()).catch(() => []);
  return saved.some(({ job }) => job === id)
    ? `\`plumb rollback ${device.name} --to ${id}\` restores the previous configuration`
    : `${device.platform} keeps no earlier configuration: put the previous text back into the source to deploy it`;
};

/**
 * Undoes a trial and says why. Never returns.
 *
 * @param trial where its own connection is at hand
 * @param why given who undid it
 * @throws TrialFailed with what was seen to run
 */
export const takeBack = async (
  deployment: Deployment,
  context: TrialContext,
  trial: Trial | undefined,
  why: PlumbError | ((by: Undone['by']) => PlumbError),
): Promise<never> => {
  const { record } = deployment;
  if (typeof why !== 'function') record.detail(`${explain(why)}; undoing`);
  const { by, seen, failure, confirmedByOther } = await undo(context, trial);
  const { code, message, hint: toDo, cause, line } = typeof why === 'function' ? why(by) : why;
  const stays = confirmedByOther && seen.runs !== 'old';
  if (confirmedByOther) {
    const end = stays ? ', so it could not be undone' : '; it was undone all the same';
    record.warn(`someone else confirmed the trial on the device during the checks${end}`);
  }
  const hint = stays ? await afterForeignConfirm(deployment) : toDo;
  const what = failure ? `${message}; the undo: ${explain(failure)}` : message;
  const error = new TrialFailed(code, what, seen, { cause, hint, line });
  record.detail(failure ? explain(error) : `${explain(error)}; ${words[by]}`);
  throw error;
};
