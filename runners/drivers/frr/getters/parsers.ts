import { jsonOrText } from '../../../getters/folder.ts';
import type { Parsers } from '../../../getters/getter.ts';
import { bgp } from './bgp.ts';
import { bgpDetail } from './bgp-detail.ts';
import { facts } from './facts.ts';
import { interfacesIp } from './interfaces-ip.ts';

/** How captures of a router are read. */
export const parsers = {
  frr: {
    getters: { facts, bgp, 'bgp-detail': bgpDetail, 'interfaces-ip': interfacesIp },
    fileOf: jsonOrText(/ json$/),
  },
} satisfies Parsers;
