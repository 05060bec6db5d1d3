import { Command } from 'commander';
import { DeviceState, type Job } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import { getRecord } from '../../core/store/records.ts';
import { isHeld } from '../../core/wanted/held.ts';
import { eachDevice } from '../asking/each-device.ts';
import { author, followJob, jobAfter, startProgress, untilStopped } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickNamed, selectOption, type Wanted } from '../inventory/devices.ts';
import { type Format, outputOption } from '../output/output.ts';
import type { Progress } from '../output/progress.ts';
import { shortId } from '../output/text.ts';
import { tellJobs } from './push.ts';

/** Requests a deployment of the current intent and follows it, if the runner starts one. */
const deployAgain = async (
  context: Context,
  device: string,
  verb: 'retry' | 'resume',
  request: { reason?: string; force?: boolean },
  progress: Progress,
): Promise<Job | undefined> => {
  const store = await context.store();
  const before = (await getRecord(store.state, DeviceState, device))?.value;
  const { attempt } = before ?? {};
  if (verb === 'retry' && before?.sync === 'awaiting' && attempt) {
    const id = shortId(attempt.job);
    throw new PlumbError('conflict', `${device}: job ${id} is waiting for approval; there is nothing to retry`, {
      hint: `\`plumb approve ${id}\` lets it continue, \`plumb cancel ${id}\` drops it`,
    });
  }
  const by = { author: author(context.env), timeoutMs: 60_000 };
  const job = await jobAfter(context, device, async () => {
    const asked = verb === 'retry' ? ask(store, device, verb, request, by) : ask(store, device, verb, {}, by);
    const answer = await untilStopped(context.signal, asked, `${verb} on ${device}`);
    return (answer as { waiting?: string | null }).waiting ?? undefined; // nothing starts while it waits
  });
  if (job === undefined) {
    const resumed =
      before && isHeld(before) ? 'no longer held, and nothing to deploy' : 'was not held; nothing to deploy';
    progress.clear();
    context.err(`${device}: ${verb === 'resume' ? resumed : 'nothing to deploy'}\n`);
    return undefined;
  }
  return followJob(context, device, job, progress);
};

type Flags = Wanted & { force?: string; output: Format };

/** Sends the same request to each named device. */
const say = async (
  context: Context,
  verb: 'retry' | 'resume',
  { output, force, ...wanted }: Flags,
  request: { reason?: string; force?: boolean } = {},
) => {
  const entries = await pickNamed(context, wanted, verb);
  using progress = startProgress(context);
  const told = await eachDevice(context, entries, progress, ({ device }) =>
    deployAgain(context, device, verb, request, progress),
  );
  progress.clear();
  tellJobs(
    context,
    told.filter((job) => job !== undefined),
    output,
  );
};

/** `plumb retry DEVICE`: a bad intent is tried once; this tries it again. */
export const retryVerb = (context: Context): Command =>
  new Command('retry')
    .description('Try the current intent again once the cause of its failure is fixed.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .option('--force <reason>', 'override the guards; the reason is recorded with the job')
    .addOption(outputOption())
    .addHelpText(
      'after',
      "\nExample:\n  $ plumb retry leaf1\n  $ plumb retry leaf1 --force 'half of the VLANs are removed, CHG-1234'",
    )
    .action(async (devices: string[], flags: Flags) => {
      const { force } = flags;
      if (force !== undefined && force.trim() === '')
        throw new PlumbError('invalid_request', '--force needs a reason, which is recorded with the job');
      await say(context, 'retry', { ...flags, devices }, force === undefined ? {} : { reason: force, force: true });
    });

/** `plumb resume DEVICE`: ends a hold, and deploys the source's text. */
export const resumeVerb = (context: Context): Command =>
  new Command('resume')
    .description(
      "End the hold that a person, a rollback, a cancel or a manual publish put on devices, and deploy the source's text.",
    )
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ plumb status leaf1      shows whether it is held, and why\n  $ plumb resume leaf1',
    )
    .action(async (devices: string[], flags: Flags) => {
      await say(context, 'resume', { ...flags, devices });
    });
