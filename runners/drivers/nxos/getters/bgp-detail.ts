import { byName } from '../../../../core/by-name.ts';
import { addDetail, policiesOf, totalOf, unknownDetail } from '../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import type { Bgp, BgpDetail, BgpPeerDetail } from '../../../shapes.ts';
import { bgpFromSummary, summaryCommand } from './bgp.ts';
import type { NxosNeighbor } from './neighbor.ts';
import { neighborsCommand, neighborsOf } from './neighbors.ts';
import { placesOf, vrfWithout } from './places.ts';

const detailOf = (neighbor: NxosNeighbor, vrf: string | null, localAs: number | null): BgpPeerDetail => {
  const { families, messages, updates } = neighbor;
  const up = neighbor.state === 'Established';
  return {
    ...unknownDetail(neighbor.address),
    up,
    local_as: neighbor.localAs ?? localAs,
    remote_as: neighbor.remoteAs,
    router_id: neighbor.routerId,
    local_address: neighbor.localAddress,
    routing_table: vrf,
    local_address_configured: neighbor.updateSource,
    local_port: neighbor.localPort,
    remote_port: neighbor.remotePort,
    multihop: neighbor.multihop,
    remove_private_as: neighbor.removePrivateAs,
    import_policy: policiesOf(families.map(({ importPolicy }) => importPolicy)),
    export_policy: policiesOf(families.map(({ exportPolicy }) => exportPolicy)),
    input_messages: messages[1],
    output_messages: messages[0],
    input_updates: updates[1],
    output_updates: updates[0],
    connection_state: neighbor.state || null,
    previous_connection_state: neighbor.previousState,
    last_event: neighbor.lastError,
    suppress_4byte_as: up && neighbor.fourByteAs !== null ? !neighbor.fourByteAs : null,
    holdtime: up ? neighbor.hold : null,
    configured_holdtime: up ? null : neighbor.hold,
    keepalive: up ? neighbor.keepalive : null,
    configured_keepalive: up ? null : neighbor.keepalive,
    accepted_prefix_count: up ? totalOf(families.map(({ accepted }) => accepted)) : null,
    advertised_prefix_count: up ? totalOf(families.map(({ sent }) => sent)) : null,
    flap_count: neighbor.dropped,
  };
};

/** The details of the sessions, each under the VRF that the summary tells. */
export const detailsOf = (summary: Bgp, neighbors: readonly NxosNeighbor[]): BgpDetail => {
  const result: BgpDetail = byName();
  for (const [neighbor, place] of placesOf(summary, neighbors)) {
    const vrf = place?.vrf ?? vrfWithout(summary, neighbor) ?? null;
    const localAs = place?.peer.local_as ?? null;
    addDetail(result, detailOf(neighbor, vrf, localAs));
  }
  return result;
};

/** From NX-API's JSON: all VRFs and families. */
export const bgpDetail: Getter<BgpDetail> = {
  requests: [summaryCommand, neighborsCommand],
  parse: (inputs: Inputs) => detailsOf(bgpFromSummary(inputs), neighborsOf(inputs, neighborsCommand)),
};
