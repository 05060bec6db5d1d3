import { hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { keptLines, log, toStderr } from '../../core/log.ts';
import { processName } from '../../core/logs/process-name.ts';
import { tellLog } from '../../core/logs/tell-log.ts';
import type { Context } from '../context.ts';
import { deviceArgument, selectOption } from '../inventory/devices.ts';
import { inLab } from '../inventory/lab-inventory.ts';
import { LiveInventory } from '../inventory/live-inventory.ts';
import { inventoryPrint, readInventory } from '../inventory/read-inventory.ts';
import { readRunFile } from '../inventory/run-file.ts';
import { logStart } from '../output/start-line.ts';
import { count } from '../output/text.ts';
import { type PoolOptions, poolOf } from '../runner/pool.ts';
import { argvOf, processCount, supervise } from '../runner/supervise.ts';
import { supervisor } from '../runner/supervised.ts';
import { version } from '../version.ts';

type RunnerOptions = Omit<PoolOptions, 'devices'> & {
  name?: string;
  settled?: true;
  grace: number;
  processes?: 'auto' | number;
};

const wholeNumber = (least: number) => (text: string) => {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new InvalidArgumentError(`a whole number, at least ${least}`);
};

const share = (text: string) => {
  if (/^\d{1,6}(\.\d{1,6})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a number, 0 or more');
};

/** `plumb runner`: holds devices, as a separate process. */
export const runnerVerb = (context: Context): Command =>
  new Command('runner')
    .description('Look after devices: keep a session to each, deploy, check and answer requests, until SIGTERM.')
    .argument('[device...]', `${deviceArgument}; default: those in DEVICE, separated by commas, else all`)
    .addOption(selectOption())
    .option('--group <group>', 'only devices of this group, repeatable', (one: string, before?: string[]) => [
      ...(before ?? []),
      one,
    ])
    .option('--site <site>', 'refuse to start with the inventory of another site')
    .addOption(new Option('--max <devices>', 'the most devices to hold').argParser(wholeNumber(0)))
    .addOption(new Option('--weight <number>', 'its share, relative to other runners; default: 1').argParser(share))
    .addOption(
      new Option('--processes <number>', 'how many processes, each with --max devices; auto: one per core').argParser(
        (text: string) => (text === 'auto' ? text : wholeNumber(1)(text)),
      ),
    )
    .option('--name <name>', 'its name in `plumb status -o wide`; default: the host name')
    .addOption(
      new Option('--grace <seconds>', 'how long others have to take over its devices before it stops')
        .default(5)
        .argParser(wholeNumber(0)),
    )
    .option('--settled', 'no other runner can hold a device, as with a new NATS: write at once, not after 10 s')
    .addHelpText(
      'after',
      `
Runners without names share the devices of the inventory, each by its --weight and up to its --max; one that joins takes
its share after 30 s, a few devices at a time and none with a job in progress. When one leaves, only its own devices move:
at SIGTERM they are handed over for --grace seconds, after a crash others have them within 15 s. A runner that names a
device comes before one with a selector or a group, and that one before the rest.
A runner that has just started writes to no device for 10 s: whoever held one in a NATS that was restored or emptied
has stopped by then. --settled skips that.

With --processes, each is a separate runner (NAME-1 and so on), restarted if it ends or stops responding; they share one log.
A device to which processes were talking when they ended, twice, is left alone for ten minutes and named.

Example:
  $ DEVICE=leaf1 NATS_URL=nats://nats:4222 plumb runner
  $ plumb runner leaf1 leaf2
  $ plumb runner --group pod1 --max 500
  $ plumb runner -l 'rack.row=7 or role=spine' --weight 2
  $ plumb runner --driver drivers/acme-os.ts      a platform of your own, docs/add-a-platform.md`,
    )
    .action(async (named: string[], { name, settled, grace, processes, ...only }: RunnerOptions) => {
      const { env, signal, config } = context;
      if (processes !== undefined) {
        const line = context.terminal.isTTY ? undefined : (text: string) => toStderr(`${text}\n`);
        const us = [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
        const command = (own: string) => [...us, ...argvOf(process.argv.slice(2), own)];
        const of = { processes: processCount(processes), name: name ?? hostname(), command, log, line };
        const code = await supervise(of, signal);
        if (code !== 0) context.exit(2);
        return;
      }
      using above = supervisor(() => process.kill(process.pid, 'SIGTERM'));
      const devices = named.length > 0 ? named : (env.DEVICE ?? '').split(',').filter(Boolean);
      const inventory = await context.inventory();
      const { picked, ...pool } = poolOf(inventory, { ...only, devices });
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
      await using _told = tellLog(store, 'runner', own, keptLines); // ends after the runner's last line
      await using runner = await startRunner({
        store,
        inventory,
        inventoryNow: () => live.now(),
        pool: { ...pool, ...(name === undefined ? {} : { slot: name }) },
        driverFor,
        knownHosts,
        log,
        version,
        name: own,
        settled,
        talks: above && ((device, begins) => above.tell({ kind: begins ? 'begins' : 'ends', device })),
      });
      above?.onAvoid((avoided) => runner.avoid(avoided));
      const some = `${picked.slice(0, 5).join(', ')}${picked.length > 5 ? ', …' : ''}`;
      const most = pool.max === undefined ? '' : `, at most ${pool.max} of them`;
      logStart(
        `runner ${runner.name}`,
        store,
        { runner: runner.name, devices: picked.length, version },
        `wants ${count(picked.length, 'device')} (${some})${most}`,
      );
      above?.tell({ kind: 'started' });
      await live.follow(runner.reload, signal);
      await runner.drain(grace * 1_000);
    });
