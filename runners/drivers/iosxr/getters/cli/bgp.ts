import { byName } from '../../../../../core/by-name.ts';
import { PlumbError } from '../../../../../core/errors.ts';
import { noCounts, unknownPeer, vrfOf } from '../../../../getters/bgp-shape.ts';
import type { Getter } from '../../../../getters/getter.ts';
import { pick, toAddress, toAs, toNumber, toRouterId, toSeconds } from '../../../../getters/values.ts';
import type { Bgp, BgpPeer } from '../../../../shapes.ts';
import { answerTo, messagesOf, neighborCommands, neighborsOf, type XrNeighbor } from './neighbors.ts';

const summaries = ['show bgp summary', 'show bgp vrf all summary'];

/** The state of a session, for how long it has been up, and whether somebody shut it down. */
export const stateOf = ({ session }: XrNeighbor): { state: string; since: string; up: boolean; shut: boolean } => {
  const [, state = '', since = ''] = /BGP state = ([^,\n]+?)(?:, up for (\S+))?\s*$/m.exec(session) ?? [];
  const up = state === 'Established';
  const shut = /^[ \t]*Administratively shut/im.test(session) || /shut\s*down|\(Admin\)/i.test(state);
  return { state: shut && !up ? 'Idle (Admin)' : state, since, up, shut };
};

const peerOf = (neighbor: XrNeighbor): BgpPeer => {
  const { session, block, families } = neighbor;
  const { state, since, up, shut } = stateOf(neighbor);
  return {
    ...unknownPeer(),
    local_as: toAs(pick(session, /local AS ([\d.]+)/)),
    remote_as: toAs(pick(session, /Remote AS ([\d.]+)/i)),
    remote_id: toRouterId(pick(session, /Remote router ID ([\d.]+)/i)),
    is_up: up,
    is_enabled: !shut,
    description: pick(session, /^[ \t]+Description: (.+)/m) ?? '',
    uptime: up ? toSeconds(since) : null,
    address_family: Object.fromEntries(families.map(({ name, counts }) => [name, up ? counts : { ...noCounts }])),
    state,
    dynamic: /dynamic neighbor/i.test(session),
    messages_received: toNumber(pick(session, /Received (\d+) messages/)) ?? messagesOf(neighbor, 'Total')[1],
    messages_sent: toNumber(pick(session, /Sent (\d+) messages/)) ?? messagesOf(neighbor, 'Total')[0],
    keepalives_received: messagesOf(neighbor, 'Keepalive')[1],
    hold_seconds: up ? toNumber(pick(session, /Hold time is (\d+)/)) : null,
    keepalive_seconds: up ? toNumber(pick(session, /keepalive interval is (\d+)/)) : null,
    flaps: toNumber(pick(block, /Connections established \d+; dropped (\d+)/)),
    last_error: pick(block, /^[ \t]*Last reset [^,\n]+, due to (.+)/m) ?? null,
  };
};

/** The address in a row of a summary's table; a long one stands in a line of its own. */
const rowOf = (line: string): string | undefined =>
  /^([0-9A-Fa-f]+[:.][0-9A-Fa-f:.]+)(?:\s+\d+\s+[\d.]+\s|\s*$)/.exec(line)?.[1];

/** From the CLI's text: the sessions of the default VRF and of all others, with their families. */
export const bgp: Getter<Bgp> = {
  requests: [...summaries, ...neighborCommands],
  parse: (inputs) => {
    const result: Bgp = byName();
    for (const neighbor of neighborsOf(inputs)) {
      vrfOf(result, neighbor.vrf).peers[neighbor.address] = peerOf(neighbor);
    }
    for (const request of summaries) {
      const told = /^BGP neighbor is /m.test(answerTo(inputs, request.replace('summary', 'neighbors')));
      let name = 'global';
      for (const line of (inputs.get(request) ?? '').split('\n')) {
        name = /^VRF: (\S+)/.exec(line)?.[1]?.replace(/^default$/, 'global') ?? name;
        const id = /BGP router identifier ([\d.]+)/.exec(line)?.[1];
        if (id !== undefined && result[name]) vrfOf(result, name).router_id = id;
        const listed = rowOf(line);
        if (!told || listed === undefined || result[name]?.peers[toAddress(listed)]) continue;
        const why = `lists ${listed} (${name}), of which the neighbors command does not tell: one of the two answers ends early`;
        throw new PlumbError('parse_failed', `${request}: ${why}`);
      }
    }
    return result;
  },
};
