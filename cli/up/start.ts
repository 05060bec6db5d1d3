import { join } from 'node:path';
import type { LogRole } from '../../core/bus.ts';
import { defaultApiPort } from '../../core/config/api-config.ts';
import { defined } from '../../core/defined.ts';
import { PlumbError } from '../../core/errors.ts';
import { loadInventory } from '../../core/inventory/inventory.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { keptLines } from '../../core/log.ts';
import { KeptLines } from '../../core/logs/kept-lines.ts';
import { processName } from '../../core/logs/process-name.ts';
import { tellLog } from '../../core/logs/tell-log.ts';
import { connectNats } from '../../core/store/server/connect.ts';
import type { Role } from '../../core/store/server/permissions.ts';
import { openStore, type Store } from '../../core/store/store.ts';
import { author } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { portHolder } from '../doctor/port-holder.ts';
import { inLab } from '../inventory/lab-inventory.ts';
import { LiveInventory } from '../inventory/live-inventory.ts';
import { inventoryPrint, needCheckout, readInventory } from '../inventory/read-inventory.ts';
import { writeRunFile } from '../inventory/run-file.ts';
import { plainLog } from '../output/plain-log.ts';
import { keyFileOf } from '../verbs/api.ts';
import { version } from '../version.ts';
import { type RunningLab, startLab, sweepLabs } from './lab.ts';
import type { LabName } from './labs.ts';
import { isSettled, keepNatsServer, noteFree } from './nats.ts';
import { openSource } from './open-source.ts';
import { accountsOf, isFree, only, startUpWatcher, userPasswords } from './parts.ts';
import { runFolder, sweep } from './run-folder.ts';
import type { Scope } from './scope.ts';
import { giveFolderToCaller, giveToCaller } from './sudo.ts';

export type UpOptions = { lab?: LabName; source?: 'files' | 'git'; branch?: string };

/** Saved files, unless someone says commits. */
export const sourceOf = ({ config }: Context, { source }: UpOptions): 'files' | 'git' =>
  source ?? config.source.kind ?? 'files';

type Say = (text: string) => void;

/** A line of what was started, for people. */
const line = (what: string, text: string) => `${what.padEnd(8)}  ${text}\n`;

/** `settled`: nobody can hold a device by it yet. */
type Bus = {
  url: string;
  settled: boolean;
  open(role: Role): Promise<Store>;
  access: { url: string; user?: string; password?: string };
};

/** What an older release made is not for our parts to change. */
const bringUpToDate = async (as: Parameters<typeof connectNats>[0], site: string): Promise<void> => {
  const nc = await connectNats(as);
  try {
    await openStore(nc, site);
  } finally {
    await nc.close();
  }
};

