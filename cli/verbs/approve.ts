import { Command } from 'commander';
import { defined } from '../../core/defined.ts';
import { PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import { author, followJob, jobIn, startProgress, untilStopped } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { paintDiff } from '../output/colour.ts';
import { outcomeWord } from '../output/outcome.ts';
import { type Format, outputOption } from '../output/output.ts';
import { plainDiff } from '../output/text.ts';
import { findJob } from './jobs.ts';
import { tellJob } from './push.ts';

/** `plumb approve JOB`: lets a waiting deployment continue. */
export const approveVerb = (context: Context): Command =>
  new Command('approve')
    .description(
      'Approve the diff of a job that is waiting for it. If the intent or the device has changed since, it asks again.',
    )
    .argument('<job>', 'its id, or the first characters of it')
    .option('-y, --yes', 'approve without showing the diff and asking')
    .addOption(outputOption())
    .addHelpText('after', '\nExample:\n  $ plumb jobs --state awaiting\n  $ plumb approve JOB')
    .action(async (id: string, { yes, output }: { yes?: boolean; output: Format }) => {
      const job = await findJob(context, id);
      const { device } = job;
      if (job.state !== 'awaiting') {
        throw new PlumbError('conflict', `${device}: job ${job.id} is not waiting for approval: ${outcomeWord(job)}`, {
          hint: '`plumb jobs --state awaiting` lists those that are',
        });
      }
      if (!yes) {
        context.err(`${paintDiff(context.colour, plainDiff(job.diff ?? ''))}\n`);
        const answer = await context.prompt(`deploy this to ${device}? [y/N] `);
        if (answer === undefined || !/^y(es)?$/i.test(answer.trim())) {
          const hint = answer === undefined ? { hint: 'there is no terminal to ask on: use --yes' } : {};
          throw new PlumbError('cancelled', `${device}: not approved, job ${job.id} keeps waiting`, hint);
        }
      }
      const request = { job: job.id, ...defined({ intent: job.generation?.sha256, running: job.runningSha256 }) };
      const asked = ask(await context.store(), device, 'approve', request, { author: author(context.env) });
      const next = jobIn(await untilStopped(context.signal, asked, `the approval on ${device}`)) ?? job.id;
      using progress = startProgress(context);
      const done = await followJob(context, device, next, progress, job.updatedAt);
      progress.clear();
      tellJob(context, done, output);
    });

/** `plumb cancel JOB`: drops work that is queued or waiting. */
export const cancelVerb = (context: Context): Command =>
  new Command('cancel')
    .description('Cancel a job. One that is waiting is dropped; a trial is undone.')
    .argument('<job>', 'its id, or the first characters of it')
    .addHelpText('after', '\nExample:\n  $ plumb jobs --state awaiting\n  $ plumb cancel JOB')
    .action(async (id: string) => {
      const job = await findJob(context, id);
      if (job.state === 'finished')
        throw new PlumbError('conflict', `${job.device}: job ${job.id} is already over: ${outcomeWord(job)}`);
      await ask(await context.store(), job.device, 'cancel', { job: job.id }, { author: author(context.env) });
      using progress = startProgress(context);
      const done = await followJob(context, job.device, job.id, progress, job.updatedAt);
      progress.clear();
      context.out(`${job.device}: ${outcomeWord(done)}  (job ${job.id})\n`);
    });
