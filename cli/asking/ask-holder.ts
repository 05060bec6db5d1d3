import { setTimeout as wait } from 'node:timers/promises';
import { DeviceState, type Request, Runner, type Verb } from '../../core/bus.ts';
import { isOutcome } from '../../core/errors.ts';
import { type AskOptions, ask } from '../../core/store/ask.ts';
import { getRecord } from '../../core/store/records.ts';
import type { Context } from '../context.ts';

/** A device whose entry in the inventory changed is let go and taken again: so long may that take. */
const patienceMs = 8_000;
const everyMs = 200;

/**
 * Asks the runner that holds a device; where the one that held it last lives and holds it no longer, once it does again.
 * What nobody received is sent again without harm.
 *
 * @throws PlumbError as `ask` does
 */
export const askHolder = async <V extends Verb>(
  context: Pick<Context, 'signal' | 'store'>,
  device: string,
  verb: V,
  payload: Request<V>,
  options: AskOptions,
): Promise<unknown> => {
  const store = await context.store();
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask(store, device, verb, payload, options);
    } catch (error) {
      if (!isOutcome(error, 'no_runner') || performance.now() > until) throw error;
      const last = (await getRecord(store.state, DeviceState, device))?.value.runner;
      if (!last || !(await getRecord(store.runners, Runner, last))) throw error;
      await wait(everyMs, undefined, { signal: context.signal });
    }
  }
};
