import { connectNats } from '../core/connect.ts';
import { PlumbError } from '../core/errors.ts';
import { loadInventory } from '../core/inventory.ts';
import type { Inventory } from '../core/inventory-schema.ts';
import { openStore, type Store } from '../core/store.ts';
import type { Context } from './context.ts';
import { inLab } from './lab-inventory.ts';
import { plainLog } from './plain-log.ts';
import { writeRunFile } from './run-file.ts';
import { runFolder, sweep } from './run-folder.ts';
import type { Scope } from './scope.ts';
import { type LabName, startLab, sweepLabs } from './up-lab.ts';
import { keepNatsServer } from './up-nats.ts';
import { version } from './version.ts';

export type UpOptions = { lab?: LabName; source: 'files' | 'git'; apiPort?: string };

/** A line of what was started, for people. */
const line = (what: string, text: string) => `${what.padEnd(8)}  ${text}\n`;

/**
 * Starts everything that `plumb up` runs, each part with a connection of its own.
 *
 * @param scope ends it all again, in reverse order
 * @returns a context whose bus and inventory are those of what was started
 */
export const startAll = async (
  context: Context,
  options: UpOptions,
  scope: Scope,
  say: (text: string) => void,
): Promise<Context> => {
  const { config, env } = context;
  const swept = await sweep(config.state);
  if (swept > 0) say('removed what an earlier `plumb up` left that was killed\n');
  await sweepLabs();
  const own = scope.use('folder', await runFolder(config.state, options.lab === undefined && !config.nats));

  const lab = options.lab ? scope.use('lab', await startLab(options.lab, own.folder)) : undefined;
  if (lab) say(line('lab', lab.title));
  const read = async (path: string): Promise<Inventory> => inLab(await loadInventory(path), lab?.access);
  const inventory = await read(config.inventory);
  const devices = [...inventory.devices.keys()].filter((name) => !lab || name in lab.access.devices);
  if (devices.length === 0)
    throw new PlumbError('invalid_inventory', `${config.inventory}: none of its devices is in lab ${options.lab}`);

  const server = config.nats ? undefined : scope.use('nats', await keepNatsServer(own.folder, '', say));
  const nats = config.nats ?? { url: server?.url ?? '' };
  say(line('nats', nats.url.replace(/\/\/[^@/]*@/, '//')));
  const open = async (name: string): Promise<Store> => {
    const nc = await connectNats({ ...nats, name });
    scope.add(name, () => nc.close());
    return openStore(nc, inventory.site);
  };

  const log = plainLog(env, say);
  const [{ startRunner }, { driverFor }] = await Promise.all([
    import('../runners/main.ts'),
    import('../runners/drivers/registry.ts'),
  ]);
  const runner = await startRunner({
    store: await open('plumb runner'),
    inventory,
    devices,
    driverFor,
    knownHosts: lab?.access.knownHosts ?? config.knownHosts,
    log,
    version,
  });
  scope.use('runner', runner);

  const file = await writeRunFile(config.state, {
    pid: process.pid,
    ...nats,
    ...(lab ? { lab: lab.access } : {}),
  });
  if (file) scope.use('nats.json', file);
  else say('another `plumb up` runs in this folder: the other verbs ask that one, unless --nats says otherwise\n');

  const store = await open('plumb up');
  return {
    ...context,
    config,
    store: async () => store,
    inventory: () => read(config.inventory),
  };
};
