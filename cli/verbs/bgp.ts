import { Command } from 'commander';
import type { Bgp, BgpPeer } from '../../runners/shapes.ts';
import { askEach, asRecords } from '../asking/ask-each.ts';
import { printBgpDetail } from '../asking/bgp-detail.ts';
import { gone } from '../asking/each-device.ts';
import type { Context } from '../context.ts';
import { deviceArgument, selectOption, type Wanted } from '../inventory/devices.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';
import { span } from '../output/text.ts';

type Row = { device: string; vrf: string; peer: string; session: BgpPeer };

const known = (value: number | string | null) => (value === null ? '' : String(value));

const prefixes = (session: BgpPeer, which: 'received_prefixes' | 'accepted_prefixes' | 'sent_prefixes') =>
  Object.values(session.address_family)
    .map((family) => known(family[which]) || '?')
    .join('/');

const columns: readonly Column<Row>[] = [
  { head: 'DEVICE', cell: ({ device }) => device },
  { head: 'VRF', cell: ({ vrf }) => vrf },
  { head: 'PEER', cell: ({ peer }) => peer },
  { head: 'AS', cell: ({ session }) => known(session.remote_as) },
  {
    head: 'STATE',
    cell: ({ session }) => (session.is_enabled ? session.state : `${session.state} (shut down)`),
    colour: ({ session }) => (session.is_up ? 'green' : session.is_enabled ? 'red' : 'dim'),
  },
  { head: 'UPTIME', cell: ({ session }) => (session.uptime === null ? '' : span(session.uptime)) },
  { head: 'FAMILIES', cell: ({ session }) => Object.keys(session.address_family).join('/') },
  { head: 'RECEIVED', cell: ({ session }) => prefixes(session, 'received_prefixes'), wide: true },
  { head: 'ACCEPTED', cell: ({ session }) => prefixes(session, 'accepted_prefixes') },
  { head: 'SENT', cell: ({ session }) => prefixes(session, 'sent_prefixes') },
  { head: 'FLAPS', cell: ({ session }) => known(session.flaps), wide: true },
  { head: 'LAST ERROR', cell: ({ session }) => known(session.last_error), wide: true },
  { head: 'DESCRIPTION', cell: ({ session }) => session.description, wide: true },
];

const toRows = (device: string, bgp: Bgp): Row[] =>
  Object.entries(bgp).flatMap(([vrf, { peers }]) =>
    Object.entries(peers).map(([peer, session]) => ({ device, vrf, peer, session })),
  );

/** `plumb bgp`: the sessions of every device, asked now. */
export const bgpVerb = (context: Context): Command =>
  new Command('bgp')
    .description('List BGP sessions, asked of the devices now: state, uptime, prefixes per address family.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .option('--detail', 'ports, timers, policies and message counts instead')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExit code: 1 where a session that is not shut down is not up; with --detail, only where a device failed.\n\nExample:\n  $ plumb bgp\n  $ plumb bgp leaf1 -o wide\n  $ plumb bgp leaf1 --detail',
    )
    .action(async (devices: string[], { detail, output, ...only }: Wanted & { detail?: true; output: Format }) => {
      const wanted = { ...only, devices };
      if (detail) return printBgpDetail(context, wanted, output);
      const found = await askEach<Bgp>(context, wanted, 'bgp');
      const rows = gone(found).flatMap(({ device, answer }) => toRows(device, answer));
      print(context, output, rows, columns, asRecords(found, 'bgp'));
      if (rows.some(({ session }) => session.is_enabled && !session.is_up)) context.exit(1);
    });
