import type { DeviceState, Job, Said } from '../../../core/bus.ts';
import type { Intent } from '../../../core/store/intents.ts';
import { isSameMessage } from '../../../core/wanted/generation.ts';
import type { Approval } from '../deployment.ts';

/** A word that nobody could act on within this, in milliseconds, counts no more: the next holder takes a device in less. */
export const wordMs = 120_000;

/** Whether a word was given so long ago that whoever gave it looked at something else. */
export const isStale = ({ at }: Said): boolean => Date.now() - Date.parse(at) > wordMs;

/** An approval, and who gave it. */
export type Given = { approval: Approval; said: Said };

/** What an approval is called in a record. */
export const called = ({ by, at }: Said): string => `the approval of ${by} at ${at}`;

/** The last approval in a record, whether it counts or not. */
export const lastApproval = ({ said = [] }: Pick<Job, 'said'>): Said | undefined =>
  said.findLast(({ did }) => did === 'approve');

const commitOf = ({ steps }: Pick<Job, 'steps'>) => steps.findLast(({ step }) => step === 'committing');

/** Whether anything of a job may have reached the device: then no approval of it outlives its runner. */
export const wasCommitted = (job: Pick<Job, 'steps'>): boolean => commitOf(job) !== undefined;

/** The word of an approver that nobody has acted on yet: it names this very diff. */
export const givenIn = (job: Job, { intent, running }: Approval): Said | undefined =>
  wasCommitted(job)
    ? undefined
    : job.said?.findLast((each) => each.did === 'approve' && each.sha256 === intent && each.runningSha256 === running);

/** The approval with which a job goes on that its runner had begun, and lost before anything was committed. */
export const givenBefore = (
  job: Job,
  { attempt, trial }: Pick<DeviceState, 'attempt' | 'trial'>,
  { generation }: Intent,
): Given | undefined => {
  // the same text in another message may be meant otherwise: as a merge, say
  if (attempt?.job !== job.id || !isSameMessage(attempt.generation, generation)) return undefined;
  if (wasCommitted(job) || trial?.job === job.id) return undefined;
  const said = lastApproval(job);
  if (said?.runningSha256 === undefined || said.sha256 !== generation.sha256 || isStale(said)) return undefined;
  return { approval: { intent: said.sha256, running: said.runningSha256 }, said };
};

/** What was found of a job's trial when its device was taken over: by which runner, and by when. */
export type Found = { lines: readonly string[]; by: string; at: string };

/** What was found of this very job. */
export const foundOf = ({ id }: Pick<Job, 'id'>, { lines }: Found): string =>
  lines.filter((line) => line.includes(id)).join('; ');

const became = (job: Job, since: string | undefined, found: Found | undefined): string => {
  const begun = `a commit of this job had started${since === undefined ? '' : ` at ${since}`}`;
  if (!found) return `${begun}, and from then on an approval ends with its runner`;
  const { by, at } = found;
  const told = foundOf(job, found);
  if (told.startsWith('undid'))
    return `a trial was in force from ${since ?? 'shortly after it'} until ${at}, when ${by} ${told}`;
  return `${begun}; by ${at} ${by} ${told || 'found no trial of this job on the device any more'}`;
};

/**
 * Why the last approval in a record does not answer the question that is asked now.
 *
 * @param found undefined: the device was not looked at yet
 * @returns undefined: there is no approval, or that was told
 */
export const whyNoMore = (job: Job, found?: Found): string | undefined => {
  const said = lastApproval(job);
  const start = said && `${called(said)} no longer counts`;
  if (!said || !start || job.warnings.some((warning) => warning.includes(called(said)))) return undefined;
  const since = commitOf(job)?.startedAt;
  const again = `\`plumb approve ${job.id}\` approves it again`;
  if (since !== undefined || (found && foundOf(job, found) !== ''))
    return `${start}: ${became(job, since, found)}; ${again}`;
  const why = isStale(said)
    ? `it is older than ${wordMs / 1000} s`
    : 'it was for another message, or may have been acted on already';
  return `${start}: ${why}; ${again}`;
};
