import { Command } from 'commander';
import type { Job } from '../../core/bus.ts';
import { diffSize } from '../../core/diff/size.ts';
import { commandOf, listJobs } from '../../core/store/jobs.ts';
import type { Context } from '../context.ts';
import { pickDevice } from '../inventory/devices.ts';
import { claim, outcomeColour, outcomeWord } from '../output/outcome.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';
import { age, oneLine, shortId } from '../output/text.ts';
import { authorName } from './jobs.ts';

const columns: readonly Column<Job>[] = [
  { head: 'JOB', cell: ({ id }) => shortId(id) },
  { head: 'ID', cell: ({ id }) => id, wide: true },
  { head: 'WHEN', cell: ({ createdAt }) => `${createdAt.slice(0, 19)}Z` },
  { head: 'AGE', cell: ({ createdAt }) => age(createdAt) },
  { head: 'KIND', cell: ({ kind }) => kind },
  { head: 'OUTCOME', cell: outcomeWord, colour: outcomeColour },
  { head: 'LINES', cell: ({ diff }) => diffSize(diff ?? '') },
  { head: 'COMMIT', cell: (job) => claim((job.commit ?? '').slice(0, 8), job) },
  { head: 'AUTHOR', cell: (job) => claim(authorName(job), job) },
  { head: 'COMMAND', cell: (job) => oneLine(commandOf(job) ?? ''), wide: true },
];

/** `plumb history DEVICE`: every change of a device, and every attempt at one. */
export const historyVerb = (context: Context): Command =>
  new Command('history')
    .description("List a device's deployments, rollbacks, changing commands and replaced files, newest first.")
    .argument('<device>')
    .option('--all', 'include those that changed nothing')
    .option('--limit <count>', 'how many at most', '20')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ plumb history leaf1\n  $ plumb rollback leaf1 --to JOB    go back to what ran before that job',
    )
    .action(async (name: string, { output, all, limit }: { output: Format; all?: boolean; limit: string }) => {
      const { device } = await pickDevice(context, name);
      const { jobs } = await listJobs(await context.store(), { devices: [device], limit: 1000 });
      const changes = jobs.filter(
        ({ kind, dryRun, outcome, change }) =>
          (kind === 'deploy' || kind === 'rollback' || kind === 'file-put' || change !== undefined) &&
          !dryRun &&
          (all || outcome?.kind !== 'unchanged'),
      );
      print(context, output, changes.slice(0, Math.max(1, Number(limit) || 20)), columns);
    });
