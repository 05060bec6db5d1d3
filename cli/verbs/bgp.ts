import { Command } from 'commander';
import type { Bgp } from '../../runners/shapes.ts';
import { askEach, asRecords } from '../asking/ask-each.ts';
import { printBgpDetail } from '../asking/bgp-detail.ts';
import { bgpColumns, bgpRows } from '../asking/bgp-rows.ts';
import { watchBgp } from '../asking/bgp-watch.ts';
import { gone } from '../asking/each-device.ts';
import type { Context } from '../context.ts';
import { deviceArgument, selectOption, type Wanted } from '../inventory/devices.ts';
import { type Format, outputOption, print, watchOption } from '../output/output.ts';

/** `plumb bgp`: the sessions of every device, queried live. */
export const bgpVerb = (context: Context): Command =>
  new Command('bgp')
    .description('List BGP sessions, queried live: state, uptime, prefixes per address family.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .option('--detail', 'show ports, timers, policies and message counts instead')
    .addOption(outputOption())
    .addOption(watchOption().conflicts('detail'))
    .addHelpText(
      'after',
      '\nExit code: 1 if a session is down that is not shut down; with --detail, only if a device failed.\n\nExample:\n  $ plumb bgp\n  $ plumb bgp leaf1 -o wide\n  $ plumb bgp leaf1 --detail',
    )
    .action(
      async (
        devices: string[],
        { detail, output, watch, ...only }: Wanted & { detail?: true; output: Format; watch?: true },
      ) => {
        const wanted = { ...only, devices };
        if (watch) return watchBgp(context, wanted, output);
        if (detail) return printBgpDetail(context, wanted, output);
        const found = await askEach<Bgp>(context, wanted, 'bgp');
        const rows = gone(found).flatMap(({ device, answer }) => bgpRows(device, answer));
        print(context, output, rows, bgpColumns, asRecords(found, 'bgp'));
        if (rows.some(({ session }) => session.is_enabled && !session.is_up)) context.exit(1);
      },
    );
