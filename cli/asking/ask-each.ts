import type { Verb } from '../../core/bus.ts';
import { ask } from '../../core/store/ask.ts';
import type { Context } from '../context.ts';
import { pickDevices, type Wanted } from '../inventory/devices.ts';
import { eachDevice, type Failed } from './each-device.ts';
import { author, startProgress, untilStopped } from './follow-job.ts';

/** What can be read of a device, without a parameter. */
type Read = Extract<Verb, 'bgp' | 'bgp-detail' | 'facts' | 'interfaces-ip'>;

const words: Record<Read, string> = {
  bgp: 'BGP sessions',
  'bgp-detail': 'BGP sessions',
  facts: 'facts',
  'interfaces-ip': 'interfaces',
};

/** Asks many devices for the same thing, now. */
export const askEach = async <T>(
  context: Context,
  wanted: Wanted,
  read: Read,
): Promise<({ device: string; answer: T } | Failed)[]> => {
  const entries = await pickDevices(context, wanted);
  const store = await context.store();
  using progress = startProgress(context);
  return await eachDevice(context, entries, progress, async ({ device }) => {
    progress.set(device, `reading ${words[read]}`);
    const asked = ask(store, device, read, {}, { author: author(context.env) });
    const answer = (await untilStopped(context.signal, asked, device)) as Record<Read, T>;
    return { device, answer: answer[read] };
  });
};

/** The answers as a list of records that names what was read. */
export const asRecords = <T>(results: readonly ({ device: string; answer: T } | Failed)[], name: string) =>
  results.map((result) => ('error' in result ? result : { device: result.device, [name]: result.answer }));
