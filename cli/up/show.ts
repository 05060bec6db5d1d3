import type { Job } from '../../core/bus.ts';
import { diffSize } from '../../core/diff/size.ts';
import type { Context } from '../context.ts';
import { paint, paintDiff } from '../output/colour.ts';
import { outcomeColour, outcomeLine } from '../output/outcome.ts';
import { type Progress, stepWord } from '../output/progress.ts';
import { plainDiff, shortId } from '../output/text.ts';

/** What fits on a few screens; the job has the rest. */
const maxLines = 200;

const shortened = (diff: string, id: string) => {
  const lines = plainDiff(diff).trimEnd().split('\n');
  if (lines.length <= maxLines) return lines.join('\n');
  return [...lines.slice(0, maxLines), `… ${lines.length - maxLines} more lines: plumb job ${shortId(id)}`].join('\n');
};

/**
 * Prints the diff and the outcome of each change of a device as it happens; work in progress goes to the progress line.
 */
export const showJob = (context: Context, progress: Progress, job: Job): void => {
  if ((job.kind !== 'deploy' && job.kind !== 'rollback') || job.dryRun) return;
  const { device, state, outcome } = job;
  const over = state === 'finished' || state === 'awaiting';
  // a log gets one line where a terminal shows each step
  progress.set(device, over ? undefined : context.terminal.isTTY ? stepWord(state) : 'deploying');
  if (!over) return;
  progress.clear();
  const id = shortId(job.id);
  const hint = outcome?.kind === 'failed' ? outcome.hint : undefined;
  const size = job.diff ? diffSize(job.diff) : '';
  if (job.diff) {
    context.out(`${paint(context.colour, 'bold', device)}${size ? `  ${size}` : ''}\n`);
    context.out(`${paintDiff(context.colour, shortened(job.diff, job.id))}\n`);
  }
  const line = state === 'awaiting' ? `awaits approval: plumb approve ${id}` : outcomeLine(job);
  context.out(`${paint(context.colour, 'bold', device)}: ${paint(context.colour, outcomeColour(job), line)}`);
  context.out(`${state === 'awaiting' ? '' : `  (job ${id})`}\n`);
  if (hint) context.out(`  → ${hint}\n`);
  for (const warning of job.warnings) context.out(`  ! ${warning}\n`);
};
