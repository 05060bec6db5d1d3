import { Command } from 'commander';
import { PlumbError } from '../../core/errors.ts';
import { askForJob, followJob, startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickNamed, selectOption, type Wanted } from '../inventory/devices.ts';
import { type Format, outputOption } from '../output/output.ts';
import { preview } from '../review/review.ts';
import { show } from '../review/show.ts';
import { findJob } from './jobs.ts';
import { tellJob } from './push.ts';

type Options = Wanted & { to?: string; dryRun?: boolean; output: Format };

/** `plumb rollback DEVICE`: back to what ran before a deployment, and held there. */
export const rollbackVerb = (context: Context): Command =>
  new Command('rollback')
    .description('Go back to what ran before the last deployment, or before job --to, as a trial with all checks.')
    .argument('[device...]', `${deviceArgument}; without --dry-run, one`)
    .addOption(selectOption())
    .option('--to <job>', 'back to what ran before this job; `plumb history DEVICE` lists the jobs')
    .option('--dry-run', 'only show what it would change, as the device itself sees it')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
What it undoes is then held: it is not deployed again until someone runs \`plumb resume DEVICE\`. Other content is still deployed.

Exit code with --dry-run: as for \`plumb diff\`.

Example:
  $ plumb history leaf1
  $ plumb rollback leaf1 --dry-run
  $ plumb rollback leaf1`,
    )
    .action(async (devices: string[], { to, dryRun, output, ...only }: Options) => {
      if (devices.length === 0 && only.select === undefined)
        throw new PlumbError('invalid_request', 'rollback: which device?', {
          hint: '`plumb rollback leaf1 --dry-run` shows what it would change; `plumb status` lists the devices',
        });
      const entries = await pickNamed(context, { ...only, devices }, 'rollback');
      const before = to === undefined ? undefined : await findJob(context, to);
      const other = entries.find(({ device }) => before && before.device !== device);
      if (before && other) {
        throw new PlumbError('unknown_job', `${other.device}: job ${before.id} belongs to ${before.device}`, {
          hint: `\`plumb history ${other.device}\` lists its jobs`,
        });
      }
      if (dryRun)
        return show(context, await preview(context, entries, async () => ({ to: before?.id ?? 'last' })), { output });
      const [entry, ...others] = entries;
      if (!entry || others.length > 0) {
        const names = entries.map(({ device }) => device).join(', ');
        throw new PlumbError('invalid_request', `${names}: a rollback works on one device at a time`, {
          hint: '--dry-run shows what it would change on each of them',
        });
      }
      const { device } = entry;
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
