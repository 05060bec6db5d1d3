import type { Session } from '../bgp/sessions.ts';
import type { Device } from '../data/types.ts';
import { count } from '../words/words.ts';

/** Of more devices than this, only those at a session that is not up are drawn. */
const mostDrawn = 400;

/**
 * The devices that fit into one drawing, and what is to be said of the others.
 *
 * @param troubled the sessions that are not up
 */
export const drawnOf = (
  all: readonly Device[],
  troubled: readonly Session[],
  most = mostDrawn,
): { drawn: readonly Device[]; left: string } => {
  if (all.length <= most) return { drawn: all, left: '' };
  const touched = new Set(troubled.flatMap(({ end, peerDevice }) => [end.device, peerDevice]));
  const wanted = all.filter(({ device }) => touched.has(device));
  const calm = all.length - wanted.length;
  const cut = wanted.length - most;
  const texts = [
    cut > 0 ? `${count(cut, 'device')} with a session that is not up` : '',
    calm > 0 ? `${count(calm, 'device')} whose known sessions are all up` : '',
  ];
  return { drawn: wanted.slice(0, most), left: `Not drawn: ${texts.filter(Boolean).join(', and ')}.` };
};
