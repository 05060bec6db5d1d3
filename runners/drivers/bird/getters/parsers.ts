import { jsonOrText } from '../../../getters/folder.ts';
import type { Parsers } from '../../../getters/getter.ts';
import { interfacesIp } from '../../linux/getters/interfaces-ip.ts';
import { bgp } from './bgp.ts';
import { bgpDetail } from './bgp-detail.ts';
import { facts } from './facts.ts';

/** How captures of a router are read. */
export const parsers = {
  bird: {
    getters: { facts, bgp, 'bgp-detail': bgpDetail, 'interfaces-ip': interfacesIp },
    fileOf: jsonOrText(/ -j /),
  },
} satisfies Parsers;
