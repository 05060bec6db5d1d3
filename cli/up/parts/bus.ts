import { randomBytes } from 'node:crypto';
import type { LogRole } from '../../../core/bus.ts';
import { defined } from '../../../core/defined.ts';
import type { KeptLines } from '../../../core/logs/kept-lines.ts';
import { connectNats } from '../../../core/store/server/connect.ts';
import { natsAccounts, type Role, roles } from '../../../core/store/server/permissions.ts';
import { openStore, type Store } from '../../../core/store/store.ts';
import type { Context } from '../../context.ts';
import { isSettled, keepNatsServer } from '../nats.ts';
import type { Scope } from '../scope.ts';

/** Tells whoever started it. */
export type Say = (text: string) => void;

/** `settled`: nobody can hold a device through it yet. */
export type Bus = {
  url: string;
  settled: boolean;
  open(role: Role): Promise<Store>;
  access: { url: string; user?: string; password?: string };
};

/** Publishes a part's log on the bus for as long as its connection lasts. @returns the log */
export type Told = (store: Store, role: LogRole, name: string, kept?: KeptLines) => KeptLines;

type User = Role | 'operator';
const users = ['operator', ...roles] as const;

/** A password for each user of the server that `plumb up` starts, known to nobody else. */
const userPasswords = (): Record<User, string> => {
  const made = users.map((role) => [role, randomBytes(24).toString('base64url')] as const);
  return Object.fromEntries(made) as Record<User, string>;
};

/** The `accounts` block for these passwords. */
const accountsOf = (site: string, passwords: Record<User, string>): string =>
  natsAccounts(
    site,
    users.map((role) => ({ role, user: role, password: passwords[role] })),
  );

/** Our parts must not change what an older release created. */
const bringUpToDate = async (as: Parameters<typeof connectNats>[0], site: string): Promise<void> => {
  const nc = await connectNats(as);
  try {
    await openStore(nc, site);
  } finally {
    await nc.close();
  }
};

/** The bus: the named server, or our own with a user for each role. */
export const startBus = async (
  context: Context,
  folder: string,
  site: string,
  scope: Scope,
  say: Say,
): Promise<Bus> => {
  const { nats } = context.config;
  const connect = async (role: Role, options: Parameters<typeof connectNats>[0]) => {
    const nc = await connectNats(options);
    scope.add(`the connection of the ${role}`, () => nc.close());
    return openStore(nc, site, nats?.replicas);
  };
  if (nats)
    return {
      url: nats.url,
      settled: false,
      access: { ...defined(nats), url: nats.url },
      open: (role) => connect(role, { ...nats, role, name: `plumb up ${role}` }),
    };
  const passwords = userPasswords();
  const settled = await isSettled(folder, site); // before it is written to
  const server = scope.use('nats-server', await keepNatsServer(folder, accountsOf(site, passwords), say));
  const { url } = server;
  await bringUpToDate({ url, user: 'operator', password: passwords.operator, name: 'plumb up' }, site);
  return {
    url,
    settled,
    access: { url, user: 'api', password: passwords.api },
    open: (role) => connect(role, { url, user: role, password: passwords[role], role, name: `plumb up ${role}` }),
  };
};
