import type { Mode } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Device } from '../../core/inventory/schema.ts';
import type { Log } from '../../core/log.ts';
import { redact } from '../../core/redact/redact.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { Candidate, Driver, Session, Trial } from '../driver.ts';
import type { StateKeeper } from '../holding/device-state.ts';
import { cutDiff, type JobRecord } from '../holding/job-record.ts';
import type { HeldLease } from '../holding/lease.ts';
import type { WarmSession } from '../holding/warm-session.ts';
import { trialName } from '../trial-name.ts';
import { type Before, lookBefore } from './checks/checks.ts';
import type { LastUndo } from './checks/last-undo.ts';
import { proveLogin } from './checks/login.ts';
import { guardAgainst } from './guards.ts';
import { asFailure } from './own-fault.ts';
import type { TrialContext } from './trial/context.ts';
import { trialTimer } from './trial/timer.ts';

/** What an approval names: the intent, and the running configuration that it was diffed against. */
export type Approval = { intent: string; running: string };

export type Deployment = {
  log: Log;
  runner: string;
  device: Device;
  driver: Driver;
  warm: WarmSession;
  lease: HeldLease;
  state: StateKeeper;
  lastUndo: LastUndo;
  record: JobRecord;
  /** The text as published, and its hash. */
  body: Uint8Array;
  sha256: string;
  mode: Mode;
  dryRun: boolean;
  /** The reason for overriding the guards, where someone gave one. */
  force: string | undefined;
  /** Whether the diff waits for an approval, and the one that was given. */
  manual: boolean;
  approval: Approval | undefined;
  /** Aborts on shutdown and on cancel. */
  signal: AbortSignal;
  /** The job of a newer intent, where one has come: asked until the commit. */
  newer: () => string | undefined;
};

export type Prepared =
  | { kind: 'unchanged' | 'previewed' }
  | { kind: 'awaiting'; approval: Approval }
  | { kind: 'committed'; context: TrialContext; trial: Trial; before: Before; lateMs: number }
  /** The commit answered with an error or not at all: what it did is not known yet. */
  | { kind: 'unknown'; context: TrialContext; before: Before; error: PlumbError };

/** To be asked before each write to the device. @throws what stops the deployment */
const mayGoOn = ({ signal, newer, lease, device }: Deployment) => {
  signal.throwIfAborted();
  const by = newer();
  if (by) throw new PlumbError('superseded', `${device.name}: the text of job ${by} came before this one took effect`);
  lease.assert();
};

const refuseForeign = async (session: Session, device: string) => {
  const pending = await session.pending();
  if (!pending) return;
  const until = pending.expiresAt ? ` until ${pending.expiresAt.toISOString()}` : '';
  throw new PlumbError(
    'locked',
    `${device}: a trial "${pending.name}" of ${pending.owner} waits on the device${until}`,
    {
      hint: 'let its owner confirm or undo it; the deployment is tried again by itself',
    },
  );
};

const commit = async (
  deployment: Deployment,
  session: Session,
  candidate: Candidate,
  { text, running, diff }: { text: string; running: string; diff: string },
): Promise<Prepared> => {
  const { device, driver, record, warm, lease, state, mode } = deployment;
  const { id: job, commit: hash, author } = record.job;
  const [before] = await Promise.all([
    lookBefore({ driver, policy: device.policy }, session, running),
    proveLogin(warm, deployment.signal),
  ]);
  const confirmSeconds = trialTimer({ device, record, capabilities: driver.capabilities }, before.bgp);
  const lateMs = driver.late?.lines.test(diff) ? driver.late.seconds * 1000 : 0;
  record.step('committing');
  const name = trialName({ job, epoch: lease.epoch });
  await state.update({
    trial: { job, name, expiresAt: new Date(Date.now() + confirmSeconds * 1000).toISOString() },
  });
  const expiresMs = performance.now() + confirmSeconds * 1000;
  const context: TrialContext = {
    device: device.name,
    driver,
    warm,
    job,
    name,
    beforeSha256: sha256(driver.normalise(running)),
    expiresMs,
    latestMs: expiresMs,
    said: (said) => record.detail(said),
    lease,
    isNew: async (again) => {
      await using loaded = await again.load(text, mode, { job, epoch: lease.epoch, sha256: deployment.sha256 });
      return (await loaded.diff()) === '';
    },
  };
  let fenced = false;
  const fence = () => {
    mayGoOn(deployment);
    fenced = true;
  };
  const comment = [`plumbline job ${job}`, hash && `commit ${hash}`, author && `by ${author}`]
    .filter(Boolean)
    .join(', ');
  try {
    const trial = await candidate.commit({ confirmSeconds, comment, fence, warn: (said) => record.warn(said) });
    return { kind: 'committed', context, trial, before, lateMs };
  } catch (error) {
    if (!fenced) throw error;
    // even a fault of ours must not leave a trial on the device
    return { kind: 'unknown', context, before, error: asFailure(error, deployment, 'committing') };
  } finally {
    context.latestMs = performance.now() + confirmSeconds * 1000;
  }
};