/** The bus: the server that was named, or one of our own with a user for each role. */
const startBus = async (context: Context, folder: string, site: string, scope: Scope, say: Say): Promise<Bus> => {
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

/** What a part says is told on the bus for as long as its connection lasts. @returns where it says it */
type Told = (store: Store, role: LogRole, name: string, kept?: KeptLines) => KeptLines;

const startRunnerOf = async (
  context: Context,
  bus: Bus,
  inventory: Inventory,
  load: (() => Promise<Inventory>) | undefined,
  lab: RunningLab | undefined,
  say: Say,
  told: Told,
) => {
  const [{ startRunner }, { driverFor }] = await Promise.all([
    import('../../runners/main.ts'),
    import('../../runners/drivers/registry.ts'),
  ]);
  const knownHosts = lab?.access.knownHosts ?? context.config.knownHosts;
  const store = await bus.open('runner');
  const name = processName();
  const log = plainLog(context.env, say, told(store, 'runner', name));
  const { config } = context;
  const from = load && { path: config.inventory, print: () => inventoryPrint(config), load, log };
  const live = from && new LiveInventory(from, inventory);
  const now = live ? { inventoryNow: () => live.now() } : {};
  const { settled } = bus;
  return startRunner({ store, inventory, ...now, driverFor, knownHosts, log, version, name, settled });
};

const startApiOf = async (context: Context, options: UpOptions, bus: Bus, keyFile: string, say: Say, told: Told) => {
  const { host, port: wanted, oidc, gitHookSecret, tls, trustedProxies } = context.config.api;
  const mayMove = options.lab !== undefined || wanted === defaultApiPort; // else somebody relies on the one that is named
  if (!mayMove && wanted !== 0 && !(await isFree(host, wanted))) {
    const holder = await portHolder(wanted);
    throw new PlumbError('invalid_request', `port ${wanted} of ${host} is in use ${holder}, and the API needs one`, {
      hint: 'name another with --api-port, or 0 for a free one',
    });
  }
  const { startApi } = await import('../../api/main.ts');
  const { hooksFrom } = await import('../../api/webhooks/hooks.ts');
  const webhooks = hooksFrom(context.config.webhooks, context.env);
  const store = await bus.open('api');
  told(store, 'api', processName(), keptLines);
  const serve = (port: number) =>
    startApi({
      store,
      listen: host,
      port,
      signal: new AbortController().signal, // ended by its scope, after what was begun is answered
      keyFile,
      oidc,
      webhooks,
      gitHookSecret,
      tls,
      trustedProxies,
      version,
      say: () => {}, // the key is in the file that is named below
    });
  return serve(wanted).catch(async (error: unknown) => {
    const isTaken = error instanceof PlumbError && (error.cause as NodeJS.ErrnoException)?.code === 'EADDRINUSE';
    if (!mayMove || !isTaken) throw error;
    const holder = await portHolder(wanted);
    say(`port ${wanted} is in use ${holder}: the API uses another one\n`); // nobody could take it between a look and this
    return serve(0);
  });
};

/**
 * Starts everything that `plumb up` runs, each part with a connection of its own.
 *
 * @param scope ends it all again, in reverse order
 * @param ready called once there is a bus, before anything happens on it
 * @returns a context whose bus and inventory are those of what was started
 */
export const startAll = async (
  context: Context,
  options: UpOptions,
  scope: Scope,
  say: Say,
  ready: (inner: Context) => void,
): Promise<Context> => {
  const { config, signal } = context;
  if ((await sweep(config.state)) > 0) say('removed what a killed `plumb up` left behind\n');
  if (options.lab) await sweepLabs();
  // before anything is started
  if (sourceOf(context, options) === 'files') await needCheckout(config, 'the source `files` of `plumb up`');
  const asFile = await readInventory(config);
  const own = scope.use('its folder', await runFolder(config.state, options.lab === undefined && !config.nats));

  const lab = options.lab
    ? scope.use('the lab', await startLab(options.lab, own.folder, asFile, config.intended))
    : undefined;
  if (lab) say(line('lab', lab.title));
  const goOn = () => {
    if (signal.aborted) throw new PlumbError('cancelled', 'stopped while starting');
  };
  goOn();
  const names = lab && new Set(Object.keys(lab.access.devices));
  const adapt = (inventory: Inventory) => only(inLab({ ...inventory, path: asFile.path }, lab?.access), names);
  const inventory = adapt(asFile);
  if (inventory.devices.size === 0)
    throw new PlumbError('invalid_inventory', `${config.inventory}: none of its devices is in lab ${options.lab}`, {
      hint: `run it in an empty folder, which gets the devices of that lab, or \`plumb init --example ${options.lab} FOLDER\``,
    });

  const bus = await startBus(context, own.folder, inventory.site, scope, say);
  const store = await bus.open('api');
  const inner: Context = {
    ...context,
    config,
    store: async () => store,
    inventory: async () => adapt(await readInventory(config)),
  };
  ready(inner);
  const told: Told = (from, role, name, kept = new KeptLines()) => {
    scope.use(`the log of the ${role}`, tellLog(from, role, name, kept));
    return kept;
  };
  say(line('nats', bus.url.replace(/\/\/[^@/]*@/, '//')));
  const keyFile = lab ? join(own.folder, 'api-key') : keyFileOf(config.state);
  const api = scope.use('the API', await startApiOf(context, options, bus, keyFile, say, told));
  say(line('api', `${api.url}  (key in ${keyFile})`));
  const link = context.terminal.isTTY ? await api.loginLink(author(context.env)) : undefined;
  if (link) say(line('page', `${link}  (logs you in once, within five minutes)`));
  // of commits, the watcher hands the runner the inventory of each before it publishes a text of it
  const load = sourceOf(context, options) === 'files' ? async () => adapt(await readInventory(config)) : undefined;
  if (!config.nats) scope.add('its leases', () => noteFree(own.folder, store)); // once the runner has ended
  const runner = scope.use('the runner', await startRunnerOf(context, bus, inventory, load, lab, say, told));

  goOn();
  const read = async (path: string): Promise<Inventory> => {
    const fresh = adapt(await loadInventory(path));
    runner.reload(fresh);
    return fresh;
  };
  const source = await openSource({
    kind: sourceOf(context, options),
    folder: config.folder,
    inventory: config.inventory,
    loadInventory: read,
    branch: options.branch ?? config.source.branch,
    remote: config.source.remote,
  });
  const published = await bus.open('watcher');
  const lines = told(published, 'watcher', processName());
  const watcher = scope.use('the watcher', await startUpWatcher(published, source, signal, say, lines));
  say(line('source', source.name));

  const run = { pid: process.pid, ...bus.access, ...(lab ? { lab: lab.access } : {}), api: api.url };
  const file = await writeRunFile(config.state, run);
  if (file) {
    scope.use('nats.json', file);
    await giveToCaller(context.env, config.state, join(config.state, 'nats.json'), own.folder, keyFile);
    scope.add('intended/', () => giveFolderToCaller(context.env, config.intended));
  } else say('another `plumb up` runs in this folder: other verbs ask that one, unless --nats says otherwise\n');
  await watcher.ready.catch(() => {}); // told above
  goOn();
  return inner;
};
