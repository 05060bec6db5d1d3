import { byName } from '../../../../core/by-name.ts';
import { addDetail, unknownDetail } from '../../../getters/bgp-shape.ts';
import type { Getter } from '../../../getters/getter.ts';
import { toAddress, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { BgpDetail, BgpPeerDetail } from '../../../shapes.ts';
import { isDisabled, protocolsCommand, timerOf } from './bgp.ts';
import { type Channel, type Protocol, protocolsOf } from './protocols.ts';

const total = (channels: readonly Channel[], count: keyof Channel['counts']): number | null =>
  channels.reduce<number | null>(
    (sum, { counts }) => {
      const value = counts[count];
      return value === null || sum === null ? null : sum + value;
    },
    channels.length === 0 ? null : 0,
  );

/** The filters of all channels; BIRD names those that were given a name, and tells ACCEPT and REJECT. */
const filters = (channels: readonly Channel[], which: 'Input' | 'Output'): string | null => {
  const names = new Set(channels.map(({ get }) => get(`${which} filter`)).filter((each) => each !== undefined));
  return names.size === 0 ? null : [...names].join(' ');
};

const detailOf = (protocol: Protocol, address: string): BgpPeerDetail => {
  const { get, channels, vrf } = protocol;
  const state = get('BGP state') ?? 'Down';
  const up = state === 'Established';
  const source = get('Source address');
  const session = get('Session');
  const shown = up ? channels.filter(({ get: of }) => of('State') === 'UP') : [];
  return {
    ...unknownDetail(address),
    up,
    local_as: toAs(get('Local AS')),
    remote_as: toAs(get('Neighbor AS')),
    router_id: toRouterId(get('Neighbor ID')),
    local_address: source === undefined ? null : toAddress(source),
    routing_table: vrf,
    remote_port: toNumber(get('Neighbor port')), // told where it is not 179
    multihop: session === undefined ? null : /\bmultihop\b/.test(session),
    import_policy: filters(channels, 'Input'),
    export_policy: filters(channels, 'Output'),
    connection_state: isDisabled(protocol) ? 'Down (disabled)' : state,
    last_event: get('Last error') ?? null,
    suppress_4byte_as: session === undefined ? null : !/\bAS4\b/.test(session),
    holdtime: up ? timerOf(protocol, 'Hold') : null,
    keepalive: up ? timerOf(protocol, 'Keepalive') : null,
    received_prefix_count: total(shown, 'received_prefixes'),
    accepted_prefix_count: total(shown, 'accepted_prefixes'),
    advertised_prefix_count: total(shown, 'sent_prefixes'),
  };
};

/** From birdc's text. BIRD tells nothing of messages. */
export const bgpDetail: Getter<BgpDetail> = {
  requests: [protocolsCommand],
  parse: (inputs) => {
    const result: BgpDetail = byName();
    for (const protocol of protocolsOf(inputs.get(protocolsCommand) ?? '')) {
      if (protocol.address !== undefined) addDetail(result, detailOf(protocol, protocol.address));
    }
    return result;
  },
};
