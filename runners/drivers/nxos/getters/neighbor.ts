import { toSeconds } from '../../../getters/values.ts';
import type { AddressFamily } from '../../../shapes.ts';

/** A session as `show bgp vrf all all neighbors` tells it, be it in JSON or as text. `null`: it does not tell. */
export type NxosNeighbor = {
  address: string;
  /** The JSON names no VRF, nor does the text of older releases. */
  vrf: string | undefined;
  localAs: number | null;
  remoteAs: number | null;
  routerId: string | null;
  description: string;
  state: string;
  previousState: string | null;
  seconds: number | null;
  dynamic: boolean;
  hold: number | null;
  keepalive: number | null;
  messages: [sent: number | null, received: number | null];
  updates: [sent: number | null, received: number | null];
  keepalivesReceived: number | null;
  dropped: number | null;
  lastError: string | null;
  localAddress: string | null;
  localPort: number | null;
  remotePort: number | null;
  updateSource: boolean;
  multihop: boolean | null;
  removePrivateAs: boolean | null;
  fourByteAs: boolean | null;
  families: readonly NxosNeighborFamily[];
};

/** What is counted and configured for one address family of a session. */
export type NxosNeighborFamily = {
  name: string;
  accepted: AddressFamily['accepted_prefixes'];
  sent: AddressFamily['sent_prefixes'];
  importPolicy: string | null;
  exportPolicy: string | null;
};

/** Whether an entry is a range that peers come from, and no peer. */
export const isRange = (address: string): boolean => /^[0-9A-Fa-f:.]+\/\d+$/.test(address);

/** The reason of the later of two resets, by us and by the peer; null where there was none. */
export const laterReset = (...resets: readonly { ago: string | undefined; reason: string | undefined }[]) => {
  const real = resets.filter(({ reason }) => reason !== undefined && !/^(?:no error|never)?$/i.test(reason));
  const seconds = ({ ago = '' }: { ago: string | undefined }) => toSeconds(ago) ?? Number.POSITIVE_INFINITY;
  return real.sort((one, other) => seconds(one) - seconds(other))[0]?.reason ?? null;
};
