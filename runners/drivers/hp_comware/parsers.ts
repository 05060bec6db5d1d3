import type { Parsers } from '../../getters/getter.ts';
import { comwareBgp as bgp } from '../vrp/getters/bgp.ts';
import { comwareBgpDetail as bgpDetail } from '../vrp/getters/bgp-detail.ts';
import { comwareFacts as facts } from '../vrp/getters/facts.ts';
import { comwareInterfacesIp as interfacesIp } from '../vrp/getters/interfaces-ip.ts';

/** How captures of a device are read. */
export const parsers = {
  hp_comware: { getters: { facts, bgp, 'bgp-detail': bgpDetail, 'interfaces-ip': interfacesIp } },
} satisfies Parsers;
