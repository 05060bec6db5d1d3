import type { Job, Outcome, Said } from '../../../core/bus.ts';
import { defined } from '../../../core/defined.ts';
import { maskValues, secretsIn } from '../../../core/redact/redact-learn.ts';
import type { Intent } from '../../../core/store/intents.ts';
import { getStoredJob, newJob, type StoredJob } from '../../../core/store/jobs.ts';
import { jobOfIntent } from '../../../core/store/publish.ts';
import { clockFault } from '../../../core/wanted/generation.ts';
import type { DeviceContext } from '../../holding/device-context.ts';
import type { JobRecord } from '../../holding/job-record.ts';
import type { Given } from '../approvals/given.ts';
import { modeFor } from '../mode.ts';

/** The record to go on with: the job that the intent names or that a crash cut off, where it is not finished. */
export const jobFor = async (
  { store, device, state }: DeviceContext,
  intent: Intent,
): Promise<StoredJob & { job: Job }> => {
  const { attempt } = state.value;
  const cutOff = attempt?.generation.sha256 === intent.generation.sha256 ? attempt.job : undefined;
  const named = jobOfIntent(intent);
  let free = true;
  for (const id of [cutOff, named]) {
    if (id === undefined) continue;
    const { job, seq } = await getStoredJob(store, id, device.name);
    if (job && job.state !== 'finished') return { job, seq };
    if (id === named) free = seq === 0;
  }
  return { job: newJob(device.name, 'deploy', free ? named : undefined), seq: 0 };
};

/** What people said that led to this attempt and its record does not have: a resume or retry of this text, an approval. */
export const saidOf = (
  said: Said | null,
  { intent, given }: { intent: Intent; given: Given | undefined },
  { said: kept = [] }: Job,
): Said[] =>
  [...(said?.sha256 === intent.generation.sha256 ? [said] : []), ...(given ? [given.said] : [])].filter(
    ({ did, at }) => !kept.some((each) => each.did === did && each.at === at),
  );

/** What the record says of the text: its headers, and what is to be warned of before it is deployed. */
export const describe = (
  record: JobRecord,
  context: DeviceContext,
  { meta, generation }: Intent,
  replaced: string | undefined,
): void => {
  const { commit, author, source, mode, confirmSeconds, dryRun } = meta;
  const clock = clockFault(generation, new Date().toISOString());
  if (clock) record.warn(clock);
  for (const warning of meta.warnings ?? []) record.warn(warning);
  if (replaced) record.warn(`job ${replaced} was waiting for an approval: this text has superseded it`);
  record.set({
    generation,
    mode: modeFor(context.device, mode),
    ...defined({ commit, author, source, confirmSeconds, dryRun }),
    ...((commit || author) && !meta.fromSource ? { claimed: true } : {}),
  });
};

/** A refused line is repeated by the device: a secret of the intent is masked there even after a mistyped keyword. */
export const masked = (outcome: Outcome & { kind: 'failed' }, { body }: Intent): Outcome & { kind: 'failed' } => {
  const { code, line, hint } = outcome;
  if (code === 'refused' && line === undefined) return outcome; // by us, of the text as a whole: it may be far too large
  const secrets = secretsIn(Buffer.from(body).toString());
  return {
    ...outcome,
    detail: maskValues(outcome.detail, secrets),
    ...(hint ? { hint: maskValues(hint, secrets) } : {}),
  };
};

/** Only what the source of truth published says of itself where it comes from; anyone else claims it. */
export const commitOf = ({ commit, fromSource }: Intent['meta']) =>
  commit ? { commit, ...(fromSource ? {} : { claimed: true }) } : {};
