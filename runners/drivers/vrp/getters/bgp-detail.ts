import { byName } from '../../../../core/by-name.ts';
import { addDetail, unknownDetail } from '../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { pick, toNumber, toRouterId } from '../../../getters/values.ts';
import type { BgpDetail, BgpPeerDetail } from '../../../shapes.ts';
import { firstRequests, type Table, tablesOf } from './bgp.ts';
import { type Row, tableRows } from './tables.ts';
import { flapsOf, messages, stateOf, timer, verbosePeers } from './verbose.ts';

const policy = (text: string, way: 'Import' | 'Export'): string | null =>
  pick(text, new RegExp(`\\b${way} route[- ]policy(?: is)?\\s*:?\\s+(\\S+)`, 'i')) ?? null;

const detailOf = (row: Row, text: string): BgpPeerDetail => {
  const { state, up } = stateOf(text);
  const count = (what: string) => toNumber(pick(text, new RegExp(`${what}:\\s*(\\d+)`, 'i')));
  const port = (end: string) => toNumber(pick(text, new RegExp(`\\bPort:[^\\n]*\\b${end} - (\\d+)`)));
  const fourByte = /4-byte-as capability|AS4 capability/i.test(text);
  return {
    ...unknownDetail(row.address),
    up,
    local_as: row.peer.local_as,
    remote_as: row.peer.remote_as,
    router_id: toRouterId(pick(text, /remote router ID\s+([\d.]+)/i)),
    routing_table: row.vrf,
    local_port: up ? port('Local') : null,
    remote_port: up ? port('Remote') : null,
    import_policy: policy(text, 'Import'),
    export_policy: policy(text, 'Export'),
    input_messages: messages(text, 'Received', 'Total') ?? row.peer.messages_received,
    output_messages: messages(text, 'Sent', 'Total') ?? row.peer.messages_sent,
    input_updates: messages(text, 'Received', 'Update'),
    output_updates: messages(text, 'Sent', 'Update'),
    messages_queued_out: row.outQueue,
    connection_state: state ?? row.peer.state,
    previous_connection_state: pick(text, /BGP last state:\s*(\S+)/i) ?? null,
    last_event: pick(text, /BGP current event:\s*(\S+)/i) ?? null,
    suppress_4byte_as: up ? !fourByte : null,
    holdtime: timer(text, 'Negotiated', 'Active Hold'),
    configured_holdtime: timer(text, 'Configured', 'Active Hold'),
    keepalive: timer(text, 'Negotiated', 'Keepalive'),
    configured_keepalive: timer(text, 'Configured', 'Keepalive'),
    active_prefix_count: count('Received active routes total'),
    received_prefix_count: count('Received total routes') ?? row.received,
    advertised_prefix_count: count('Advertised total routes'),
    flap_count: flapsOf(text),
  };
};

const getter = (tables: (inputs: Inputs) => readonly Table[], requests: readonly string[]): Getter<BgpDetail> => ({
  requests,
  parse: (inputs) => {
    const result: BgpDetail = byName();
    const seen = new Set<string>();
    for (const { command, vrf } of tables(inputs)) {
      const rows = tableRows(command, inputs.get(command) ?? '', vrf);
      if (rows.length === 0) continue;
      const told = verbosePeers(command, inputs.get(`${command} verbose`) ?? '', rows, vrf);
      for (const row of rows) {
        const text = told.find((one) => one.vrf === row.vrf && one.address === row.address)?.text;
        const key = `${row.vrf} ${row.address}`; // a session of several families is told once, by the first
        if (text === undefined || seen.has(key)) continue;
        seen.add(key);
        addDetail(result, detailOf(row, text));
      }
    }
    return result;
  },
});

/** Huawei VRP, from `display bgp … peer verbose`. */
export const vrpBgpDetail = getter(tablesOf.vrp, firstRequests.vrp);

/** HP Comware, from `display bgp peer … verbose`, which tells no AS: that comes from the table. */
export const comwareBgpDetail = getter(tablesOf.comware, firstRequests.comware);
