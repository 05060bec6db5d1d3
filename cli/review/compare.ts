import type { InventoryEntry, Request } from '../../core/bus.ts';
import { type Risk, riskOf } from '../../core/diff/risk.ts';
import { PlumbError } from '../../core/errors.ts';
import { eachDevice, type Failed } from '../asking/each-device.ts';
import { askForJob, startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';

/** What a deployment, or a rollback to before job `to`, would change on a device; no job where only files were compared. */
export type Compared = { device: string; diff: string; risk: Risk; job?: string; to?: string };

/** Dry run on a device. */
const onDevice = async (context: Context, device: string, request: Request<'diff'>): Promise<Compared> => {
  const { answer, job } = await askForJob(context, device, 'diff', request, 'diff', 300_000);
  const { diff, to } = (answer ?? {}) as { diff?: unknown; to?: unknown };
  if (typeof diff !== 'string') throw new PlumbError('unsupported', `${device}: its runner answered without a diff`);
  return { device, diff, risk: riskOf(diff), job, ...(typeof to === 'string' ? { to } : {}) };
};

/** Dry runs on many devices. */
export const compareOnDevices = async (
  context: Context,
  entries: readonly InventoryEntry[],
  requestFor: (device: string) => Promise<Request<'diff'>>,
): Promise<(Compared | Failed)[]> => {
  using progress = startProgress(context);
  const found = await eachDevice(context, entries, progress, async ({ device }) => {
    progress.set(device, 'comparing');
    return onDevice(context, device, await requestFor(device));
  });
  progress.clear();
  return found;
};
