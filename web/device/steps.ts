import { steps } from '../../core/steps.ts';
import type { Job } from '../data/types.ts';

type Step = Job['state'];

/** The steps of a deployment that wait for nobody; the others are shown where they happened. */
const deployment = steps.filter((step) => !['awaiting', 'running', 'finished'].includes(step));

export type StepLine = {
  step: string;
  kind: 'past' | 'live' | 'next' | 'failed';
  /** How long it took, or takes so far. */
  ms?: number;
  said: string;
  /** Where its bar begins and ends, from 0 to 1. */
  from: number;
  to: number;
};

const word = (step: Step): string => step.replaceAll('_', ' ');

/** On one scale for all, so that 12 ms and 53 s both show: each takes room by the logarithm of its time. */
const weightOf = (ms: number): number => Math.log10(1 + ms / 4);

const did = {
  approve: 'approved',
  cancel: 'cancelled',
  hold: 'held',
  resume: 'resumed',
  retry: 'retried',
  rollback: 'rolled back',
};

/** Who said what while it waited. */
const answersOf = ({ said = [] }: Job): string => said.map(({ did: what, by }) => `${did[what]} by ${by}`).join(', ');

/** The steps of a job as lines of a timeline; of a deployment under way also those that are still to come. */
export const stepLines = (job: Job, nowMs: number): StepLine[] => {
  const begun = job.steps.filter(({ step }) => step !== 'finished');
  const lastAt = begun.length - 1;
  const failed = job.outcome?.kind === 'failed';
  const lines = begun.map(({ step, startedAt, endedAt, detail }, at): StepLine => {
    const ms = Math.max(0, (endedAt ? Date.parse(endedAt) : nowMs) - Date.parse(startedAt));
    const isLive = at === lastAt && job.state !== 'finished';
    const kind = isLive ? 'live' : failed && at === lastAt ? 'failed' : 'past';
    const said = step === 'awaiting' ? answersOf(job) : (detail ?? '');
    return { step: word(step), kind, ms, said, from: 0, to: 0 };
  });
  const whole = lines.reduce((sum, { ms = 0 }) => sum + weightOf(ms), 0) || 1;
  let at = 0;
  for (const line of lines) {
    line.from = at / whole;
    at += weightOf(line.ms ?? 0);
    line.to = at / whole;
  }
  if (job.kind !== 'deploy' || job.state === 'finished') return lines;
  const reached = deployment.indexOf(job.state === 'awaiting' ? 'diffing' : job.state);
  const toCome = deployment.slice(reached + 1);
  return [...lines, ...toCome.map((step): StepLine => ({ step: word(step), kind: 'next', said: '', from: 0, to: 0 }))];
};
