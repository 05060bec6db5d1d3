import { type Address, canonical, isNear } from './addresses.ts';
import type { Peer } from './peers.ts';

/** One BGP session: with both of its ends where both are devices of this site. */
export type Session = {
  key: string;
  end: Peer;
  /** The other end, as its own device tells it. */
  other: Peer | undefined;
  /** The device at the other end; undefined: none of this site, as far as addresses and router ids are known. */
  peerDevice: string | undefined;
  /** The one of the two devices of which nothing is known; of both, the one that told of it. */
  silent: string | undefined;
  kind: 'up' | 'down' | 'half' | 'unknown' | 'off';
};

/** What is known of the devices: where nobody looks any more, or BGP was never read, nothing is claimed. */
type Known = { isRead: (device: string) => boolean; isLooked: (device: string) => boolean };

const kindOf = (
  { end, other, peerDevice }: Pick<Session, 'end' | 'other' | 'peerDevice'>,
  isTold: boolean,
  known: Known,
): Session['kind'] => {
  if (!known.isLooked(end.device)) return 'unknown';
  if (other) {
    if (!known.isLooked(other.device)) return 'unknown';
    if (!end.isEnabled || !other.isEnabled) return 'off';
    return end.isUp && other.isUp ? 'up' : 'down';
  }
  if (!end.isEnabled) return 'off';
  if (peerDevice === undefined) return end.isUp ? 'up' : 'down';
  if (!known.isRead(peerDevice) || !known.isLooked(peerDevice)) return 'unknown';
  if (isTold) return 'half';
  return end.isUp ? 'up' : 'down';
};

/** The device with each router id that only one has. */
const routersOf = (peers: readonly Peer[]): Map<string, string> => {
  const routers = new Map<string, string>();
  for (const { device, routerId } of peers) {
    const other = routers.get(routerId);
    routers.set(routerId, other === undefined || other === device ? device : '');
  }
  routers.delete('');
  return routers;
};

/**
 * Sessions out of the ends that devices tell: two ends are one session where each names an address of the other's device,
 * or, while it is up, the router id, and, of several between the same two devices, where those lie in one network.
 */
export const sessionsOf = (peers: readonly Peer[], addresses: readonly Address[], known: Known): Session[] => {
  const owners = new Map(addresses.map((one) => [canonical(one.address), one]));
  const addressed = new Set(addresses.map(({ device }) => device));
  const routers = routersOf(peers);
  /** The device at the other end, and its address where that is known to be its own. */
  const acrossOf = ({ address, device, remoteId }: Peer): { device: string; network?: Address } | undefined => {
    const network = owners.get(canonical(address));
    const router = network ? undefined : routers.get(remoteId);
    const found = network ? { device: network.device, network } : router ? { device: router } : undefined;
    return found?.device === device ? undefined : found;
  };
  const ends = new Map<string, Peer[]>();
  for (const peer of peers) {
    const across = acrossOf(peer);
    if (across === undefined) continue;
    const name = `${peer.device} ${across.device}`;
    ends.set(name, [...(ends.get(name) ?? []), peer]);
  }
  const taken = new Set<Peer>();
  const sessions: Session[] = [];
  for (const end of peers) {
    if (taken.has(end)) continue;
    taken.add(end);
    const across = acrossOf(end);
    const { device: peerDevice, network } = across ?? {};
    const candidates = (across ? (ends.get(`${across.device} ${end.device}`) ?? []) : []).filter(
      (peer) => !taken.has(peer),
    );
    const near = candidates.filter((peer) => network !== undefined && isNear(peer.address, network));
    const family = candidates.filter((peer) => peer.address.includes(':') === end.address.includes(':'));
    // of several that are known by router ids alone, and so are up, either may be it
    const other = near[0] ?? (family.length === 1 || network === undefined ? family[0] : undefined);
    if (other) taken.add(other);
    // only where both have told their addresses is it known that the other side has no such session
    const isTold = network !== undefined && addressed.has(end.device);
    sessions.push({
      key: `${end.device} ${end.vrf} ${end.address}`,
      end,
      other,
      peerDevice,
      silent: [end.device, peerDevice].find((name) => name !== undefined && !known.isLooked(name)) ?? peerDevice,
      kind: kindOf({ end, other, peerDevice }, isTold, known),
    });
  }
  return sessions;
};

export const kinds = ['down', 'half', 'unknown', 'off', 'up'] as const satisfies readonly Session['kind'][];

/** How many sessions are in each state. */
export const countsOf = (sessions: readonly Session[]): Record<Session['kind'], number> => {
  const counts = { up: 0, down: 0, half: 0, unknown: 0, off: 0 };
  for (const { kind } of sessions) counts[kind]++;
  return counts;
};

/** What was said of a session that is not simply up. */
export const saidOf = ({ kind, end, other, peerDevice, silent = '' }: Session): string => {
  if (kind === 'half') return `configured on ${end.device} (${end.address}) but not on ${peerDevice}`;
  if (kind === 'unknown') {
    const teller = silent === end.device ? other : end;
    const word = (peer: Peer) => (peer.isUp ? 'up' : peer.state);
    if (!teller) return `${word(end)} when ${end.device} was last read; unknown now`;
    return `${word(teller)} according to ${teller.device}; nothing is known of ${silent}`;
  }
  const states = [end, other].flatMap((one) =>
    one && !one.isUp ? [`${one.device}: ${one.lastError || one.state}`] : [],
  );
  return states.join('; ') || end.address;
};