/**
 * Secrets that cannot be compared are committed once for each text, and again where the device is not as we left it.
 *
 * @returns the diff of what has to be committed, '' for nothing
 */
const secretsToCommit = ({ state, sha256 }: Deployment, { incomparable }: Candidate, runningSha256: string): string => {
  const { applied } = state.value;
  const asLeft = applied?.generation.sha256 === sha256 && applied.runningSha256 === runningSha256;
  return asLeft ? '' : (incomparable ?? '');
};

/** A change is compared with a network that is whole, and not with what an undone one left of it. */
const untilWhole = async (deployment: Deployment, session: Session): Promise<void> => {
  const { device, driver, record, lastUndo } = deployment;
  const look = () => lookBefore({ driver, policy: device.policy }, session, '');
  let told = '';
  const left = await lastUndo.over(look, device.policy, (missing) => {
    mayGoOn(deployment);
    const now = missing.join(', ');
    if (now !== told) record.detail(`waiting for what an attempt that was undone has cut off: ${now}`); // each is a publish
    told = now;
  });
  if (left.length > 0)
    record.warn(`cut off since before an attempt that was undone, and looked at no more: ${left.join(', ')}`);
};

/** Everything up to the commit, on the warm session, which is the deployment's alone for that long. */
export const prepare = async (deployment: Deployment, text: string, session: Session): Promise<Prepared> => {
  const { device, driver, record, lease, mode, body } = deployment;
  await refuseForeign(session, device.name);
  if (!deployment.dryRun && !deployment.force) await untilWhole(deployment, session);
  const running = await session.config('running');
  const runningSha256 = sha256(driver.normalise(running));
  record.set({ runningSha256 });
  if (!deployment.force) {
    const hostnames = [device.name, device.vars.hostname].filter((name) => typeof name === 'string');
    const { policy, name } = device;
    guardAgainst(running, text, { body, device: name, hostnames, policy, mode, hostnameOf: driver.hostname });
  }
  mayGoOn(deployment);
  record.step('loading');
  const { id: job, commit: hash, author } = record.job;
  const who = { ...(hash ? { commit: hash } : {}), ...(author ? { author } : {}) };
  await using candidate = await session.load(text, mode, {
    job,
    epoch: lease.epoch,
    sha256: deployment.sha256,
    ...who,
  });
  for (const note of candidate.notes ?? []) record.warn(note);
  record.step('diffing');
  const told = await candidate.diff();
  const diff = told || secretsToCommit(deployment, candidate, runningSha256);
  record.set({ diff: cutDiff(diff) });
  if (diff !== told)
    record.warn('secrets in plain text cannot be compared with what the device stores: committed again');
  else
    for (const line of candidate.unstable)
      record.warn(`never compares equal on ${device.platform}, left as it is: ${redact(line)}`);
  if (diff === '') return { kind: 'unchanged' };
  if (deployment.dryRun) return { kind: 'previewed' };
  mayGoOn(deployment);
  if (deployment.manual) {
    const approval = { intent: deployment.sha256, running: runningSha256 };
    const given = deployment.approval;
    if (given?.intent !== approval.intent || given.running !== approval.running) {
      if (given) record.warn('the device or the intent changed since the diff that was approved: asked again');
      return { kind: 'awaiting', approval };
    }
  }
  return await commit(deployment, session, candidate, { text, running, diff }); // not before the scope ends: it disposes the candidate
};
