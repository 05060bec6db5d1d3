import { byName } from '../../../../core/by-name.ts';
import { addDetail, unknownDetail } from '../../../getters/bgp-shape.ts';
import type { Getter } from '../../../getters/getter.ts';
import { toAddress, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { BgpDetail, BgpPeerDetail } from '../../../shapes.ts';
import { children, textOf, type XmlElement } from '../../../xml.ts';
import { ownRibs } from './bgp.ts';
import { instancesOf, option, peersOf, vrfName } from './replies.ts';

const split = (text: string | undefined): [string | null, number | null] => {
  const [address = '', port] = text?.split('+') ?? [];
  return [address === '' ? null : toAddress(address), toNumber(port)];
};

/** The counts of several parts of a session, together. */
export const total = (elements: readonly XmlElement[], name: string): number | null =>
  elements.length === 0 ? null : elements.reduce((sum, each) => sum + (toNumber(textOf(each, name)) ?? 0), 0);

const detailOf = (peer: XmlElement, instance: string): BgpPeerDetail => {
  const number = (name: string) => toNumber(textOf(peer, name));
  const [localAddress, localPort] = split(textOf(peer, 'local-address'));
  const [remoteAddress, remotePort] = split(textOf(peer, 'peer-address'));
  const options = (option(peer, 'bgp-options') ?? '').split(/\s+/);
  const ribs = ownRibs(peer);
  const remoteAs = toAs(textOf(peer, 'peer-as'));
  const fourByte = number('peer-4byte-as-capability-advertised');
  return {
    ...unknownDetail(remoteAddress ?? ''),
    up: textOf(peer, 'peer-state') === 'Established',
    local_as: toAs(textOf(peer, 'local-as')),
    remote_as: remoteAs,
    router_id: toRouterId(textOf(peer, 'peer-id')),
    local_address: localAddress,
    routing_table: vrfName(instance),
    local_address_configured: options.includes('LocalAddress'),
    local_port: localPort,
    remote_port: remotePort,
    multihop: options.includes('Multihop'),
    multipath: options.includes('Multipath'),
    remove_private_as: options.includes('RemovePrivateAS'),
    import_policy: option(peer, 'import-policy') ?? null,
    export_policy: option(peer, 'export-policy') ?? null,
    input_messages: number('input-messages'),
    output_messages: number('output-messages'),
    input_updates: number('input-updates'),
    output_updates: number('output-updates'),
    messages_queued_out: total(children(peer, 'bgp-output-queue'), 'count'),
    connection_state: textOf(peer, 'peer-state') ?? null,
    previous_connection_state: textOf(peer, 'last-state') ?? null,
    last_event: textOf(peer, 'last-event') ?? null,
    suppress_4byte_as: fourByte === null ? null : fourByte !== remoteAs,
    holdtime: number('active-holdtime'),
    configured_holdtime: toNumber(option(peer, 'holdtime')),
    keepalive: number('keepalive-interval'),
    active_prefix_count: total(ribs, 'active-prefix-count'),
    received_prefix_count: total(ribs, 'received-prefix-count'),
    accepted_prefix_count: total(ribs, 'accepted-prefix-count'),
    suppressed_prefix_count: total(ribs, 'suppressed-prefix-count'),
    advertised_prefix_count: total(ribs, 'advertised-prefix-count'),
    flap_count: number('flap-count'),
  };
};

/** From the RPCs' XML, one request for each routing instance. */
export const bgpDetail: Getter<BgpDetail> = {
  requests: ['get-instance-information'],
  parse: (inputs) => {
    const result: BgpDetail = byName();
    for (const instance of instancesOf(inputs)) {
      for (const peer of peersOf(inputs, instance)) addDetail(result, detailOf(peer, instance));
    }
    return result;
  },
};
