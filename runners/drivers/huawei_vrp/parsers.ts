import type { Parsers } from '../../getters/getter.ts';
import { vrpBgp as bgp } from '../vrp/getters/bgp.ts';
import { vrpBgpDetail as bgpDetail } from '../vrp/getters/bgp-detail.ts';
import { vrpFacts as facts } from '../vrp/getters/facts.ts';
import { vrpInterfacesIp as interfacesIp } from '../vrp/getters/interfaces-ip.ts';

/** How captures of a device are read. */
export const parsers = {
  huawei_vrp: { getters: { facts, bgp, 'bgp-detail': bgpDetail, 'interfaces-ip': interfacesIp } },
} satisfies Parsers;
