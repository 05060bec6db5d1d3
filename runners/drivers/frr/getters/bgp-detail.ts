import { byName } from '../../../../core/by-name.ts';
import { addDetail, unknownDetail } from '../../../getters/bgp-shape.ts';
import type { Getter } from '../../../getters/getter.ts';
import { at, entriesAt, textAt } from '../../../getters/json.ts';
import { toAddress, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { BgpDetail, BgpPeerDetail } from '../../../shapes.ts';
import { replyOf, secondsAt, sessionsOf, vrfName } from './answers.ts';
import { neighborsCommand } from './bgp.ts';

/** A count of all address families together; null where none tells it. */
const total = (families: readonly unknown[], name: string): number | null =>
  families
    .map((family) => toNumber(at(family, name)))
    .reduce((sum, count) => (count === null ? sum : (sum ?? 0) + count), null);

/** The policy that all address families share, or those of all of them. */
const policies = (families: readonly unknown[], name: string): string | null => {
  const names = new Set(families.map((family) => textAt(family, name)).filter((each) => each !== undefined));
  return names.size === 0 ? null : [...names].join(' ');
};

const addressAt = (session: unknown, name: string): string | null => {
  const text = textAt(session, name);
  return text === undefined ? null : toAddress(text);
};

const removesPrivateAs = (family: unknown): boolean =>
  entriesAt(family).some(([key, value]) => key.startsWith('privateAsNums') && value === true);

const detailOf = (name: string, session: unknown, vrf: string): BgpPeerDetail => {
  const number = (...path: string[]) => toNumber(at(session, ...path));
  const stats = (counter: string) => number('messageStats', counter);
  const up = textAt(session, 'bgpState') === 'Established';
  const families = entriesAt(session, 'addressFamilyInfo').map(([, family]) => family);
  const hops = number('externalBgpNbrMaxHopsAway') ?? number('internalBgpNbrMaxHopsAway');
  const fourByte = textAt(session, 'neighborCapabilities', '4byteAs');
  return {
    ...unknownDetail(toAddress(textAt(session, 'bgpNeighborAddr') ?? name)),
    up,
    local_as: toAs(at(session, 'localAs')),
    remote_as: toAs(at(session, 'remoteAs')) || null, // 0: external, not heard of yet
    router_id: up ? toRouterId(textAt(session, 'remoteRouterId')) : null,
    local_address: addressAt(session, 'hostLocal'),
    routing_table: vrf,
    local_address_configured: at(session, 'updateSource') !== undefined,
    local_port: number('portLocal'),
    remote_port: number('portForeign'),
    multihop: at(session, 'nbrExternalLink') === true && hops !== null ? hops > 1 : null,
    remove_private_as: families.length === 0 ? null : families.some(removesPrivateAs),
    import_policy: policies(families, 'routeMapForIncomingAdvertisements'),
    export_policy: policies(families, 'routeMapForOutgoingAdvertisements'),
    input_messages: stats('totalRecv'),
    output_messages: stats('totalSent'),
    input_updates: stats('updatesRecv'),
    output_updates: stats('updatesSent'),
    messages_queued_out: stats('depthOutq'),
    connection_state: textAt(session, 'bgpState') ?? null,
    last_event: textAt(session, 'lastResetDueTo') || null,
    suppress_4byte_as: up && fourByte !== undefined ? fourByte !== 'advertisedAndReceived' : null,
    local_as_prepend: at(session, 'localAsNoPrepend') === true ? false : null,
    holdtime: up ? secondsAt(session, 'bgpTimerHoldTimeMsecs') : null,
    configured_holdtime: secondsAt(session, 'bgpTimerConfiguredHoldTimeMsecs'),
    keepalive: up ? secondsAt(session, 'bgpTimerKeepAliveIntervalMsecs') : null,
    configured_keepalive: secondsAt(session, 'bgpTimerConfiguredKeepAliveIntervalMsecs'),
    accepted_prefix_count: up ? total(families, 'acceptedPrefixCounter') : null,
    advertised_prefix_count: up ? total(families, 'sentPrefixCounter') : null,
    flap_count: number('connectionsDropped'),
  };
};

/** From vtysh's JSON: the sessions of all VRFs. */
export const bgpDetail: Getter<BgpDetail> = {
  requests: [neighborsCommand],
  parse: (inputs) => {
    const result: BgpDetail = byName();
    for (const [vrf, instance] of entriesAt(replyOf(inputs, neighborsCommand))) {
      for (const [name, session] of sessionsOf(instance)) addDetail(result, detailOf(name, session, vrfName(vrf)));
    }
    return result;
  },
};
