import { Command } from 'commander';
import type { Job } from '../../core/bus.ts';
import { commandOf } from '../../core/store/jobs.ts';
import { followJob, startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { paint, paintDiff } from '../output/colour.ts';
import { outcomeColour, outcomeLine } from '../output/outcome.ts';
import { asData, type Format, outputOption } from '../output/output.ts';
import { stepWord } from '../output/progress.ts';
import { age, oneLine, plainDiff, took } from '../output/text.ts';
import { findJob } from './jobs.ts';

const indent = (text: string) => text.trimEnd().replace(/^/gm, '  ');

/** The whole record of a job, for people. */
export const describeJob = (job: Job, colour: boolean): string => {
  const lines: string[] = [];
  const field = (name: string, value: string | undefined) => value && lines.push(`${name.padEnd(10)}  ${value}`);
  field('job', job.id);
  field('device', job.device);
  field('kind', job.dryRun ? `${job.kind} (dry run)` : job.kind);
  const command = commandOf(job);
  field('command', command && oneLine(command));
  field('outcome', paint(colour, outcomeColour(job), outcomeLine(job)));
  if (job.outcome?.kind === 'failed') {
    field('line', job.outcome.line?.toString());
    field('hint', job.outcome.hint && oneLine(job.outcome.hint));
  }
  field('created', `${job.createdAt} (${age(job.createdAt)} ago)`);
  const claimed = job.claimed ? ' (claimed by a manual publisher)' : '';
  field('author', job.author && `${oneLine(job.author)}${claimed}`);
  field('commit', job.commit && `${oneLine(job.commit)}${claimed}`);
  field('source', job.source && oneLine(job.source));
  field('runner', job.runner && `${oneLine(job.runner)} (epoch ${job.epoch ?? '?'})`);
  for (const { at, step, from, fromEpoch, by, epoch } of job.takeovers ?? []) {
    const who = `${oneLine(from)} (epoch ${fromEpoch}) lost the device, ${oneLine(by)} (epoch ${epoch}) continued`;
    field('takeover', `${at}, ${stepWord(step)}: ${who}`);
  }
  field('forced', job.forced && oneLine(job.forced));
  field('change', job.change && oneLine(job.change));
  field('timer', job.confirmSeconds === undefined ? undefined : `${job.confirmSeconds}s on the device`);
  field('replaced', job.supersededBy && `by job ${job.supersededBy}`);
  if (job.said?.length) lines.push('said');
  for (const { did, by, at, sha256 } of job.said ?? []) {
    lines.push(`  ${did.padEnd(8)}  ${oneLine(by)}  ${at}${sha256 ? `  text ${sha256.slice(0, 12)}` : ''}`);
  }
  if (job.steps.length > 0) lines.push('steps');
  for (const { step, startedAt, endedAt, detail } of job.steps) {
    const elapsed = endedAt ? took(startedAt, endedAt) : '';
    lines.push(`  ${stepWord(step).padEnd(18)}  ${elapsed.padStart(5)}  ${oneLine(detail ?? '')}`.trimEnd());
  }
  if (job.checks.length > 0) lines.push('checks');
  for (const { name, on, ok, detail } of job.checks) {
    const verdict =
      ok === null ? paint(colour, 'yellow', '?   ') : paint(colour, ok ? 'green' : 'red', ok ? 'ok  ' : 'FAIL');
    lines.push(`  ${verdict}  ${oneLine(`${name} ${on}`)}  ${oneLine(detail)}`.trimEnd());
  }
  if (job.warnings.length > 0) lines.push('warnings', ...job.warnings.map(indent));
  if (job.diff) lines.push('diff', paintDiff(colour, indent(plainDiff(job.diff))));
  if (typeof job.result === 'string') lines.push('result', indent(job.result));
  else if (job.result !== undefined) lines.push('result', indent(JSON.stringify(job.result, null, 2)));
  return `${lines.join('\n')}\n`;
};

/** `plumb job ID`: everything about one job. */
export const jobVerb = (context: Context): Command =>
  new Command('job')
    .description('Show one job: every step, what the device said, the checks, the diff.')
    .argument('<id>', 'its id, or the first characters of it')
    .option('-f, --follow', 'wait until it is finished')
    .addOption(outputOption())
    .addHelpText('after', '\nExample:\n  $ plumb job $(plumb jobs --limit 1 -o json | jq -r .items[0].id)')
    .action(async (id: string, { output, follow }: { output: Format; follow?: boolean }) => {
      let job = await findJob(context, id);
      if (follow && job.state !== 'finished') {
        using progress = startProgress(context);
        job = await followJob(context, job.device, job.id, progress);
      }
      context.out(output === 'json' || output === 'yaml' ? asData(output, job) : describeJob(job, context.colour));
      if (job.outcome?.kind === 'failed') context.exit(1);
    });
