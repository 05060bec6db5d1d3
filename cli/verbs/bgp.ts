import { Command } from 'commander';
import { DeviceState } from '../../core/bus.ts';
import { followBucket } from '../../core/store/follow.ts';
import { parseRecord } from '../../core/store/records.ts';
import type { Bgp, BgpPeer } from '../../runners/shapes.ts';
import { askEach, asRecords } from '../asking/ask-each.ts';
import { printBgpDetail } from '../asking/bgp-detail.ts';
import { gone } from '../asking/each-device.ts';
import type { Context } from '../context.ts';
import { deviceArgument, selectOption, type Wanted } from '../inventory/devices.ts';
import { type Column, type Format, outputOption, print, watchOption } from '../output/output.ts';
import { span } from '../output/text.ts';
import { showWatched } from '../output/watched.ts';

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
  { head: 'UPTIME', moves: true, cell: ({ session }) => (session.uptime === null ? '' : span(session.uptime)) },
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

/** Once in a while, and when a runner has seen that other sessions are up than before, or none any more. */
const bgpNews = async function* (context: Context): AsyncGenerator<'ask'> {
  const seen = new Map<string, string>();
  for await (const news of followBucket(await context.store(), 'state', context.signal)) {
    const state = news.kind === 'put' ? parseRecord(DeviceState, news.data) : undefined;
    const now = state ? `${state.session.state} ${state.bgp?.established} ${state.bgp?.expected}` : '';
    const before = state ? seen.get(state.device) : undefined;
    if (state) seen.set(state.device, now);
    if (news.kind === 'look' || (before !== undefined && before !== now)) yield 'ask';
  }
};

const watchBgp = async (context: Context, wanted: Wanted, output: Format): Promise<void> => {
  const quiet = { ...context, err: () => {} };
  let failed: string[] = [];
  await showWatched(context, output, {
    columns,
    key: ({ device, vrf, peer }) => `${device} ${vrf} ${peer}`,
    record: ({ device, vrf, peer, session }) => ({ device, vrf, peer, ...session }),
    read: async () => {
      const found = await askEach<Bgp>(quiet, wanted, 'bgp');
      failed = found.flatMap((each) =>
        'error' in each ? [`${each.device}: ${each.error.code}: ${each.error.detail}`] : [],
      );
      return gone(found).flatMap(({ device, answer }) => toRows(device, answer));
    },
    news: [bgpNews(context)],
    tellsGone: true,
    notes: () => failed,
  });
};

/** `plumb bgp`: the sessions of every device, asked now. */
export const bgpVerb = (context: Context): Command =>
  new Command('bgp')
    .description('List BGP sessions, asked of the devices now: state, uptime, prefixes per address family.')
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .option('--detail', 'ports, timers, policies and message counts instead')
    .addOption(outputOption())
    .addOption(watchOption())
    .addHelpText(
      'after',
      '\nExit code: 1 where a session that is not shut down is not up; with --detail, only where a device failed.\n\nExample:\n  $ plumb bgp\n  $ plumb bgp leaf1 -o wide\n  $ plumb bgp leaf1 --detail',
    )
    .action(
      async (
        devices: string[],
        { detail, output, watch, ...only }: Wanted & { detail?: true; output: Format; watch?: true },
      ) => {
        const wanted = { ...only, devices };
        if (watch && !detail) return watchBgp(context, wanted, output);
        if (detail) return printBgpDetail(context, wanted, output);
        const found = await askEach<Bgp>(context, wanted, 'bgp');
        const rows = gone(found).flatMap(({ device, answer }) => toRows(device, answer));
        print(context, output, rows, columns, asRecords(found, 'bgp'));
        if (rows.some(({ session }) => session.is_enabled && !session.is_up)) context.exit(1);
      },
    );
