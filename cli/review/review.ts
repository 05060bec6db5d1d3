import type { InventoryEntry, Request } from '../../core/bus.ts';
import { maskedDiff } from '../../core/diff/masked.ts';
import { riskOf } from '../../core/diff/risk.ts';
import { PlumbError } from '../../core/errors.ts';
import { asFailed, eachDevice, type Failed } from '../asking/each-device.ts';
import { startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { entriesOf, pick, pickDevices, type Wanted } from '../inventory/devices.ts';
import { intendedAt } from '../inventory/intended.ts';
import { report } from '../output/failure.ts';
import { count } from '../output/text.ts';
import { type Branch, readBranch } from './branch.ts';
import { type Compared, compareOnDevices } from './compare.ts';

export type Reviewed = {
  entries: readonly InventoryEntry[];
  found: readonly (Compared | Failed)[];
  /** What was compared with what, a sentence. */
  of: string;
};

const byDevices =
  "The diffs are the devices' own: each loaded the text, compared it with what it runs, and discarded it.";

/** Dry runs on many devices. */
export const preview = async (
  context: Context,
  entries: readonly InventoryEntry[],
  requestFor: (device: string) => Promise<Request<'diff'>>,
): Promise<Reviewed> => ({ entries, found: await compareOnDevices(context, entries, requestFor), of: byDevices });

/** A device that the branch has a text for and the site does not know. */
const unknown = (context: Context, device: string, ref: string): Failed => {
  const error = new PlumbError(
    'unknown_device',
    `${device}: ${ref} has a configuration for it, and the inventory has no such device`,
    {
      hint: 'it can be compared once it is in the inventory that the watcher publishes',
    },
  );
  context.err(report(error));
  return asFailed(device, error);
};

/** Both sides changed a file, and nobody has merged them yet. @throws PlumbError `source_failed` */
const refuseUnmerged = (device: string, { onBoth }: Branch, base: string, ref: string): void => {
  if (!onBoth.has(device)) return;
  throw new PlumbError(
    'source_failed',
    `${device}: ${base} and ${ref} both changed its configuration since they parted`,
    {
      hint: `merge ${base} into ${ref}, then compare: what the merge makes of them is not known before`,
    },
  );
};

/** What merging a branch would change, on the devices whose files it changed. */
export const review = async (
  context: Context,
  wanted: Wanted,
  { ref, base, offline }: { ref: string; base: string; offline: boolean },
): Promise<Reviewed> => {
  const branch = await readBranch(context, base, ref);
  if (branch.changed.size + branch.removed.size === 0)
    context.err(`${ref} changed no configuration since it left ${base}\n`);
  for (const device of branch.removed)
    context.err(`${device}: ${ref} removes its file; nothing would be deployed to it\n`);
  const all = offline ? await offlineEntries(context, wanted) : await pickDevices(context, wanted);
  const entries = all.filter(({ device }) => branch.changed.has(device));
  const known = new Set(all.map(({ device }) => device));
  const narrowed = wanted.devices?.length || wanted.select !== undefined;
  const strangers = narrowed ? [] : [...branch.changed].filter((device) => !known.has(device));
  const failed = strangers.map((device) => unknown(context, device, ref));
  if (failed.length > 0) context.exit(2);
  const gone =
    branch.removed.size > 0 ? ` Removed, so that nothing is deployed to them: ${[...branch.removed].join(', ')}.` : '';
  const parted = `${count(branch.changed.size, 'file')} changed since ${ref} left ${base}.${gone}`;
  if (offline) {
    using progress = startProgress(context);
    const found = await eachDevice(context, entries, progress, async ({ device }): Promise<Compared> => {
      refuseUnmerged(device, branch, base, ref);
      const before = branch.added.has(device) ? '' : await intendedAt(context, device, branch.left);
      const diff = await maskedDiff(before, await intendedAt(context, device, ref), {
        before: branch.left.slice(0, 12),
        after: ref,
      });
      return { device, diff, risk: riskOf(diff) };
    });
    return {
      entries,
      found: [...found, ...failed],
      of: `${parted} These are differences of the files: no device was asked.`,
    };
  }
  const found = await compareOnDevices(context, entries, async (device) => {
    refuseUnmerged(device, branch, base, ref);
    return { config: await intendedAt(context, device, ref) };
  });
  const told = found.some((each) => 'diff' in each) ? [parted, byDevices] : [parted];
  return { entries, found: [...found, ...failed], of: told.join(' ') };
};

const offlineEntries = async (context: Context, wanted: Wanted): Promise<InventoryEntry[]> => {
  const inventory = await context.inventory();
  return pick(inventory.site, entriesOf(inventory), wanted);
};
