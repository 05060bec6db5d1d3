import { byName } from '../../../../../core/by-name.ts';
import { addDetail, vrfOf } from '../../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../../getters/getter.ts';
import { toAddress } from '../../../../getters/values.ts';
import type { Bgp, BgpDetail } from '../../../../shapes.ts';
import { descendants, textOf, type XmlElement } from '../../../../xml.ts';
import { peerOf } from '../bgp.ts';
import { detailOf } from '../bgp-detail.ts';
import { type VrfTree, vrfsOf } from '../bgp-tree.ts';
import { agentReply } from './tree.ts';

const configuredVrfs = (inputs: Inputs): string[] =>
  descendants(agentReply(inputs, 'config-vrfs'), 'config-vrf').map((each) => textOf(each, 'vrf-name') ?? '');

/** The VRFs, each asked by a request of its own. */
const trees = (inputs: Inputs): VrfTree[] => [
  ...vrfsOf(agentReply(inputs, 'default-vrf')).map((tree) => ({ ...tree, name: 'global' })),
  ...configuredVrfs(inputs).flatMap((name) => {
    const all = vrfsOf(agentReply(inputs, `vrf ${name}`));
    const [first] = all;
    return first ? [{ ...first, name, neighbors: all.flatMap(({ neighbors }) => neighbors) }] : [];
  }),
];

/** Every session with its VRF and the element that tells it. */
export const neighborsOf = (inputs: Inputs): { vrf: string; address: string; element: XmlElement }[] =>
  trees(inputs).flatMap(({ name, neighbors }) =>
    neighbors.map((element) => ({
      vrf: name,
      address: toAddress(textOf(element, 'neighbor-address') ?? ''),
      element,
    })),
  );

/** From the XML agent of older releases, one request for each VRF. */
export const bgp: Getter<Bgp> = {
  requests: ['config-vrfs', 'default-vrf'],
  parse: (inputs) => {
    const result: Bgp = byName();
    for (const tree of trees(inputs)) {
      const vrf = vrfOf(result, tree.name);
      vrf.router_id = tree.routerId;
      for (const neighbor of tree.neighbors) {
        vrf.peers[toAddress(textOf(neighbor, 'neighbor-address') ?? '')] = peerOf(neighbor, tree);
      }
    }
    return result;
  },
};

/** From the XML agent of older releases, one request for all VRFs. */
export const bgpDetail: Getter<BgpDetail> = {
  requests: ['vrf'],
  parse: (inputs) => {
    const result: BgpDetail = byName();
    for (const tree of vrfsOf(agentReply(inputs, 'vrf'))) {
      const name = tree.name === 'default' ? 'global' : tree.name;
      result[name] ??= {};
      for (const neighbor of tree.neighbors) addDetail(result, detailOf(neighbor, { ...tree, name }));
    }
    return result;
  },
};
