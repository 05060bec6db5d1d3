import { Command } from 'commander';
import type { InventoryEntry, Request } from '../../core/bus.ts';
import { diffSize } from '../../core/diff/size.ts';
import { PlumbError } from '../../core/errors.ts';
import { eachDevice, gone } from '../asking/each-device.ts';
import { askForJob, startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickDevices, selectOption, type Wanted } from '../inventory/devices.ts';
import { intendedAt, readIntended } from '../inventory/intended.ts';
import { paint, paintDiff } from '../output/colour.ts';
import { type Format, outputOption, printList } from '../output/output.ts';
import type { Progress } from '../output/progress.ts';
import { plainDiff, shortId } from '../output/text.ts';

/** Dry run on a device. */
const previewOn = async (
  context: Context,
  device: string,
  request: Request<'diff'>,
  progress: Progress,
): Promise<{ diff: string; job: string; to?: string }> => {
  progress.set(device, 'comparing');
  try {
    const { answer, job } = await askForJob(context, device, 'diff', request, 'diff', 300_000);
    const { diff, to } = (answer ?? {}) as { diff?: unknown; to?: unknown };
    if (typeof diff !== 'string') throw new PlumbError('unsupported', `${device}: its runner answered without a diff`);
    return { diff, job, ...(typeof to === 'string' ? { to } : {}) };
  } finally {
    progress.set(device, undefined);
  }
};

/** Dry runs on many devices, printed as one; sets the exit code. */
export const preview = async (
  context: Context,
  entries: readonly InventoryEntry[],
  output: Format,
  requestFor: (device: string) => Promise<Request<'diff'>>,
): Promise<void> => {
  using progress = startProgress(context);
  const found = await eachDevice(context, entries, progress, async ({ device }) => {
    return { device, ...(await previewOn(context, device, await requestFor(device), progress)) };
  });
  progress.clear();
  const compared = gone(found);
  if (compared.some(({ diff }) => diff)) context.exit(1);
  if (output === 'json' || output === 'yaml') return printList(context, output, found);
  for (const { device, diff, to } of compared) {
    const back = to && `what ran before job ${shortId(to)}`;
    if (diff === '') context.err(`${device}: no difference${back ? ` from ${back}` : ''}\n`);
    else {
      const size = diffSize(diff);
      context.out(`${paint(context.colour, 'bold', device)}${size ? `  ${size}` : ''}${back ? `  to ${back}` : ''}\n`);
      context.out(`${paintDiff(context.colour, plainDiff(diff).trimEnd())}\n`);
    }
  }
};

/** The devices that the source has a text for; those that were named, in any case. */
export const managed = async (context: Context, wanted: Wanted): Promise<InventoryEntry[]> => {
  const picked = await pickDevices(context, wanted);
  if (wanted.devices?.length) return picked;
  const published = picked.some(({ intended }) => intended);
  return published ? picked.filter(({ intended }) => intended) : picked;
};

/** `plumb diff`: what a deployment would change, as the device itself sees it. */
export const diffVerb = (context: Context): Command =>
  new Command('diff')
    .description('Show what a deployment would change. The device itself loads, compares and discards it.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .option('--ref <ref>', 'compare with intended/ as of this commit, branch or tag')
    .option('--local', 'compare with intended/ as it is on disk, published or not')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Exit code: 0 without a difference, 1 if there is one or a device failed, 2 without a connection.

Example:
  $ plumb diff                      every device against what is published for it
  $ plumb diff leaf1 --ref HEAD~1   leaf1 against the commit before
  $ plumb diff -l 'role=leaf, !leaf3'`,
    )
    .action(async (devices: string[], options: Wanted & { output: Format; ref?: string; local?: boolean }) => {
      const { output, ref, local } = options;
      const entries = await managed(context, { ...options, devices });
      await preview(context, entries, output, async (device) => {
        if (ref !== undefined) return { config: await intendedAt(context, device, ref) };
        return local ? { config: await readIntended(context, device) } : {};
      });
    });
