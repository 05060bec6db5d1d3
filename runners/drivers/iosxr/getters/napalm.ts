import type { Inputs, Napalm } from '../../../getters/getter.ts';
import { filledFamily, shapeBgp, zerosId } from '../../../getters/napalm/bgp.ts';
import { defaultName, shapeDetail, zerosFor } from '../../../getters/napalm/bgp-detail.ts';
import { filled } from '../../../getters/napalm/filled.ts';
import { toAddress } from '../../../getters/values.ts';
import type { Bgp, BgpPeerDetail } from '../../../shapes.ts';
import { children, textOf, type XmlElement } from '../../../xml.ts';
import { replyOf, requests, vrfsOf } from './bgp-tree.ts';

/** The counts of the first family are given to that of the transport; the default VRF is always there. */
const asCounted = (result: Bgp, inputs: Inputs): Bgp => {
  const bgp = structuredClone(result);
  for (const { name, neighbors } of vrfsOf(replyOf(inputs, requests.bgp))) {
    for (const neighbor of neighbors) {
      const address = toAddress(textOf(neighbor, 'neighbor-address') ?? '');
      const peer = bgp[name]?.peers[address];
      const family = textOf(neighbor, 'connection-remote-address', 'afi') ?? '';
      if (peer) peer.address_family = { [family]: filledFamily(Object.values(peer.address_family)[0], 0) };
    }
  }
  return { global: { router_id: null, peers: {} }, ...bgp };
};

/** The state is as in the model; of several families, each policy is that of the first that has one. */
const detailFields = (neighbor: XmlElement | undefined) => {
  const policy = (name: string) =>
    children(neighbor, 'af-data')
      .map((data) => textOf(data, name))
      .find((text) => text !== undefined) ?? '';
  const state = (textOf(neighbor, 'connection-state') ?? '').replace('bgp-st-', '');
  const title = state.replace(/[a-zA-Z]+/g, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase());
  return {
    import_policy: policy('route-policy-in'),
    export_policy: policy('route-policy-out'),
    connection_state: title === 'Estab' ? 'Established' : title,
  };
};

/** What both drivers make of a session. */
export const detailOf = (peer: BgpPeerDetail): Record<string, unknown> => ({
  ...filled(peer),
  router_id: peer.router_id ?? '0.0.0.0',
  local_address: peer.local_address ?? zerosFor(peer.remote_address),
  routing_table: defaultName(peer.routing_table),
  input_updates: 0,
  output_updates: 0,
});

/** What NAPALM's iosxr_netconf prints. */
export const napalm: Napalm = {
  bgp: (result, inputs) =>
    shapeBgp(asCounted(result, inputs), { remoteId: zerosId, families: ({ address_family }) => address_family }),
  'bgp-detail': (result, inputs) => {
    const trees = vrfsOf(replyOf(inputs, requests.bgp));
    const elementOf = ({ remote_address, routing_table }: BgpPeerDetail) =>
      trees
        .filter(({ name }) => name === routing_table)
        .flatMap(({ neighbors }) => neighbors)
        .find((neighbor) => toAddress(textOf(neighbor, 'neighbor-address') ?? '') === remote_address);
    const shape = (peer: BgpPeerDetail) => ({
      ...detailOf(peer),
      ...detailFields(elementOf(peer)),
      input_messages: 0,
    });
    return shapeDetail({ global: {}, ...result }, shape);
  },
};
