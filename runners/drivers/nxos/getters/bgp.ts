import { byName, named } from '../../../../core/by-name.ts';
import { unknownPeer, vrfOf } from '../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { jsonOf, listAt, textAt } from '../../../getters/json.ts';
import { toAddress, toAs, toNumber, toSeconds } from '../../../getters/values.ts';
import type { Bgp, BgpPeer } from '../../../shapes.ts';
import { familyName } from '../../cisco/getters/families.ts';
import { fillFrom } from './fill.ts';
import { neighborsCommand, neighborsOf } from './neighbors.ts';

/** The command that names every VRF and its sessions. */
export const summaryCommand = 'show bgp all summary vrf all';

/** AFI and SAFI numbers → what they are called. */
const families: Record<string, string> = {
  '1/1': 'ipv4',
  '1/128': 'vpnv4',
  '2/1': 'ipv6',
  '2/128': 'vpnv6',
  '25/70': 'l2vpn_evpn',
};

/** The rows of a table: NX-API prints an object for one of them, be it of the table or the row. */
const rowsOf = (value: unknown, name: string): unknown[] =>
  listAt(value, `TABLE_${name}`).flatMap((table) => listAt(table, `ROW_${name}`));

/** The states that mean that somebody shut it down. */
export const isShut = (state: string): boolean => /shut/i.test(state);

const peerOf = (row: unknown, localAs: string | undefined): BgpPeer => {
  const state = textAt(row, 'state') ?? '';
  const up = state === 'Established';
  return {
    ...unknownPeer(),
    local_as: toAs(localAs),
    remote_as: toAs(textAt(row, 'neighboras')),
    is_up: up,
    is_enabled: !isShut(state),
    uptime: up ? toSeconds(textAt(row, 'time') ?? '') : null,
    state,
    messages_received: toNumber(textAt(row, 'msgrecvd')),
    messages_sent: toNumber(textAt(row, 'msgsent')),
  };
};

/**
 * The sessions of all VRFs and families, with what the summary alone tells of them.
 *
 * @param shown of a session in several families: the one that is up, or the last
 */
export const bgpFromSummary = (inputs: Inputs, shown: 'up' | 'last' = 'up'): Bgp => {
  const result: Bgp = byName();
  for (const row of rowsOf(jsonOf(inputs, summaryCommand), 'vrf')) {
    const name = textAt(row, 'vrf-name-out') ?? 'default';
    const vrf = vrfOf(result, name === 'default' ? 'global' : name);
    vrf.router_id = textAt(row, 'vrf-router-id') ?? null;
    for (const af of rowsOf(row, 'af')) {
      for (const saf of rowsOf(af, 'saf')) {
        const numbers = `${textAt(af, 'af-id')}/${textAt(saf, 'safi')}`;
        const family = named(families, numbers) ?? familyName(textAt(saf, 'af-name') ?? numbers);
        for (const neighbor of rowsOf(saf, 'neighbor')) {
          const address = toAddress(textAt(neighbor, 'neighborid') ?? '');
          const peer = peerOf(neighbor, textAt(row, 'vrf-local-as'));
          const known = vrf.peers[address];
          vrf.peers[address] = {
            ...(known?.is_up && shown === 'up' ? known : peer),
            address_family: {
              ...known?.address_family,
              [family]: {
                received_prefixes: toNumber(textAt(neighbor, 'prefixreceived')),
                accepted_prefixes: null,
                sent_prefixes: null,
              },
            },
          };
        }
      }
    }
  }
  return result;
};

/** From NX-API's JSON: the summary, and the details of its sessions. */
export const bgp: Getter<Bgp> = {
  requests: [summaryCommand, neighborsCommand],
  parse: (inputs) => fillFrom(bgpFromSummary(inputs), neighborsOf(inputs, neighborsCommand)),
};
