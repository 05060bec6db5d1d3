import { Command } from 'commander';
import type { Facts } from '../../runners/shapes.ts';
import { askEach, asRecords } from '../asking/ask-each.ts';
import { gone } from '../asking/each-device.ts';
import type { Context } from '../context.ts';
import { deviceArgument, selectOption, type Wanted } from '../inventory/devices.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';
import { span } from '../output/text.ts';

type Row = { device: string; facts: Facts };

/** IOS reports its version in a whole sentence: the number is enough for a table. */
const short = (version: string) => /\bVersion ([^\s,]+)/.exec(version)?.[1] ?? version;

const columns: readonly Column<Row>[] = [
  { head: 'DEVICE', cell: ({ device }) => device },
  { head: 'HOSTNAME', cell: ({ facts }) => facts.hostname ?? '' },
  { head: 'VENDOR', cell: ({ facts }) => facts.vendor ?? '' },
  { head: 'MODEL', cell: ({ facts }) => facts.model ?? '' },
  { head: 'VERSION', cell: ({ facts }) => short(facts.os_version ?? '') },
  { head: 'SERIAL', cell: ({ facts }) => facts.serial_number ?? '' },
  { head: 'UPTIME', cell: ({ facts }) => (facts.uptime === null ? '' : span(facts.uptime)) },
  { head: 'FQDN', cell: ({ facts }) => facts.fqdn ?? '', wide: true },
  { head: 'INTERFACES', cell: ({ facts }) => facts.interface_list.join(' '), wide: true },
];

/** `plumb facts`: the facts of every device, queried live. */
export const factsVerb = (context: Context): Command =>
  new Command('facts')
    .description('List host name, model, version, serial number and uptime of devices, queried live.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .addOption(outputOption())
    .addHelpText('after', '\nExample:\n  $ plumb facts\n  $ plumb facts leaf1 -o yaml')
    .action(async (devices: string[], { output, ...only }: Wanted & { output: Format }) => {
      const found = await askEach<Facts>(context, { ...only, devices }, 'facts');
      const rows = gone(found).map(({ device, answer: facts }): Row => ({ device, facts }));
      print(context, output, rows, columns, asRecords(found, 'facts'));
    });
