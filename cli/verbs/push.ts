import { Command } from 'commander';
import type { InventoryEntry, Job } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { newJob } from '../../core/store/jobs.ts';
import { holderOf } from '../../core/store/leases/holders.ts';
import { publishUnder } from '../../core/store/publish.ts';
import { eachDevice, type Failed, gone } from '../asking/each-device.ts';
import { author, followJob, startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { deviceArgument, selectOption, type Wanted } from '../inventory/devices.ts';
import { commitOf, intendedPath, readIntended, shortPath } from '../inventory/intended.ts';
import { paint } from '../output/colour.ts';
import { outcomeColour, outcomeLine } from '../output/outcome.ts';
import { asData, type Format, outputOption, printList } from '../output/output.ts';
import type { Progress } from '../output/progress.ts';
import { shortId } from '../output/text.ts';
import { preview } from '../review/review.ts';
import { show } from '../review/show.ts';
import { managed } from './diff.ts';

const isHeld = async (context: Context, device: string) =>
  (await holderOf(await context.store(), device)) !== undefined;

const pushOne = async (context: Context, device: string, progress: Progress): Promise<Job> => {
  const path = intendedPath(context, device);
  const text = await readIntended(context, device);
  const commit = await commitOf(context, path);
  const from = { source: shortPath(context, path), ...(commit ? { commit } : {}) };
  const by = { ...from, author: author(context.env) };
  const job: Job = { ...newJob(device, 'deploy'), ...by };
  await publishUnder(await context.store(), job, text, { ...by, fromSource: true });
  if (!(await isHeld(context, device))) {
    throw new PlumbError('no_runner', `${device}: published, but no runner holds it`, {
      hint: 'it is deployed as soon as one takes the device: `plumb runner`, or `plumb up`',
    });
  }
  progress.set(device, 'published');
  return followJob(context, device, job.id, progress);
};

const tell = (context: Context, job: Job) => {
  const line = paint(context.colour, outcomeColour(job), outcomeLine(job));
  context.out(`${job.device}: ${line}  (job ${shortId(job.id)})\n`);
  if (job.state === 'awaiting') {
    const id = shortId(job.id);
    context.err(
      `  → \`plumb job ${id}\` shows the diff, \`plumb approve ${id}\` deploys it, \`plumb cancel ${id}\` drops it\n`,
    );
  }
  if (job.outcome?.kind === 'failed' && job.outcome.hint) context.err(`  → ${job.outcome.hint}\n`);
  for (const warning of job.warnings) context.err(`  ! ${warning}\n`);
};

const push = async (context: Context, entries: readonly InventoryEntry[], output: Format) => {
  using progress = startProgress(context);
  const jobs = await eachDevice(context, entries, progress, async ({ device }) => {
    const job = await pushOne(context, device, progress);
    progress.clear();
    if (output === 'table' || output === 'wide') tell(context, job);
    if (job.outcome?.kind === 'failed' || job.state === 'awaiting') context.exit(1);
    return job;
  });
  if (output === 'json' || output === 'yaml') printList(context, output, jobs);
};

/** `plumb push`: publishes what is in intended/ and waits until it is on the device. */
export const pushVerb = (context: Context): Command =>
  new Command('push')
    .description('Deploy intended/configs/<device>.cfg as it is on disk, even over drift, and wait for the outcome.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .option('--dry-run', 'only show what it would change')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Exit code: 0 if all are applied or unchanged, 1 if one failed or is waiting for approval, 2 without a connection.
With --dry-run: that of \`plumb diff\`.

Example:
  $ plumb push leaf1 --dry-run
  $ plumb push leaf1
  $ plumb push -l 'group=leaves, !leaf3'`,
    )
    .action(async (devices: string[], { dryRun, output, ...only }: Wanted & { dryRun?: boolean; output: Format }) => {
      const entries = await managed(context, { ...only, devices });
      if (!dryRun) return push(context, entries, output);
      const found = await preview(context, entries, async (device) => ({
        config: await readIntended(context, device),
      }));
      show(context, found, { output });
    });

/** Says how the jobs of another verb ended; sets the exit code. */
export const tellJobs = (context: Context, jobs: readonly (Job | Failed)[], output: Format): void => {
  if (output === 'json' || output === 'yaml') printList(context, output, jobs);
  for (const job of gone<Job>(jobs)) {
    if (output === 'table' || output === 'wide') tell(context, job);
    if (job.outcome?.kind === 'failed' || job.state === 'awaiting') context.exit(1);
  }
};

/** Says how a job of another verb ended; sets the exit code. */
export const tellJob = (context: Context, job: Job, output: Format): void => {
  if (output === 'json' || output === 'yaml') context.out(asData(output, job));
  else tell(context, job);
  if (job.outcome?.kind === 'failed' || job.state === 'awaiting') context.exit(1);
};
