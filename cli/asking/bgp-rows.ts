import type { Bgp, BgpPeer } from '../../runners/shapes.ts';
import type { Column } from '../output/output.ts';
import { span } from '../output/text.ts';

/** A session as its device reported it. */
export type BgpRow = {
  device: string;
  vrf: string;
  peer: string;
  session: BgpPeer;
  /** When it was asked, by this process's clock, in ms. */
  askedAt: number;
  /** Why the device did not report it again: the current state of the session is not known. */
  lost?: { code: string; detail: string };
};

const known = (value: number | string | null) => (value === null ? '' : String(value));

const prefixes = (session: BgpPeer, which: 'received_prefixes' | 'accepted_prefixes' | 'sent_prefixes') =>
  Object.values(session.address_family)
    .map((family) => known(family[which]) || '?')
    .join('/');

const stateWord = ({ session, lost }: BgpRow) => {
  if (lost) return 'unknown';
  return session.is_enabled ? session.state : `${session.state} (shut down)`;
};

/** An uptime keeps growing between reads. */
const uptime = ({ session, askedAt, lost }: BgpRow) =>
  lost || session.uptime === null ? '' : span(session.uptime + (Date.now() - askedAt) / 1000);

/** The columns of `plumb bgp`. */
export const bgpColumns: readonly Column<BgpRow>[] = [
  { head: 'DEVICE', cell: ({ device }) => device },
  { head: 'VRF', cell: ({ vrf }) => vrf },
  { head: 'PEER', cell: ({ peer }) => peer },
  { head: 'AS', cell: ({ session }) => known(session.remote_as) },
  {
    head: 'STATE',
    cell: stateWord,
    colour: ({ session, lost }) => (lost ? 'yellow' : session.is_up ? 'green' : session.is_enabled ? 'red' : 'dim'),
  },
  { head: 'UPTIME', moves: true, cell: uptime },
  { head: 'FAMILIES', cell: ({ session }) => Object.keys(session.address_family).join('/') },
  { head: 'RECEIVED', cell: ({ session }) => prefixes(session, 'received_prefixes'), wide: true },
  { head: 'ACCEPTED', cell: ({ session }) => prefixes(session, 'accepted_prefixes') },
  { head: 'SENT', cell: ({ session }) => prefixes(session, 'sent_prefixes') },
  { head: 'FLAPS', cell: ({ session }) => known(session.flaps), wide: true },
  { head: 'LAST ERROR', cell: ({ session }) => known(session.last_error), wide: true },
  { head: 'DESCRIPTION', cell: ({ session }) => session.description, wide: true },
];

/** A row for each session of one device. */
export const bgpRows = (device: string, bgp: Bgp, askedAt = Date.now()): BgpRow[] =>
  Object.entries(bgp).flatMap(([vrf, { peers }]) =>
    Object.entries(peers).map(([peer, session]) => ({ device, vrf, peer, session, askedAt })),
  );
