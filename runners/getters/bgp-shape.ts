import type { AddressFamily, Bgp, BgpDetail, BgpPeer, BgpPeerDetail } from '../shapes.ts';

/** Where nothing is known. */
export const noCounts: AddressFamily = { received_prefixes: null, accepted_prefixes: null, sent_prefixes: null };

/** A session of which nothing is known yet. */
export const unknownPeer = (): BgpPeer => ({
  local_as: null,
  remote_as: null,
  remote_id: null,
  is_up: false,
  is_enabled: true,
  description: '',
  uptime: null,
  address_family: {},
  state: '',
  dynamic: false,
  messages_received: null,
  messages_sent: null,
  keepalives_received: null,
  hold_seconds: null,
  keepalive_seconds: null,
  flaps: null,
  last_error: null,
});

/** The details of a session of which nothing is known yet. */
export const unknownDetail = (remoteAddress: string): BgpPeerDetail => ({
  up: false,
  local_as: null,
  remote_as: null,
  router_id: null,
  local_address: null,
  routing_table: null,
  local_address_configured: null,
  local_port: null,
  remote_address: remoteAddress,
  remote_port: null,
  multihop: null,
  multipath: null,
  remove_private_as: null,
  import_policy: null,
  export_policy: null,
  input_messages: null,
  output_messages: null,
  input_updates: null,
  output_updates: null,
  messages_queued_out: null,
  connection_state: null,
  previous_connection_state: null,
  last_event: null,
  suppress_4byte_as: null,
  local_as_prepend: null,
  holdtime: null,
  configured_holdtime: null,
  keepalive: null,
  configured_keepalive: null,
  active_prefix_count: null,
  received_prefix_count: null,
  accepted_prefix_count: null,
  suppressed_prefix_count: null,
  advertised_prefix_count: null,
  flap_count: null,
});

/** What the address families of a session count together; null where none of them tells. */
export const totalOf = (counts: readonly (number | null)[]): number | null =>
  counts.reduce<number | null>((sum, count) => (count === null ? sum : (sum ?? 0) + count), null);

/** The policies of its address families, each once. */
export const policiesOf = (policies: readonly (string | null)[]): string | null =>
  [...new Set(policies)].filter((each) => each !== null).join(' ') || null;

/** Puts a session under its VRF and remote AS. */
export const addDetail = (result: BgpDetail, peer: BgpPeerDetail): void => {
  const vrf = result[peer.routing_table ?? 'global'] ?? {};
  result[peer.routing_table ?? 'global'] = vrf;
  const key = String(peer.remote_as ?? 'unknown');
  vrf[key] = [...(vrf[key] ?? []), peer];
};

/** The entry of a VRF, made where it is not there yet. */
export const vrfOf = (result: Bgp, name: string): Bgp[string] => {
  const vrf = result[name] ?? { router_id: null, peers: {} };
  result[name] = vrf;
  return vrf;
};
