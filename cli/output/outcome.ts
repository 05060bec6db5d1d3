import type { Job } from '../../core/bus.ts';
import type { Colour } from './colour.ts';
import { stepWord } from './progress.ts';
import { lasted, oneLine } from './text.ts';

/** How a job ended or what it is doing, in one word or code. */
export const outcomeWord = (job: Job): string => {
  if (!job.outcome) return stepWord(job.state);
  return job.outcome.kind === 'failed' ? job.outcome.code : job.outcome.kind;
};

/** Left the device as someone wanted it, without being a success: not worth an alarm. */
const harmless = new Set(['superseded', 'cancelled', 'stale_intent', 'expired']);

export const outcomeColour = (job: Job): Colour | undefined => {
  if (!job.outcome) return 'cyan';
  if (job.outcome.kind !== 'failed') return job.outcome.kind === 'applied' ? 'green' : undefined;
  return harmless.has(job.outcome.code) ? 'yellow' : 'red';
};

/** How long a job was worked on: not while it was queued, nor while it waited for a person. */
const worked = ({ steps, createdAt, finishedAt = createdAt }: Job): string => {
  const waits = steps.filter(({ step }) => step === 'queued' || step === 'awaiting');
  const ms = (from: string, to: string) => new Date(to).getTime() - new Date(from).getTime();
  const waited = waits.reduce((sum, { startedAt, endedAt = finishedAt }) => sum + ms(startedAt, endedAt), 0);
  return lasted((ms(createdAt, finishedAt) - waited) / 1000);
};

/** A name or a commit as shown: `?` marks what its publisher only claims. */
export const claim = (text: string, { claimed }: { claimed?: boolean }): string =>
  text && claimed ? `${text}?` : text;

/** One line for people: `applied in 2.3s`, `rejected: line 12: % Unknown command`. */
export const outcomeLine = (job: Job): string => {
  const { outcome } = job;
  if (!outcome) return stepWord(job.state);
  const elapsed = job.finishedAt ? ` in ${worked(job)}` : '';
  if (outcome.kind !== 'failed') return `${outcome.kind}${elapsed}`;
  const detail = oneLine(outcome.detail).replace(new RegExp(`^${job.device}: `), '');
  return `${outcome.code}${elapsed}: ${detail}`;
};
