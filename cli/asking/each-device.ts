import type { InventoryEntry } from '../../core/bus.ts';
import { explain, isOutcome, type PlumbError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { exitCode, report } from '../output/failure.ts';
import type { Progress } from '../output/progress.ts';
import { each } from './each.ts';

/** What a list contains instead of a device that failed. */
export type Failed = { device: string; error: { code: string; detail: string; hint?: string } };

/** As a list has a device that failed. */
export const asFailed = (device: string, error: PlumbError): Failed => {
  const { code, hint } = error;
  return { device, error: { code, detail: explain(error), ...(hint ? { hint } : {}) } };
};

const isFailed = (result: unknown): result is Failed =>
  typeof result === 'object' && result !== null && 'error' in result && 'device' in result;

/** Those that went well. */
export const gone = <T>(results: readonly (T | Failed)[]): T[] =>
  results.filter((result): result is T => !isFailed(result));

/**
 * Does the same on many devices, some at a time. A device that fails is reported at once, sets the exit code, and stops
 * no other.
 *
 * @returns what became of each, in the order of the devices
 */
export const eachDevice = <E extends Pick<InventoryEntry, 'device'>, T>(
  context: Context,
  entries: readonly E[],
  progress: Progress,
  work: (entry: E) => Promise<T>,
): Promise<(T | Failed)[]> =>
  each(entries, async (entry): Promise<T | Failed> => {
    try {
      return await work(entry);
    } catch (error) {
      if (!isOutcome(error) || context.signal.aborted) throw error;
      progress.clear();
      context.err(report(error));
      context.exit(exitCode(error));
      return asFailed(entry.device, error);
    } finally {
      progress.set(entry.device, undefined);
    }
  });
