import type { Job } from '../data/types.ts';

/** One end of a BGP session as its device tells it. null: the device does not tell. */
export type Peer = {
  device: string;
  vrf: string;
  address: string;
  localAs: number | null;
  remoteAs: number | null;
  /** '' where it is not told. */
  routerId: string;
  /** Of the other end, told while the session is up; '' where it is not. */
  remoteId: string;
  isUp: boolean;
  isEnabled: boolean;
  state: string;
  description: string;
  uptimeSeconds: number | null;
  prefixes: number | null;
  flaps: number | null;
  lastError: string;
  /** When it was read, RFC 3339. */
  at: string;
};

type Raw = Record<string, unknown>;

const asObject = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});
const asNumber = (value: unknown): number | null => (typeof value === 'number' && value >= 0 ? value : null);
const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The prefixes received over all families; null where one of them is not told. */
const prefixesOf = (families: Raw): number | null => {
  const counts = Object.values(families).map((family) => asNumber(asObject(family).received_prefixes));
  const known = counts.filter((one) => one !== null);
  return known.length === 0 || known.length < counts.length ? null : known.reduce((sum, one) => sum + one, 0);
};

/** The sessions of a job of kind `bgp`: NAPALM's shape with fields of ours (docs/cli.md). */
export const peersOf = (job: Job): Peer[] => {
  const at = job.finishedAt ?? job.updatedAt;
  const vrfs = asObject(asObject(job.result).bgp);
  return Object.entries(vrfs).flatMap(([vrf, told]) => {
    const table = asObject(told);
    return Object.entries(asObject(table.peers)).map(([address, raw]): Peer => {
      const peer = asObject(raw);
      const isUp = peer.is_up === true;
      return {
        device: job.device,
        vrf: vrf === 'global' ? '' : vrf,
        address,
        localAs: asNumber(peer.local_as),
        remoteAs: asNumber(peer.remote_as),
        routerId: asText(table.router_id),
        remoteId: isUp ? asText(peer.remote_id) : '',
        isUp,
        isEnabled: peer.is_enabled !== false,
        state: asText(peer.state) || (isUp ? 'Established' : 'down'),
        description: asText(peer.description),
        uptimeSeconds: isUp ? asNumber(peer.uptime) : null,
        prefixes: prefixesOf(asObject(peer.address_family)),
        flaps: asNumber(peer.flaps),
        lastError: asText(peer.last_error),
        at,
      };
    });
  });
};
