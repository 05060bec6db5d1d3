import { byName } from '../../../../core/by-name.ts';
import { noCounts, unknownPeer, vrfOf } from '../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { toAddress, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { AddressFamily, Bgp, BgpPeer } from '../../../shapes.ts';
import { child, children, descendants, textOf, type XmlElement } from '../../../xml.ts';
import { instancesOf, option, peersOf, replyOf, vrfName } from './replies.ts';

const families: readonly [RegExp, string][] = [
  [/(?:^|\.)inet\.\d+$/, 'ipv4'],
  [/(?:^|\.)inet6\.\d+$/, 'ipv6'],
  [/^bgp\.l3vpn\.\d+$/, 'vpnv4'],
  [/^bgp\.l3vpn-inet6\.\d+$/, 'vpnv6'],
  [/(?:^|\.)evpn\.\d+$/, 'l2vpn_evpn'],
  [/(?:^|\.)inetflow\.\d+$/, 'flow'],
  [/(?:^|\.)inet6flow\.\d+$/, 'flow6'],
];

/** The family of a RIB, by its name: `inet.0`, `VRF.inet6.0`, `bgp.evpn.0`. */
const familyOf = (rib: string) => families.find(([pattern]) => pattern.test(rib))?.[1] ?? rib.replace(/\.\d+$/, '');

/** An address as Junos prints it, without the port behind `+`. */
export const withoutPort = (text: string | undefined): string => toAddress(text?.split('+')[0] ?? '');

/** Seconds since the session changed its state. */
export const elapsedOf = (inputs: Inputs, instance: string): Map<string, number | null> => {
  const summary = descendants(replyOf(inputs, `get-bgp-summary-information ${instance}`), 'bgp-peer');
  return new Map(
    summary.map((peer) => [
      withoutPort(textOf(peer, 'peer-address')),
      toNumber(child(peer, 'elapsed-time')?.attributes.seconds),
    ]),
  );
};

const countsOf = (rib: XmlElement): AddressFamily => ({
  received_prefixes: toNumber(textOf(rib, 'received-prefix-count')),
  accepted_prefixes: toNumber(textOf(rib, 'accepted-prefix-count')),
  sent_prefixes: toNumber(textOf(rib, 'advertised-prefix-count')), // absent while it is not in sync
});

const sum = (one: number | null, other: number | null) => (one === null ? other : one + (other ?? 0));

/** The RIBs of a session's own families: VRFs that its VPN routes are imported into count them a second time. */
export const ownRibs = (peer: XmlElement): XmlElement[] => {
  const ribs = children(peer, 'bgp-rib');
  const nameOf = (rib: XmlElement) => textOf(rib, 'name') ?? '';
  const carriesVpn = ribs.some((rib) => nameOf(rib).startsWith('bgp.'));
  return ribs.filter((rib) => !carriesVpn || /^(?:bgp\.)?[^.]+\.\d+$/.test(nameOf(rib)));
};

const familiesOf = (peer: XmlElement): Record<string, AddressFamily> => {
  const result: Record<string, AddressFamily> = byName();
  for (const rib of ownRibs(peer)) {
    const family = familyOf(textOf(rib, 'name') ?? '');
    const before = result[family] ?? noCounts;
    const counts = countsOf(rib);
    result[family] = {
      received_prefixes: sum(before.received_prefixes, counts.received_prefixes),
      accepted_prefixes: sum(before.accepted_prefixes, counts.accepted_prefixes),
      sent_prefixes: sum(before.sent_prefixes, counts.sent_prefixes),
    };
  }
  return result;
};

const peerOf = (peer: XmlElement, elapsed: number | null): BgpPeer => {
  const state = textOf(peer, 'peer-state') ?? '';
  const up = state === 'Established';
  const shut = /\bshutdown\b/i.test(option(peer, 'bgp-options-extended') ?? '');
  const lastError = textOf(peer, 'last-error');
  return {
    ...unknownPeer(),
    local_as: toAs(textOf(peer, 'local-as')),
    remote_as: toAs(textOf(peer, 'peer-as')),
    remote_id: toRouterId(textOf(peer, 'peer-id')),
    is_up: up,
    is_enabled: !shut,
    description: textOf(peer, 'description') ?? '',
    uptime: up ? elapsed : null,
    address_family: up ? familiesOf(peer) : {},
    state: shut && !up ? 'Idle (Admin)' : state,
    dynamic: /\bunconfigured\b/i.test(textOf(peer, 'peer-flags') ?? ''),
    messages_received: toNumber(textOf(peer, 'input-messages')),
    messages_sent: toNumber(textOf(peer, 'output-messages')),
    hold_seconds: up ? toNumber(textOf(peer, 'active-holdtime')) : null,
    keepalive_seconds: up ? toNumber(textOf(peer, 'keepalive-interval')) : null,
    flaps: toNumber(textOf(peer, 'flap-count')),
    last_error: lastError === undefined || lastError === 'None' ? null : lastError,
  };
};

/** From the RPCs' XML, one request of each kind for each routing instance. */
export const bgp: Getter<Bgp> = {
  requests: ['get-instance-information'],
  parse: (inputs) => {
    const result: Bgp = byName();
    for (const instance of instancesOf(inputs)) {
      const peers = peersOf(inputs, instance);
      const elapsed = elapsedOf(inputs, instance);
      for (const peer of peers) {
        const address = withoutPort(textOf(peer, 'peer-address'));
        const vrf = vrfOf(result, vrfName(instance));
        vrf.router_id ??= textOf(peer, 'local-id') ?? null;
        vrf.peers[address] = peerOf(peer, elapsed.get(address) ?? null);
      }
    }
    return result;
  },
};
