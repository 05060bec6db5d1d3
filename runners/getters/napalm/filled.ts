import type { BgpPeerDetail } from '../../shapes.ts';

const textFields = [
  'router_id',
  'local_address',
  'routing_table',
  'import_policy',
  'export_policy',
  'connection_state',
  'previous_connection_state',
  'last_event',
] as const;

const flagFields = [
  'local_address_configured',
  'multihop',
  'multipath',
  'remove_private_as',
  'suppress_4byte_as',
  'local_as_prepend',
] as const;

const unknown = (peer: BgpPeerDetail, number: number) => ({
  ...Object.fromEntries(Object.keys(peer).map((field) => [field, number])),
  ...Object.fromEntries(textFields.map((field) => [field, ''])),
  ...Object.fromEntries(flagFields.map((field) => [field, false])),
});

/** A session's details with what NAPALM has for the unknown: a number, '' or false. */
export const filled = (peer: BgpPeerDetail, number = 0): Record<string, unknown> => ({
  ...unknown(peer, number),
  ...Object.fromEntries(Object.entries(peer).filter(([, value]) => value !== null)),
});
