import { Command } from 'commander';
import type { InterfacesIp } from '../../runners/shapes.ts';
import { askEach, asRecords } from '../asking/ask-each.ts';
import { gone } from '../asking/each-device.ts';
import type { Context } from '../context.ts';
import { deviceArgument, selectOption, type Wanted } from '../inventory/devices.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';

type Row = { device: string; name: string; family: string; address: string };

const columns: readonly Column<Row>[] = [
  { head: 'DEVICE', cell: ({ device }) => device },
  { head: 'INTERFACE', cell: ({ name }) => name },
  { head: 'FAMILY', cell: ({ family }) => family },
  { head: 'ADDRESS', cell: ({ address }) => address },
];

const toRows = (device: string, interfaces: InterfacesIp): Row[] =>
  Object.entries(interfaces).flatMap(([name, families]) =>
    Object.entries(families).flatMap(([family, addresses]) =>
      Object.entries(addresses).map(([address, { prefix_length }]) => ({
        device,
        name,
        family,
        address: `${address}/${prefix_length}`,
      })),
    ),
  );

/** `plumb interfaces`: the addresses of every device, queried live. */
export const interfacesVerb = (context: Context): Command =>
  new Command('interfaces')
    .description('List the addresses of interfaces, queried live.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .addOption(outputOption())
    .addHelpText('after', '\nExample:\n  $ plumb interfaces\n  $ plumb interfaces leaf1 -o json')
    .action(async (devices: string[], { output, ...only }: Wanted & { output: Format }) => {
      const found = await askEach<InterfacesIp>(context, { ...only, devices }, 'interfaces-ip');
      const rows = gone(found).flatMap(({ device, answer }) => toRows(device, answer));
      print(context, output, rows, columns, asRecords(found, 'interfaces'));
    });
