import { setTimeout as wait } from 'node:timers/promises';
import { explain } from '../../core/errors.ts';
import { log } from '../../core/log.ts';
import type { Store } from '../../core/store/store.ts';
import type { Bus } from '../http/reach.ts';
import type { Views } from '../views/views.ts';
import type { Hook } from './hooks.ts';
import { Lead } from './lead.ts';
import { News } from './news.ts';
import { Sender } from './sender.ts';

export type HookPace = {
  /** How often it is looked what there is to do. */
  everyMs?: number;
  /** So long a device's sync has to last before it is told. */
  settleMs?: number;
  /** Waits between tries. */
  back?: readonly number[];
};

/** For what is being sent when the API stops: cut off, it might have arrived, and is sent once more. */
const graceMs = 2_000;

/** How often all that is on its way is read anew, for what others put there. */
const lookEvery = 5;

/**
 * Tells receivers what happens, until the signal aborts. Of several instances one does; another one goes on where it stopped.
 *
 * @returns when all has come to its end
 */
export const runWebhooks = async (
  reach: { store: Store; bus: Bus; views: Views },
  hooks: readonly Hook[],
  signal: AbortSignal,
  { everyMs = 1_000, settleMs = 10_000, back }: HookPace = {},
): Promise<void> => {
  const { store, bus, views } = reach;
  const lead = new Lead(store);
  const news = new News(store, views, hooks, settleMs);
  const cut = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => cut.abort(), graceMs).unref(), { once: true });
  const sender = new Sender(store, hooks, cut.signal, back);
  const round = async (count: number, led: boolean): Promise<boolean> => {
    await bus.reach(() => lead.renew());
    if (!lead.holds) return false;
    await views.fresh('devices', 'jobs');
    if (!led) await bus.reach(() => news.begin());
    await bus.reach(() => news.tell(), 12);
    if (!led || count % lookEvery === 0 || news.took()) await bus.reach(() => sender.look());
    sender.send(() => lead.holds);
    return true;
  };
  let led = false;
  for (let count = 0; !signal.aborted; count += 1) {
    led = await round(count, led).catch((error: unknown) => {
      if (!signal.aborted) log.warn(`webhooks: ${explain(error)}`);
      return false;
    });
    await wait(everyMs, undefined, { signal }).catch(() => {});
  }
  await sender.settled();
  await lead.leave().catch(() => {}); // NATS is away: another one leads in 10 s
};
