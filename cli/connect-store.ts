import { existsSync } from 'node:fs';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Config } from '../core/config/config.ts';
import { PlumbError } from '../core/errors.ts';
import { log } from '../core/log.ts';
import { connectNats } from '../core/store/server/connect.ts';
import type { Role } from '../core/store/server/permissions.ts';
import { openStore, openStoreOnceMade, type Store } from '../core/store/store.ts';
import { readRunFile } from './inventory/run-file.ts';

/** How long a verb waits for an unreachable NATS server. */
const awayMs = 15_000;

type Ways = {
  /** The role of a long-running part; undefined: a verb that ends by itself. */
  role: Role | undefined;
  /** Waits for NATS for as long as it takes. */
  patient: boolean;
  site: () => Promise<string>;
  signal: AbortSignal;
  err(text: string): void;
  /** Called when a verb has waited long enough for an unreachable server. */
  lose(error: PlumbError): void;
};

/** A verb does not wait forever for an unreachable server; long-running parts do, and verbs that were told to. */
const watchConnection = async (nc: NatsConnection, { patient, err, lose }: Ways) => {
  let timer: NodeJS.Timeout | undefined;
  let lost = false;
  for await (const { type } of nc.status()) {
    if (patient) {
      if (type === 'disconnect' && !lost) err('plumb: the connection to NATS is lost, trying again\n');
      if (type === 'reconnect') err('plumb: connected to NATS again\n');
      if (type === 'disconnect' || type === 'reconnect') lost = type === 'disconnect';
    } else if (type === 'disconnect' && timer === undefined) {
      err('plumb: the connection to NATS is lost, trying again\n');
      timer = setTimeout(() => {
        const hint = 'work in progress continues; `plumb jobs` shows it once NATS is back';
        lose(new PlumbError('nats_unavailable', `no connection to NATS for ${awayMs / 1000} s`, { hint }));
      }, awayMs);
    } else if (type === 'reconnect') {
      clearTimeout(timer);
      timer = undefined;
    }
  }
  clearTimeout(timer);
};

/** Where the bus is: what the configuration names, else the `plumb up` of the folder, else the context in use. */
const whereabouts = async ({ nats, site, fallback, state, folder }: Config) => {
  if (nats) return { to: nats, site, named: nats };
  const run = await readRunFile(state);
  if (run) return { to: run, site: undefined, named: undefined };
  const used = await fallback();
  if (used?.nats) return { to: used.nats, site: used.site, named: used.nats };
  throw new PlumbError('nats_unavailable', `no NATS server is known, and no \`plumb up\` runs in ${folder}`, {
    hint: 'start `plumb up` here, or name a server with --nats, NATS_URL or `plumb context`',
  });
};

/** A context must not bring this folder's contents to another site. @throws PlumbError `invalid_request` */
const siteOf = async ({ inventory }: Config, chosen: Config['site'], ofInventory: () => Promise<string>) => {
  if (!chosen) return ofInventory();
  if (!existsSync(inventory)) return chosen.name;
  const own = await ofInventory();
  if (own === chosen.name) return own;
  const { name, context } = chosen;
  throw new PlumbError(
    'invalid_request',
    `${inventory} is for site ${own}, but the context ${context} is for site ${name}`,
    {
      hint: `work in another folder, or name the server of ${own}: --context or --nats`,
    },
  );
};

/** The bus of a verb. @throws PlumbError `nats_unavailable`, `invalid_request` */
export const connectStore = async (config: Config, ways: Ways): Promise<Store> => {
  const { role, signal } = ways;
  const { to, site: chosen, named } = await whereabouts(config);
  const site = await siteOf(config, chosen, ways.site);
  const nc = await connectNats({ ...to, name: role ? `plumb ${role}` : 'plumb', role: named && role });
  if (!role) void watchConnection(nc, ways);
  if (role !== 'runner') return openStore(nc, site, named?.replicas);
  const waits = ({ message, hint }: PlumbError) => log.warn(`waiting: ${message}; ${hint}`);
  return openStoreOnceMade(nc, site, waits, signal);
};
