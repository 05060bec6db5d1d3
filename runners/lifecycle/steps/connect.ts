import { setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/store/payload.ts';
import type { Session } from '../../driver.ts';
import { SiblingTrial } from '../../session/trial-handle.ts';
import { lookBefore } from '../checks/checks.ts';
import { type Deployment, mayGoOn } from '../deployment.ts';
import { guardAgainst } from '../guards.ts';

const refuseForeign = async (session: Session, device: string): Promise<void> => {
  const pending = await session.pending();
  if (!pending) return;
  if (pending.sibling !== undefined) throw new SiblingTrial(device, pending.sibling, pending.name);
  const until = pending.expiresAt ? ` until ${pending.expiresAt.toISOString()}` : '';
  throw new PlumbError(
    'locked',
    `${device}: trial "${pending.name}" of ${pending.owner} is pending on the device${until}`,
    { hint: 'let its owner confirm or undo it; the deployment is tried again by itself' },
  );
};

/**
 * A change is compared with a network that is whole, and not with what an undone one left of it.
 *
 * @returns whether that was looked at, which may have taken its time
 */
const untilWhole = async (deployment: Deployment, session: Session): Promise<boolean> => {
  const { device, driver, record, lastUndo } = deployment;
  if (!lastUndo.isOpen) return false;
  const look = () => lookBefore({ driver, policy: device.policy }, session, '');
  let told = '';
  const left = await lastUndo.over(look, device.policy, (missing) => {
    mayGoOn(deployment);
    const now = missing.join(', ');
    if (now !== told) record.detail(`waiting for what an undone attempt cut off: ${now}`); // each is a publish
    told = now;
  });
  if (left.length > 0)
    record.warn(`cut off by an earlier undone attempt, and no longer waited for: ${left.join(', ')}`);
  return true;
};

/** Longer than the trials of some parts of one server take; beyond it the deployment is tried again by itself. */
const siblingsMs = 10 * 60_000;
const siblingPollMs = 500;

/** Waits for the trials of other parts of the same server: nothing of ours is on it, and the session is free meanwhile. */
const inTurnOnServer = async <T>(deployment: Deployment, work: () => Promise<T>): Promise<T> => {
  const { record, signal } = deployment;
  const untilMs = performance.now() + siblingsMs;
  let told = '';
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SiblingTrial) || performance.now() > untilMs) throw error;
      record.step('connecting');
      if (told !== error.message) record.detail(`waiting for its turn: ${error.message}`); // each is a publish
      told = error.message;
    }
    await wait(siblingPollMs, undefined, { signal }).catch(() => {});
    mayGoOn(deployment);
  }
};

/** What runs now, guarded against the text. @throws PlumbError `locked`, `refused` */
const readRunning = async (deployment: Deployment, text: string, session: Session): Promise<string> => {
  const { device, driver, record, mode, body, force, dryRun } = deployment;
  const [seen] = await Promise.all([session.config('running'), refuseForeign(session, device.name)]);
  const waited = !dryRun && !force && (await untilWhole(deployment, session));
  const running = waited ? await session.config('running') : seen;
  record.set({ runningSha256: sha256(driver.normalise(running)) });
  if (force) return running;
  const hostnames = [device.name, device.vars.hostname].filter((name) => typeof name === 'string');
  const { policy, name } = device;
  guardAgainst(running, text, { body, device: name, hostnames, policy, mode, hostnameOf: driver.hostname });
  return running;
};

/**
 * The warm session, or a login; it is the deployment's alone while `work` is under way. Nobody else's trial waits on the
 * device then, and the network is whole.
 *
 * @param work gets what runs
 * @throws PlumbError as `Driver.open`; `locked` for a trial of somebody else, `refused` by what runs
 */
export const connect = <T>(
  deployment: Deployment,
  text: string,
  work: (session: Session, running: string) => Promise<T>,
): Promise<T> => {
  const { record, warm } = deployment;
  record.step('connecting');
  return inTurnOnServer(deployment, () =>
    warm.use(async (session) => work(session, await readRunning(deployment, text, session)), {
      what: `job ${record.job.id} (${record.job.kind})`,
    }),
  );
};
