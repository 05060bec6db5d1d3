import { Type } from 'typebox';

// The shapes of runners/shapes.ts as schemas: what getters give, in NAPALM's names where it has some.

const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const text = orNull(Type.String());
const number = orNull(Type.Number());
const flag = orNull(Type.Boolean());
const byName = <T extends Type.TSchema>(schema: T) => Type.Record(Type.String(), schema);

export const Facts = Type.Object({
  hostname: text,
  fqdn: text,
  vendor: text,
  model: text,
  os_version: text,
  serial_number: text,
  uptime: orNull(Type.Number({ description: 'seconds' })),
  interface_list: Type.Array(Type.String()),
});

const BgpPeer = Type.Object({
  local_as: number,
  remote_as: number,
  remote_id: text,
  is_up: Type.Boolean(),
  is_enabled: Type.Boolean(),
  description: Type.String(),
  uptime: number,
  address_family: byName(Type.Object({ received_prefixes: number, accepted_prefixes: number, sent_prefixes: number })),
  state: Type.String({ description: 'as the platform says it' }),
  dynamic: Type.Boolean(),
  messages_received: number,
  messages_sent: number,
  keepalives_received: number,
  hold_seconds: number,
  keepalive_seconds: number,
  flaps: number,
  last_error: text,
});
export const Bgp = byName(Type.Object({ router_id: text, peers: byName(BgpPeer) }));

const BgpPeerDetail = Type.Object({
  up: Type.Boolean(),
  local_as: number,
  remote_as: number,
  router_id: text,
  local_address: text,
  local_port: number,
  remote_address: Type.String(),
  remote_port: number,
  multihop: flag,
  multipath: flag,
  import_policy: text,
  export_policy: text,
  input_messages: number,
  output_messages: number,
  connection_state: text,
  last_event: text,
  holdtime: number,
  keepalive: number,
  received_prefix_count: number,
  accepted_prefix_count: number,
  advertised_prefix_count: number,
  flap_count: number,
});
/** VRF → remote AS → sessions. */
export const BgpDetail = byName(byName(Type.Array(BgpPeerDetail)));

const family = byName(Type.Object({ prefix_length: Type.Integer() }));
/** Interface → family → address → prefix length. */
export const InterfacesIp = byName(Type.Object({ ipv4: Type.Optional(family), ipv6: Type.Optional(family) }));
