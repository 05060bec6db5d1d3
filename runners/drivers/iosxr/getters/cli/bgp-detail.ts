import { byName } from '../../../../../core/by-name.ts';
import { addDetail, policiesOf, totalOf, unknownDetail } from '../../../../getters/bgp-shape.ts';
import type { Getter } from '../../../../getters/getter.ts';
import { pick, toAddress, toAs, toNumber, toRouterId } from '../../../../getters/values.ts';
import type { BgpDetail, BgpPeerDetail } from '../../../../shapes.ts';
import { stateOf } from './bgp.ts';
import { messagesOf, neighborCommands, neighborsOf, type XrNeighbor } from './neighbors.ts';

const detailOf = (neighbor: XrNeighbor): BgpPeerDetail => {
  const { session, block, families } = neighbor;
  const { up, state } = stateOf(neighbor);
  const number = (pattern: RegExp) => toNumber(pick(block, pattern));
  const [sent, received] = messagesOf(neighbor, 'Total');
  const [sentUpdates, receivedUpdates] = messagesOf(neighbor, 'Update');
  const local = toRouterId(pick(block, /^[ \t]+Local host: ([^\s,]+)/m));
  const fourByte = pick(session, /^[ \t]+4-byte AS:\s+(.+)/m);
  return {
    ...unknownDetail(neighbor.address),
    up,
    local_as: toAs(pick(session, /local AS ([\d.]+)/)),
    remote_as: toAs(pick(session, /Remote AS ([\d.]+)/i)),
    router_id: toRouterId(pick(session, /Remote router ID ([\d.]+)/i)),
    local_address: local === null || local === '::' ? null : toAddress(local),
    routing_table: neighbor.vrf,
    local_port: number(/Local port: (\d+)/) || null, // 0: there is no connection
    remote_port: number(/Foreign port: (\d+)/) || null,
    multihop: /\binternal link\b/.test(session)
      ? null
      : /External BGP neighbor may be up to \d+ hops? away/.test(block),
    remove_private_as: /private AS numbers? (?:is |are )?removed|remove private AS/i.test(block) ? true : null,
    import_policy: policiesOf(families.map(({ importPolicy }) => importPolicy)),
    export_policy: policiesOf(families.map(({ exportPolicy }) => exportPolicy)),
    input_messages: received ?? number(/Received (\d+) messages/),
    output_messages: sent ?? number(/Sent (\d+) messages/),
    input_updates: receivedUpdates,
    output_updates: sentUpdates,
    messages_queued_out: number(/OutQ depth: (\d+)/) ?? number(/Sent \d+ messages, \d+ notifications, (\d+) in queue/),
    connection_state: state || null,
    last_event: pick(block, /^[ \t]*Last reset [^,\n]+, due to (.+)/m) ?? null,
    suppress_4byte_as: fourByte === undefined ? null : !/^(?:advertised and received|Yes\s+Yes)/.test(fourByte),
    holdtime: up ? number(/Hold time is (\d+)/) : null,
    configured_holdtime: number(/Configured hold time: (\d+)/),
    keepalive: up ? number(/keepalive interval is (\d+)/) : null,
    configured_keepalive: number(/Configured hold time: \d+, keepalive: (\d+)/),
    active_prefix_count: up ? totalOf(families.map(({ best }) => best)) : null,
    received_prefix_count: up ? totalOf(families.map(({ counts }) => counts.received_prefixes)) : null,
    accepted_prefix_count: up ? totalOf(families.map(({ counts }) => counts.accepted_prefixes)) : null,
    suppressed_prefix_count: up ? totalOf(families.map(({ denied }) => denied)) : null,
    advertised_prefix_count: up ? totalOf(families.map(({ counts }) => counts.sent_prefixes)) : null,
    flap_count: number(/Connections established \d+; dropped (\d+)/),
  };
};

/** From the CLI's text: the sessions of the default VRF and of all others. */
export const bgpDetail: Getter<BgpDetail> = {
  requests: neighborCommands,
  parse: (inputs) => {
    const result: BgpDetail = byName();
    for (const neighbor of neighborsOf(inputs)) addDetail(result, detailOf(neighbor));
    return result;
  },
};
