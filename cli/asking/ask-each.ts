import type { Verb } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import type { Context } from '../context.ts';
import { pickDevices, type Wanted } from '../inventory/devices.ts';
import { exitCode, report } from '../output/failure.ts';
import { each } from './each.ts';
import { author, startProgress, untilStopped } from './follow-job.ts';

/** What can be read of a device, without a parameter. */
export type Read = Extract<Verb, 'bgp' | 'bgp-detail' | 'facts' | 'interfaces-ip'>;

/**
 * Asks many devices for the same thing, now.
 *
 * @returns device and answer; a device that failed is reported, and left out
 */
export const askEach = async <T>(context: Context, wanted: Wanted, read: Read): Promise<[string, T][]> => {
  const entries = await pickDevices(context, wanted);
  const store = await context.store();
  using progress = startProgress(context);
  const answers = await each(entries, async ({ device }): Promise<[string, T][]> => {
    progress.set(device, `reading ${read}`);
    try {
      const asked = ask(store, device, read, {}, { author: author(context.env) });
      const answer = (await untilStopped(context.signal, asked, device)) as Record<Read, T>;
      return [[device, answer[read]]];
    } catch (error) {
      if (!(error instanceof PlumbError) || context.signal.aborted) throw error;
      progress.clear();
      context.err(report(error));
      context.exit(exitCode(error));
      return [];
    } finally {
      progress.set(device, undefined);
    }
  });
  return answers.flat();
};
