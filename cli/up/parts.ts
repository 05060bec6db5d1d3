import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { explain } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { logTo } from '../../core/log.ts';
import type { KeptLines } from '../../core/logs/kept-lines.ts';
import { natsAccounts, type Role, roles } from '../../core/store/server/permissions.ts';
import type { Store } from '../../core/store/store.ts';
import type { WatcherEvent } from '../../watcher/events.ts';
import type { Source } from '../../watcher/source.ts';
import { oneLine } from '../output/text.ts';

type User = Role | 'operator';
const users = ['operator', ...roles] as const;

/** A password for each user of the server that `plumb up` starts, known to nobody else. */
export const userPasswords = (): Record<User, string> => {
  const made = users.map((role) => [role, randomBytes(24).toString('base64url')] as const);
  return Object.fromEntries(made) as Record<User, string>;
};

/** The `accounts` block for these passwords. */
export const accountsOf = (site: string, passwords: Record<User, string>): string =>
  natsAccounts(
    site,
    users.map((role) => ({ role, user: role, password: passwords[role] })),
  );

/** Whether a port of this machine can be listened on. */
export const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });

/** What the watcher tells, for people; what it published shows as a job anyway. */
export const watcherWords = (event: WatcherEvent): string => {
  switch (event.kind) {
    case 'noticed':
      return `${event.device}: ${event.path} changed${event.commit ? ` in commit ${event.commit.slice(0, 8)}` : ''}\n`;
    case 'rendered':
      return `${event.device}: rendered again\n`;
    case 'held':
      return `${event.device}: ${oneLine(event.detail)}\n`;
    case 'unmanaged':
      return `${event.device}: its file is gone; the device keeps its configuration\n`;
    case 'problem': {
      const { message, hint } = event.problem;
      // an inventory has a line for each flaw
      const lines = message.split('\n').map((each) => `error: ${oneLine(each)}\n`);
      if (event.about === 'inventory') lines.push('  ! the last good inventory stays in use\n');
      return `${lines.join('')}${hint ? `  → ${oneLine(hint)}\n` : ''}`;
    }
    case 'solved':
      return `${event.about}: mended\n`;
    case 'published':
      return '';
    default:
      return event satisfies never;
  }
};

/** Starts the watcher of `plumb up`. @param kept what it says as lines of a log, which are told on the bus alone */
export const startUpWatcher = async (
  store: Store,
  source: Source,
  signal: AbortSignal,
  say: (text: string) => void,
  kept: KeptLines,
) => {
  const { startWatcher } = await import('../../watcher/main.ts');
  const log = logTo((line) => kept.add(line));
  const watcher = startWatcher({ store, source, signal, log, onEvent: (event) => say(watcherWords(event)) });
  watcher.ended.catch((error: unknown) => say(`error: the watcher ended: ${explain(error)}\n`));
  return watcher;
};

/** Only what the lab has: the rest of the inventory is not touched. */
export const only = (inventory: Inventory, names: ReadonlySet<string> | undefined): Inventory =>
  names === undefined
    ? inventory
    : { ...inventory, devices: new Map([...inventory.devices].filter(([name]) => names.has(name))) };
