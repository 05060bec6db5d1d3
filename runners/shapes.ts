// What getters give, in NAPALM's names where it has some.

/** NAPALM's get_facts. `null`: not known. */
export type Facts = {
  hostname: string | null;
  fqdn: string | null;
  vendor: string | null;
  model: string | null;
  os_version: string | null;
  serial_number: string | null;
  uptime: number | null; // seconds
  interface_list: string[];
};

/** What a device's clock shows, in ms since 1970; or the zone that it shows it in, where its name does not tell how far that is from UTC. */
export type ClockReading = { at: number } | { zone: string };

/** Counters of one address family of a session. `null`: not known, or the platform does not tell. */
export type AddressFamily = {
  received_prefixes: number | null;
  accepted_prefixes: number | null;
  sent_prefixes: number | null;
};

/** NAPALM's get_bgp_neighbors for one session, plus ours. */
export type BgpPeer = {
  local_as: number | null;
  remote_as: number | null;
  remote_id: string | null;
  is_up: boolean;
  is_enabled: boolean;
  description: string;
  uptime: number | null; // seconds; null where not up
  address_family: Record<string, AddressFamily>; // ipv4, ipv6, l2vpn_evpn …
  // ours
  state: string; // as the platform says it: Established, Idle (Admin) …
  dynamic: boolean; // accepted from a range, not configured one by one
  messages_received: number | null;
  messages_sent: number | null;
  keepalives_received: number | null;
  hold_seconds: number | null; // negotiated
  keepalive_seconds: number | null; // negotiated
  flaps: number | null; // times that the session was lost
  last_error: string | null;
};

/** VRF name (`global` is the default one) → its router id and sessions, keyed by address or interface. */
export type Bgp = Record<string, { router_id: string | null; peers: Record<string, BgpPeer> }>;

/** NAPALM's get_bgp_neighbors_detail for one session. `null`: not known, or the platform does not tell. */
export type BgpPeerDetail = {
  up: boolean;
  local_as: number | null;
  remote_as: number | null;
  router_id: string | null;
  local_address: string | null;
  routing_table: string | null;
  local_address_configured: boolean | null;
  local_port: number | null;
  remote_address: string;
  remote_port: number | null;
  multihop: boolean | null;
  multipath: boolean | null;
  remove_private_as: boolean | null;
  import_policy: string | null;
  export_policy: string | null;
  input_messages: number | null;
  output_messages: number | null;
  input_updates: number | null;
  output_updates: number | null;
  messages_queued_out: number | null;
  connection_state: string | null;
  previous_connection_state: string | null;
  last_event: string | null;
  suppress_4byte_as: boolean | null;
  local_as_prepend: boolean | null;
  holdtime: number | null; // seconds
  configured_holdtime: number | null; // seconds
  keepalive: number | null; // seconds
  configured_keepalive: number | null; // seconds
  active_prefix_count: number | null;
  received_prefix_count: number | null;
  accepted_prefix_count: number | null;
  suppressed_prefix_count: number | null;
  advertised_prefix_count: number | null;
  flap_count: number | null;
};

/** VRF name (`global` is the default one) → remote AS → its sessions. */
export type BgpDetail = Record<string, Record<string, BgpPeerDetail[]>>;

/** NAPALM's get_interfaces_ip: interface → family → address → prefix length. */
export type InterfacesIp = Record<string, Partial<Record<'ipv4' | 'ipv6', Record<string, { prefix_length: number }>>>>;

/** Something of a device that a change may lose: a table of routes, an interface, a neighbour. */
export type Vital = {
  /** How much of it there is: routes of a table; 1 for what is up, 0 for what is not. */
  count: number;
  /** As the device says it: `Full/DR`. */
  state?: string;
  /** Where a neighbour is, by which the intent may take it away. */
  interface?: string;
  address?: string;
  /** Seconds until a neighbour is given up unless it is heard; null: the device does not tell. */
  expires?: number | null;
  /** It is the host's own, which no configuration of this platform can remove: its end is not the change's doing. */
  ofHost?: true;
};

/** By name, as an operator knows it: `global ipv4 bgp`, `eth1`, `10.255.0.11 on eth1`. */
export type Vitals = Record<string, Vital>;
