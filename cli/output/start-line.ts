import { log } from '../../core/log.ts';
import type { Store } from '../../core/store/store.ts';

/** The one line with which a service begins: what it is, of which site, what it is there for, and by which NATS server. */
export const logStart = (what: string, { site, nc }: Store, fields: Record<string, unknown>, holds: string): void => {
  const nats = nc.getServer();
  log.info({ site, nats, ...fields }, `${what} of site ${site} started: ${holds}, NATS ${nats}`);
};
