import { byName } from '../../../../core/by-name.ts';
import { addDetail, unknownDetail } from '../../../getters/bgp-shape.ts';
import type { Getter } from '../../../getters/getter.ts';
import { toAddress, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { BgpDetail, BgpPeerDetail } from '../../../shapes.ts';
import { child, children, textOf, type XmlElement } from '../../../xml.ts';
import { replyOf, requests, stateOf, type VrfTree, vrfsOf } from './bgp-tree.ts';

/** The device counts its states. */
const previousStates = ['Unknown', 'Idle', 'Connect', 'OpenSent', 'OpenConfirm', 'Active', 'Established'];

const addressOf = (neighbor: XmlElement, name: string): string | null => {
  const element = child(neighbor, name);
  const text = textOf(element, 'ipv4-address') ?? textOf(element, 'ipv6-address');
  return text === undefined || text === '0.0.0.0' || text === '::' ? null : toAddress(text);
};

/** The details of a session, as the model Cisco-IOS-XR-ipv4-bgp-oper tells them. */
export const detailOf = (neighbor: XmlElement, vrf: VrfTree): BgpPeerDetail => {
  const text = (name: string) => textOf(neighbor, name);
  const number = (name: string) => toNumber(text(name));
  const [data] = children(neighbor, 'af-data'); // the counts of its first family
  const count = (name: string) => toNumber(textOf(data, name));
  const [accepted, denied] = [count('prefixes-accepted'), count('prefixes-denied')];
  return {
    ...unknownDetail(toAddress(text('neighbor-address') ?? '')),
    up: stateOf(neighbor) === 'Established',
    local_as: toAs(text('local-as')),
    remote_as: toAs(text('remote-as')),
    router_id: toRouterId(text('router-id')),
    local_address: addressOf(neighbor, 'connection-local-address'),
    routing_table: vrf.name,
    local_address_configured: text('is-local-address-configured') === 'true',
    local_port: number('connection-local-port') || null,
    remote_port: number('connection-remote-port') || null,
    multihop: text('is-external-neighbor-not-directly-connected') === 'true',
    multipath: textOf(data, 'selective-multipath-eligible') === 'true',
    remove_private_as: textOf(data, 'remove-private-as-from-updates') === 'true',
    import_policy: textOf(data, 'route-policy-in') || null,
    export_policy: textOf(data, 'route-policy-out') || null,
    input_messages: number('messages-received'),
    output_messages: number('messages-sent'),
    input_updates: number('update-messages-in'),
    output_updates: number('update-messages-out'),
    messages_queued_out: number('messages-queued-out'),
    connection_state: stateOf(neighbor),
    previous_connection_state: previousStates[number('previous-connection-state') ?? -1] ?? null,
    suppress_4byte_as: text('suppress4-byte-as') === 'true',
    local_as_prepend: text('local-as-no-prepend') !== 'true',
    holdtime: number('hold-time') || vrf.holdSeconds,
    configured_holdtime: number('configured-hold-time'),
    keepalive: number('keep-alive-time') || vrf.keepaliveSeconds,
    configured_keepalive: number('configured-keepalive'),
    active_prefix_count: count('number-of-bestpaths'),
    received_prefix_count: accepted === null ? null : accepted + (denied ?? 0),
    accepted_prefix_count: accepted,
    suppressed_prefix_count: denied,
    advertised_prefix_count: count('prefixes-advertised'),
    flap_count: number('connection-down-count'),
  };
};

/** From NETCONF, model Cisco-IOS-XR-ipv4-bgp-oper. */
export const bgpDetail: Getter<BgpDetail> = {
  requests: [requests.bgp],
  parse: (inputs) => {
    const result: BgpDetail = byName();
    for (const vrf of vrfsOf(replyOf(inputs, requests.bgp))) {
      result[vrf.name] ??= {};
      for (const neighbor of vrf.neighbors) addDetail(result, detailOf(neighbor, vrf));
    }
    return result;
  },
};
