import { Command } from 'commander';
import { PlumbError } from '../../core/errors.ts';
import { askForJob, followJob, startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { pickDevice } from '../inventory/devices.ts';
import { type Format, outputOption } from '../output/output.ts';
import { findJob } from './jobs.ts';
import { tellJob } from './push.ts';

/** `plumb rollback DEVICE`: back to what ran before a deployment, and held there. */
export const rollbackVerb = (context: Context): Command =>
  new Command('rollback')
    .description('Go back to what ran before the last deployment, or before job --to, as a trial with all checks.')
    .argument('<device>')
    .option('--to <job>', 'back to what ran before this job; `plumb history DEVICE` lists the jobs')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
What it undoes is then held: it is not deployed again until someone runs \`plumb resume DEVICE\`. Other content still goes out.

Example:
  $ plumb history leaf1
  $ plumb rollback leaf1`,
    )
    .action(async (name: string, { to, output }: { to?: string; output: Format }) => {
      const { device } = await pickDevice(context, name);
      const before = to === undefined ? undefined : await findJob(context, to);
      if (before && before.device !== device) {
        throw new PlumbError('unknown_job', `${device}: job ${before.id} belongs to ${before.device}`, {
          hint: `\`plumb history ${device}\` lists its jobs`,
        });
      }
      using progress = startProgress(context);
      progress.set(device, 'rolling back');
      const request = before ? { to: before.id } : {};
      const { job } = await askForJob(context, device, 'rollback', request, 'rollback', 600_000);
      const done = await followJob(context, device, job, progress);
      progress.clear();
      tellJob(context, done, output);
      if (done.outcome?.kind === 'applied' && (output === 'table' || output === 'wide')) {
        context.err(`  → ${device} is held; \`plumb resume ${device}\` deploys what the source holds\n`);
      }
    });
