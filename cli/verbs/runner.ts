import { Command } from 'commander';
import { keptLines, log } from '../../core/log.ts';
import { processName } from '../../core/logs/process-name.ts';
import { tellLog } from '../../core/logs/tell-log.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickFromInventory, selectOption, type Wanted } from '../inventory/devices.ts';
import { inLab } from '../inventory/lab-inventory.ts';
import { LiveInventory } from '../inventory/live-inventory.ts';
import { inventoryPrint, readInventory } from '../inventory/read-inventory.ts';
import { readRunFile } from '../inventory/run-file.ts';
import { logStart } from '../output/start-line.ts';
import { count } from '../output/text.ts';
import { version } from '../version.ts';

/** `plumb runner`: holds devices, as a process of its own. */
export const runnerVerb = (context: Context): Command =>
  new Command('runner')
    .description('Look after devices: keep a session to each, deploy, check and answer requests, until SIGTERM.')
    .argument('[device...]', `${deviceArgument}; default: those in DEVICE, separated by commas, else all`)
    .addOption(selectOption())
    .option('--name <name>', 'its name in `plumb status -o wide`; default: the host name')
    .option('--settled', 'no other runner can hold a device, as with a new NATS: write at once, not after 10 s')
    .addHelpText(
      'after',
      `
Several runners may share devices: each device belongs to one of them, and another takes over within 15 s of its end.
A runner that has just started writes to no device for 10 s: whoever held one in a NATS that was restored or emptied
has stopped by then. --settled leaves that out.

Example:
  $ DEVICE=leaf1 NATS_URL=nats://nats:4222 plumb runner
  $ plumb runner leaf1 leaf2
  $ plumb runner --driver drivers/acme-os.ts      a platform of your own, docs/add-a-platform.md`,
    )
    .action(async (named: string[], { name, settled, ...only }: Wanted & { name?: string; settled?: true }) => {
      const { env, signal, config } = context;
      const wanted = named.length > 0 ? named : (env.DEVICE ?? '').split(',').filter(Boolean);
      const inventory = await context.inventory();
      const devices =
        wanted.length > 0 || only.select !== undefined
          ? pickFromInventory(inventory, { ...only, devices: wanted })
          : undefined;
      const [{ startRunner }, { driverFor }] = await Promise.all([
        import('../../runners/main.ts'),
        import('../../runners/drivers/registry.ts'),
      ]);
      log.level = config.log;
      const store = await context.store({ as: 'runner' });
      const { knownHosts } = config;
      const live = new LiveInventory(
        {
          path: config.inventory,
          print: () => inventoryPrint(config),
          load: async () => inLab(await readInventory(config), (await readRunFile(config.state))?.lab),
          log,
        },
        inventory,
      );
      const own = processName(name);
      await using _told = tellLog(store, 'runner', own, keptLines); // ends after the runner has said its last
      await using runner = await startRunner({
        store,
        inventory,
        inventoryNow: () => live.now(),
        devices,
        driverFor,
        knownHosts,
        log,
        version,
        name: own,
        settled,
      });
      const all = [...(devices ?? inventory.devices.keys())];
      const some = `${all.slice(0, 5).join(', ')}${all.length > 5 ? ', …' : ''}`;
      logStart(
        `runner ${runner.name}`,
        store,
        { runner: runner.name, devices: all.length, version },
        `wants ${count(all.length, 'device')} (${some})`,
      );
      await live.follow(runner.reload, signal);
    });
