import { byName } from '../../../../core/by-name.ts';
import { unknownPeer, vrfOf } from '../../../getters/bgp-shape.ts';
import type { Getter } from '../../../getters/getter.ts';
import { toAddress, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { AddressFamily, Bgp, BgpPeer } from '../../../shapes.ts';
import { children, textOf, type XmlElement } from '../../../xml.ts';
import { familyName } from '../../cisco/getters/families.ts';
import { replyOf, requests, stateOf, type VrfTree, vrfsOf } from './bgp-tree.ts';

const countsOf = (data: XmlElement): AddressFamily => {
  const accepted = toNumber(textOf(data, 'prefixes-accepted'));
  const denied = toNumber(textOf(data, 'prefixes-denied'));
  return {
    received_prefixes: accepted === null ? null : accepted + (denied ?? 0),
    accepted_prefixes: accepted,
    sent_prefixes: toNumber(textOf(data, 'prefixes-advertised')),
  };
};

/** A session, as the model Cisco-IOS-XR-ipv4-bgp-oper tells it. */
export const peerOf = (neighbor: XmlElement, vrf: VrfTree): BgpPeer => {
  const text = (name: string) => textOf(neighbor, name);
  const number = (name: string) => toNumber(text(name));
  const state = stateOf(neighbor);
  const up = state === 'Established';
  const shut = text('is-administratively-shut-down') === 'true';
  const reset = text('reset-reason')?.replace(/^bgp-/, '') ?? 'none';
  return {
    ...unknownPeer(),
    local_as: toAs(text('local-as')),
    remote_as: toAs(text('remote-as')),
    remote_id: toRouterId(text('router-id')),
    is_up: up,
    is_enabled: !shut,
    description: text('description') ?? '',
    uptime: up ? number('connection-established-time') : null,
    address_family: Object.fromEntries(
      children(neighbor, 'af-data').map((data) => [familyName(textOf(data, 'af-name') ?? ''), countsOf(data)]),
    ),
    state: shut && !up ? 'Idle (Admin)' : state,
    dynamic: text('dynamic-neighbor') === 'true',
    messages_received: number('messages-received'),
    messages_sent: number('messages-sent'),
    hold_seconds: up ? number('hold-time') || vrf.holdSeconds : null,
    keepalive_seconds: up ? number('keep-alive-time') || vrf.keepaliveSeconds : null,
    flaps: number('connection-down-count'),
    last_error: reset === 'none' ? null : reset.replaceAll('-', ' '),
  };
};

/** From NETCONF, model Cisco-IOS-XR-ipv4-bgp-oper: all VRFs in one reply. */
export const bgp: Getter<Bgp> = {
  requests: [requests.bgp],
  parse: (inputs) => {
    const result: Bgp = byName();
    for (const vrf of vrfsOf(replyOf(inputs, requests.bgp))) {
      const entry = vrfOf(result, vrf.name);
      entry.router_id = vrf.routerId;
      for (const neighbor of vrf.neighbors) {
        entry.peers[toAddress(textOf(neighbor, 'neighbor-address') ?? '')] = peerOf(neighbor, vrf);
      }
    }
    return result;
  },
};
