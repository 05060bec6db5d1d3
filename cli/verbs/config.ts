import { Command } from 'commander';
import type { Request } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { askForJob, startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { pickDevice } from '../inventory/devices.ts';
import { asData, type Format, outputOption } from '../output/output.ts';
import { findJob } from './jobs.ts';

type Flags = { startup?: true; saved?: string; output: Format };

const requestOf = async (context: Context, device: string, { startup, saved }: Flags): Promise<Request<'config'>> => {
  if (startup && saved !== undefined)
    throw new PlumbError('invalid_request', '--startup and --saved exclude each other');
  if (saved === undefined) return { from: startup ? 'startup' : 'running' };
  const job = await findJob(context, saved);
  if (job.device === device) return { saved: job.id };
  throw new PlumbError('unknown_job', `${device}: job ${job.id} belongs to ${job.device}`, {
    hint: `\`plumb history ${device}\` lists its jobs`,
  });
};

/** `plumb config DEVICE`: the running or startup configuration, or the one before a job. */
export const configVerb = (context: Context): Command =>
  new Command('config')
    .description('Print the running configuration of a device, queried live, with its secrets masked.')
    .argument('<device>')
    .option('--startup', 'the startup configuration instead')
    .option('--saved <job>', 'the one saved on the device before this job')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Secrets never travel on the bus, so they are masked here; \`plumb adopt DEVICE\` writes a configuration that includes them.

Example:
  $ plumb config leaf1
  $ diff <(plumb config leaf1) <(plumb config leaf1 --startup)
  $ plumb config leaf1 --saved JOB      \`plumb history leaf1\` lists the jobs`,
    )
    .action(async (name: string, flags: Flags) => {
      const { device } = await pickDevice(context, name);
      const request = await requestOf(context, device, flags);
      using progress = startProgress(context);
      progress.set(device, 'reading the configuration');
      const { answer, job } = await askForJob(context, device, 'config', request, 'config', 120_000);
      progress.clear();
      const config = typeof answer === 'object' && answer !== null && 'config' in answer ? String(answer.config) : '';
      const { output } = flags;
      if (output === 'json' || output === 'yaml')
        return context.out(asData(output, { device, job, ...request, config }));
      context.raw(config === '' || config.endsWith('\n') ? config : `${config}\n`);
    });
