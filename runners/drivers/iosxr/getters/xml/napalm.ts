import { named } from '../../../../../core/by-name.ts';
import type { Inputs, Napalm } from '../../../../getters/getter.ts';
import { filledFamily, shapeBgp, zerosId } from '../../../../getters/napalm/bgp.ts';
import { shapeDetail } from '../../../../getters/napalm/bgp-detail.ts';
import { shapeFacts } from '../../../../getters/napalm/facts.ts';
import type { Bgp } from '../../../../shapes.ts';
import { textOf } from '../../../../xml.ts';
import { detailOf } from '../napalm.ts';
import { neighborsOf } from './bgp.ts';
import { rawConfigs } from './config.ts';

const afis: Record<string, string> = { IPv4: 'ipv4', IPv6: 'ipv6' };

/** Whether a session is enabled is read from another leaf; the first family's counts are the transport's. */
const asCounted = (result: Bgp, inputs: Inputs): Bgp => {
  const bgp = structuredClone(result);
  for (const { vrf, address, element } of neighborsOf(inputs)) {
    const peer = bgp[vrf]?.peers[address];
    if (!peer) continue;
    peer.is_enabled = textOf(element, 'connection-admin-status') === '1';
    const afi = textOf(element, 'connection-remote-address', 'afi')?.trim() ?? '';
    peer.address_family = { [named(afis, afi) ?? afi]: filledFamily(Object.values(peer.address_family)[0], 0) };
  }
  return bgp;
};

/** What NAPALM's iosxr prints, which speaks to the XML agent. */
export const napalm: Napalm = {
  facts: (facts) => ({ ...shapeFacts(facts), interface_list: [...new Set(facts.interface_list)].sort() }),
  bgp: (result, inputs) =>
    shapeBgp(asCounted(result, inputs), { remoteId: zerosId, families: ({ address_family }) => address_family }),
  'bgp-detail': (result) => shapeDetail(result, detailOf),
  config: (_result, inputs) => rawConfigs(inputs),
};
