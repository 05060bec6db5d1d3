import type { BgpFlap } from '../../../core/bus.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { Bgp, BgpPeer } from '../../shapes.ts';

/** One session as a look found it. */
export type Seen = {
  vrf: string;
  peer: string;
  remoteAs: number | null;
  is: BgpFlap['is'];
  said: string;
  prefixes: number | null;
  /** Since it came up; null where it is not up, or not told. */
  uptimeMs: number | null;
};

/** Characters of what a device said of a session. */
const longest = 200;

const stateOf = ({ is_up, is_enabled }: BgpPeer): BgpFlap['is'] => (is_up ? 'up' : is_enabled ? 'down' : 'off');

/** Received in all families; null where one of them is not told. */
const prefixesOf = ({ is_up, address_family }: BgpPeer): number | null => {
  const counts = Object.values(address_family).map(({ received_prefixes }) => received_prefixes);
  if (!is_up || counts.length === 0) return null;
  return counts.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);
};

/** The sessions of a device that are kept: of a route server with more than that the first ones. */
const mostSessions = 1_000;

/** What a look found, session by session. */
export const seenOf = (bgp: Bgp): Seen[] =>
  Object.entries(bgp)
    .flatMap(([vrf, { peers }]) =>
      Object.entries(peers).map(
        ([peer, found]): Seen => ({
          vrf,
          peer,
          remoteAs: found.remote_as,
          is: stateOf(found),
          said: found.is_up ? '' : redact(found.last_error || found.state).slice(0, longest),
          prefixes: prefixesOf(found),
          uptimeMs: found.is_up && found.uptime !== null ? found.uptime * 1000 : null,
        }),
      ),
    )
    .slice(0, mostSessions);
