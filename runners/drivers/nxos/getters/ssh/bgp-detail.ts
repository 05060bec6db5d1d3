import type { Getter } from '../../../../getters/getter.ts';
import type { BgpDetail } from '../../../../shapes.ts';
import { detailsOf } from '../bgp-detail.ts';
import { neighborsOf } from '../neighbors.ts';
import { bgpFromSummary, neighborsJson, summaryCommand } from './bgp.ts';

/** From the command line: JSON where the release prints it, else text; all VRFs and families. */
export const bgpDetail: Getter<BgpDetail> = {
  requests: [summaryCommand, neighborsJson],
  parse: (inputs) => detailsOf(bgpFromSummary(inputs), neighborsOf(inputs, neighborsJson)),
};
