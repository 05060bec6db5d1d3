import { Command } from 'commander';
import type { InventoryEntry, Request } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickDevices, selectOption, type Wanted } from '../inventory/devices.ts';
import { intendedAt, readIntended } from '../inventory/intended.ts';
import { outputOption } from '../output/output.ts';
import { preview, review } from '../review/review.ts';
import { maxRiskOption, type Shown, show } from '../review/show.ts';

/** The devices for which the source has a text; named ones in any case. */
export const managed = async (context: Context, wanted: Wanted): Promise<InventoryEntry[]> => {
  const picked = await pickDevices(context, wanted);
  if (wanted.devices?.length) return picked;
  const published = picked.some(({ intended }) => intended);
  return published ? picked.filter(({ intended }) => intended) : picked;
};

type Options = Wanted & Shown & { ref?: string; local?: boolean; base?: string; offline?: boolean };

/** Which text each device is compared with. */
const textFor =
  (context: Context, { ref, local }: Options) =>
  async (device: string): Promise<Request<'diff'>> => {
    if (ref !== undefined) return { config: await intendedAt(context, device, ref) };
    return local ? { config: await readIntended(context, device) } : {};
  };

/** `plumb diff`: what a deployment would change, as the device itself sees it. */
export const diffVerb = (context: Context): Command =>
  new Command('diff')
    .description('Show what a deployment would change. The device itself loads, compares and discards it.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .option('--ref <ref>', 'compare with intended/ as of this commit, branch or tag')
    .option('--base <ref>', 'only devices whose file --ref changed since it left this branch')
    .option('--offline', 'ask no device: compare the files where --ref left --base with those at --ref')
    .option('--local', 'compare with intended/ as it is on disk, published or not')
    .addOption(maxRiskOption())
    .addOption(outputOption('markdown'))
    .addHelpText(
      'after',
      `
Devices that would get the same change are shown together. The risk, from 0 to 100, is judged by the lines that change.

Exit code: 0 without a difference, 1 if there is one, 2 if that cannot be told of a device, 3 above --max-risk.

Example:
  $ plumb diff                      every device against what is published for it
  $ plumb diff leaf1 --ref HEAD~1   leaf1 against the commit before
  $ plumb diff -l 'role=leaf, !leaf3'
  $ plumb diff --ref HEAD --base origin/main -o markdown   for a merge request`,
    )
    .action(async (devices: string[], options: Options) => {
      const { ref, base, offline } = options;
      const wanted = { ...options, devices };
      if (ref !== undefined && options.local)
        throw new PlumbError('invalid_request', 'two texts to compare with: --ref is a commit, --local the disk', {
          hint: 'give one of them',
        });
      if (base === undefined && !offline)
        return show(
          context,
          await preview(context, await managed(context, wanted), textFor(context, options)),
          options,
        );
      if (ref === undefined || base === undefined || options.local)
        throw new PlumbError('invalid_request', '--base and --offline compare two commits', {
          hint: '`plumb diff --ref BRANCH --base main`, without --local',
        });
      show(context, await review(context, wanted, { ref, base, offline: offline === true }), options);
    });
