import { log } from '../../core/log.ts';
import type { Store } from '../../core/store/store.ts';

/** The first line of a service: what it is, for which site, what it does, and on which NATS server. */
export const logStart = (what: string, { site, nc }: Store, fields: Record<string, unknown>, holds: string): void => {
  const nats = nc.getServer();
  log.info({ site, nats, ...fields }, `${what} of site ${site} started: ${holds}, NATS ${nats}`);
};
