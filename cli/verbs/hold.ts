import { Command } from 'commander';
import { PlumbError } from '../../core/errors.ts';
import { eachDevice, gone } from '../asking/each-device.ts';
import { askForJob, startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickNamed, selectOption, type Wanted } from '../inventory/devices.ts';
import { type Format, outputOption, printList } from '../output/output.ts';
import { shortId } from '../output/text.ts';

type Answer = { hold: { reason: string; by: string; at: string }; underWay: string | null; waiting: string | null };

/** `plumb hold DEVICE --reason TEXT`: nothing is deployed until `plumb resume`. */
export const holdVerb = (context: Context): Command =>
  new Command('hold')
    .description('Stop all deployments to devices until `plumb resume DEVICE`, whatever is published.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .requiredOption('--reason <text>', 'why; kept with the device and the job, and shown by `plumb status`')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
A deployment in progress runs to its end. Rollbacks, commands and reads still work.

Example:
  $ plumb hold leaf1 --reason 'CHG-4711: replacing a line card'
  $ plumb resume leaf1`,
    )
    .action(async (devices: string[], { reason, output, ...only }: Wanted & { reason: string; output: Format }) => {
      if (reason.trim() === '') throw new PlumbError('invalid_request', '--reason is empty: say why; it is recorded');
      const entries = await pickNamed(context, { ...only, devices }, 'hold');
      using progress = startProgress(context);
      const held = await eachDevice(context, entries, progress, async ({ device }) => {
        progress.set(device, 'stopping deployments');
        const { answer, job } = await askForJob(context, device, 'hold', { reason }, 'hold');
        return { device, job, ...(answer as Answer) };
      });
      progress.clear();
      if (output === 'json' || output === 'yaml') return printList(context, output, held);
      for (const { device, job, underWay, waiting } of gone(held)) {
        context.out(`${device}: held  (job ${shortId(job)})\n`);
        if (underWay)
          context.err(`  → job ${shortId(underWay)} is in progress and continues; \`plumb cancel\` undoes it\n`);
        if (waiting) {
          const id = shortId(waiting);
          context.err(
            `  → job ${id} awaits approval, which counts after the resume; \`plumb cancel ${id}\` drops it\n`,
          );
        }
      }
    });
