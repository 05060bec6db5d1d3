import { Command } from 'commander';
import { DeviceState } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import { getRecord } from '../../core/store/records.ts';
import { isHeld } from '../../core/wanted.ts';
import { author, followJob, jobAfter, startProgress, untilStopped } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { pickDevice } from '../inventory/devices.ts';
import { type Format, outputOption } from '../output/output.ts';
import { shortId } from '../output/text.ts';
import { tellJob } from './push.ts';

/** Asks for a deployment of the current intent and follows it, where the runner starts one. */
const deployAgain = async (
  context: Context,
  name: string,
  verb: 'retry' | 'resume',
  request: { reason?: string; force?: boolean },
  output: Format,
) => {
  const { device } = await pickDevice(context, name);
  const store = await context.store();
  const before = (await getRecord(store.state, DeviceState, device))?.value;
  const { attempt } = before ?? {};
  if (verb === 'retry' && before?.sync === 'awaiting' && attempt) {
    const id = shortId(attempt.job);
    throw new PlumbError('conflict', `${device}: job ${id} waits for an approval; there is nothing to try again`, {
      hint: `\`plumb approve ${id}\` lets it go on, \`plumb cancel ${id}\` gives it up`,
    });
  }
  const by = { author: author(context.env), timeoutMs: 60_000 };
  const job = await jobAfter(context, device, () => {
    const asked = verb === 'retry' ? ask(store, device, verb, request, by) : ask(store, device, verb, {}, by);
    return untilStopped(context.signal, asked, `${verb} on ${device}`);
  });
  if (job === undefined) {
    const resumed =
      before && isHeld(before) ? 'no longer held, and nothing to deploy' : 'was not held; nothing to deploy';
    context.err(`${device}: ${verb === 'resume' ? resumed : 'nothing to deploy'}\n`);
    return;
  }
  using progress = startProgress(context);
  const done = await followJob(context, device, job, progress);
  progress.clear();
  tellJob(context, done, output);
};

/** `plumb retry DEVICE`: a bad intent is tried once; this tries it again. */
export const retryVerb = (context: Context): Command =>
  new Command('retry')
    .description('Try the current intent again, after it failed and what made it fail is mended.')
    .argument('<device>')
    .option('--force <reason>', 'override the guards; the reason is recorded with the job')
    .addOption(outputOption())
    .addHelpText(
      'after',
      "\nExample:\n  $ plumb retry leaf1\n  $ plumb retry leaf1 --force 'half of the VLANs go, CHG-1234'",
    )
    .action(async (name: string, { force, output }: { force?: string; output: Format }) => {
      if (force !== undefined && force.trim() === '')
        throw new PlumbError('invalid_request', '--force needs a reason, which the job keeps');
      await deployAgain(context, name, 'retry', force === undefined ? {} : { reason: force, force: true }, output);
    });

/** `plumb resume DEVICE`: ends a hold, and deploys what the source holds. */
export const resumeVerb = (context: Context): Command =>
  new Command('resume')
    .description(
      "End the hold that a rollback, a cancel or a publish by hand put on a device, and deploy the source's text.",
    )
    .argument('<device>')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ plumb status leaf1      says whether and why it is held\n  $ plumb resume leaf1',
    )
    .action(async (name: string, { output }: { output: Format }) => {
      await deployAgain(context, name, 'resume', {}, output);
    });
