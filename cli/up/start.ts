import { join } from 'node:path';
import { PlumbError } from '../../core/errors.ts';
import { loadInventory } from '../../core/inventory/inventory.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { KeptLines } from '../../core/logs/kept-lines.ts';
import { processName } from '../../core/logs/process-name.ts';
import { tellLog } from '../../core/logs/tell-log.ts';
import { author } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { inLab } from '../inventory/lab-inventory.ts';
import { needCheckout, readInventory } from '../inventory/read-inventory.ts';
import { writeRunFile } from '../inventory/run-file.ts';
import { keyFileOf } from '../verbs/api.ts';
import { startLab, sweepLabs } from './lab.ts';
import type { LabName } from './labs.ts';
import { noteFree } from './nats.ts';
import { openSource } from './open-source.ts';
import { startApiOf } from './parts/api.ts';
import { type Say, startBus, type Told } from './parts/bus.ts';
import { startRunnerOf } from './parts/runner.ts';
import { startUpWatcher } from './parts/watcher.ts';
import { runFolder, sweep } from './run-folder.ts';
import type { Scope } from './scope.ts';
import { giveFolderToCaller, giveToCaller } from './sudo.ts';

export type UpOptions = { lab?: LabName; source?: 'files' | 'git'; branch?: string };

/** Saved files, unless commits are requested. */
export const sourceOf = ({ config }: Context, { source }: UpOptions): 'files' | 'git' =>
  source ?? config.source.kind ?? 'files';

/** A line of what was started, for people. */
const line = (what: string, text: string) => `${what.padEnd(8)}  ${text}\n`;

/** Only what the lab has: the rest of the inventory is not touched. */
const only = (inventory: Inventory, names: ReadonlySet<string> | undefined): Inventory =>
  names === undefined
    ? inventory
    : { ...inventory, devices: new Map([...inventory.devices].filter(([name]) => names.has(name))) };

/**
 * Starts everything that `plumb up` runs, each part with its own connection.
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
  const api = scope.use('the API', await startApiOf(context, lab !== undefined, bus, keyFile, say, told));
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
