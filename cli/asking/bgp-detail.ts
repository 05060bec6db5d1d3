import type { BgpDetail, BgpPeerDetail } from '../../runners/shapes.ts';
import type { Context } from '../context.ts';
import type { Wanted } from '../inventory/devices.ts';
import { type Column, type Format, print } from '../output/output.ts';
import { askEach, asRecords } from './ask-each.ts';
import { gone } from './each-device.ts';

type Row = { device: string; vrf: string; peer: BgpPeerDetail };

const known = (value: number | string | null) => (value === null ? '' : String(value));

/** Two numbers that belong together; empty if neither is known. */
const pair = (one: number | null, other: number | null) =>
  one === null && other === null ? '' : `${known(one) || '?'}/${known(other) || '?'}`;

const local = ({ local_address, local_port }: BgpPeerDetail) =>
  local_port === null ? known(local_address) : `${known(local_address)} port ${local_port}`;

const columns: readonly Column<Row>[] = [
  { head: 'DEVICE', cell: ({ device }) => device },
  { head: 'VRF', cell: ({ vrf }) => vrf },
  { head: 'PEER', cell: ({ peer }) => peer.remote_address },
  { head: 'AS', cell: ({ peer }) => known(peer.remote_as) },
  {
    head: 'STATE',
    cell: ({ peer }) => known(peer.connection_state),
    colour: ({ peer }) => (peer.up ? 'green' : undefined),
  },
  { head: 'ROUTER ID', cell: ({ peer }) => known(peer.router_id) },
  { head: 'LOCAL', cell: ({ peer }) => local(peer) },
  { head: 'HOLD/KEEPALIVE', cell: ({ peer }) => pair(peer.holdtime, peer.keepalive) },
  { head: 'IMPORT', cell: ({ peer }) => known(peer.import_policy) },
  { head: 'EXPORT', cell: ({ peer }) => known(peer.export_policy) },
  { head: 'ACCEPTED', cell: ({ peer }) => known(peer.accepted_prefix_count) },
  { head: 'SENT', cell: ({ peer }) => known(peer.advertised_prefix_count) },
  { head: 'MESSAGES IN/OUT', cell: ({ peer }) => pair(peer.input_messages, peer.output_messages), wide: true },
  { head: 'UPDATES IN/OUT', cell: ({ peer }) => pair(peer.input_updates, peer.output_updates), wide: true },
  { head: 'FLAPS', cell: ({ peer }) => known(peer.flap_count), wide: true },
  { head: 'LAST EVENT', cell: ({ peer }) => known(peer.last_event), wide: true },
];

/** `plumb bgp --detail`: ports, timers, policies and counts of every session. */
export const printBgpDetail = async (context: Context, wanted: Wanted, output: Format): Promise<void> => {
  const found = await askEach<BgpDetail>(context, wanted, 'bgp-detail');
  const rows = gone(found).flatMap(({ device, answer: vrfs }) =>
    Object.entries(vrfs).flatMap(([vrf, byAs]) =>
      Object.values(byAs).flatMap((peers) => peers.map((peer): Row => ({ device, vrf, peer }))),
    ),
  );
  print(context, output, rows, columns, asRecords(found, 'bgp'));
};
