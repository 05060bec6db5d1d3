import { join } from 'node:path';
import { Command } from 'commander';
import { makeStateFolder } from '../../core/config/state-folder.ts';
import { labDown, labUp } from '../../lab/frr/up.ts';
import type { Context } from '../context.ts';

const up = (context: Context): Command =>
  new Command('up')
    .summary('bring up three FRR routers in network namespaces')
    .description(
      'Bring up spine1, leaf1 and leaf2 as FRR routers in network namespaces. They stay until `plumb lab down`.',
    )
    .option(
      '--number <n>',
      'which lab, 0 to 99: its subnet is 172.31.(255-n).0/24 (default: the first free one)',
      Number,
    )
    .addHelpText('after', '\nExample:\n  $ sudo plumb lab up')
    .action(async ({ number }: { number?: number }) => {
      const { state, knownHosts } = context.config;
      await makeStateFolder(state);
      context.err('bringing up spine1, leaf1 and leaf2 …\n');
      const lab = await labUp({ folder: join(state, 'lab'), knownHosts, number });
      await lab.keep();
      for (const { name, host, pathspace } of lab.routers) {
        context.out(
          `${name}  ssh -i ${lab.key} -o UserKnownHostsFile=${knownHosts} root@${host}  vtysh -N ${pathspace}\n`,
        );
      }
    });

const down = (context: Context): Command =>
  new Command('down')
    .summary('take the lab down')
    .description('Take down the lab of this folder and labs left behind by killed processes. Labs in use stay up.')
    .option('--all', 'also take down labs that other folders left up')
    .addHelpText('after', '\nExample:\n  $ sudo plumb lab down')
    .action(async ({ all }: { all?: boolean }) => {
      const numbers = await labDown(true, all ? undefined : join(context.config.state, 'lab'));
      context.err(numbers.length === 0 ? 'no lab is up\n' : `took down lab ${numbers.join(', ')}\n`);
    });

/** `plumb lab`: routers to try things on. */
export const labVerb = (context: Context): Command =>
  new Command('lab')
    .description('Real FRR routers in network namespaces to try things on.')
    .addHelpText('after', '\nExample:\n  $ sudo plumb lab up\n  $ sudo plumb lab down')
    .addCommand(up(context))
    .addCommand(down(context));
