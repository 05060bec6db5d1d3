import { bgpAsCounted, details, globalName, summaries } from '../../drivers/eos/getters/bgp.ts';
import { replyOf as iosxrReply, requests as iosxrRequests, vrfsOf } from '../../drivers/iosxr/getters/bgp-tree.ts';
import { neighborsOf } from '../../drivers/iosxr/getters/xml/bgp.ts';
import { bgpFromSummary as nxosSummary } from '../../drivers/nxos/getters/bgp.ts';
import type { AddressFamily, Bgp, BgpPeer } from '../../shapes.ts';
import { textOf } from '../../xml.ts';
import type { Inputs } from '../getter.ts';
import { at, entriesAt, jsonOf, listAt, textAt } from '../json.ts';
import { toAddress, toNumber } from '../values.ts';
import { napalmIosBgp } from './ios-bgp.ts';
import { junosBgp, onlyInSummary } from './junos-bgp.ts';
import { nxosSshBgp } from './nxos-ssh.ts';

type Families = Record<string, AddressFamily>;

/** How one platform's driver of NAPALM differs from what the device says. */
type Style = {
  remoteId: (peer: BgpPeer, address: string) => string;
  families: (peer: BgpPeer) => Families;
  uptime?: (peer: BgpPeer) => number | null;
  isUp?: (peer: BgpPeer) => boolean;
  /** A VRF without sessions is left out. */
  dropsEmpty?: boolean;
};

const filled = (family: AddressFamily | undefined, empty: number): AddressFamily => ({
  received_prefixes: family?.received_prefixes ?? empty,
  accepted_prefixes: family?.accepted_prefixes ?? empty,
  sent_prefixes: family?.sent_prefixes ?? empty,
});

const zerosId = ({ remote_id }: BgpPeer) => remote_id ?? '0.0.0.0';

/** The last family that was seen replaces those before it, and only what is received is counted. */
const lastFamily = ({ address_family }: BgpPeer): Families => {
  const [name, family] = Object.entries(address_family).at(-1) ?? ['ipv4', undefined];
  return { [name === 'l2vpn_evpn' ? 'l2vpn' : name]: filled(family, -1) };
};

const styles: Record<string, Style> = {
  eos: {
    remoteId: zerosId,
    families: ({ address_family: { ipv4, ipv6 } }) => ({ ipv4: filled(ipv4, 0), ipv6: filled(ipv6, 0) }),
  },
  iosxr_netconf: { remoteId: zerosId, families: ({ address_family }) => address_family },
  iosxr: {
    remoteId: zerosId,
    families: ({ address_family }) => address_family,
  },
  junos: {
    remoteId: ({ remote_id }) => remote_id ?? '',
    families: ({ address_family }) => address_family,
    uptime: ({ uptime }) => uptime,
    dropsEmpty: true,
  },
  nxos: {
    remoteId: (_, address) => address,
    families: lastFamily,
    uptime: () => -1,
    isUp: ({ is_up, state }) => is_up || state === 'Closing',
  },
  nxos_ssh: { remoteId: () => '0.0.0.0', families: lastFamily },
};

/** The age is told also of a session that is down; the summary of IPv6 tells the identifier last. */
const eosBgp = (bgp: Bgp, inputs: Inputs): void => {
  for (const request of details) {
    for (const [vrf, value] of entriesAt(jsonOf(inputs, request), 'vrfs')) {
      for (const row of listAt(value, 'peerList')) {
        const peer = bgp[globalName(vrf)]?.peers[toAddress(textAt(row, 'peerAddress') ?? '')];
        if (peer) peer.uptime = toNumber(at(row, 'establishedTime'));
      }
    }
  }
  for (const request of [summaries.ipv4, summaries.ipv6]) {
    for (const [vrf, value] of entriesAt(jsonOf(inputs, request), 'vrfs')) {
      const entry = bgp[globalName(vrf)];
      if (entry) entry.router_id = textAt(value, 'routerId') ?? entry.router_id;
    }
  }
};

/** The counts of the first family are given to that of the transport; the default VRF is always there. */
const iosxrNetconfBgp = (bgp: Bgp, inputs: Inputs): Bgp => {
  for (const { name, neighbors } of vrfsOf(iosxrReply(inputs, iosxrRequests.bgp))) {
    for (const neighbor of neighbors) {
      const address = toAddress(textOf(neighbor, 'neighbor-address') ?? '');
      const peer = bgp[name]?.peers[address];
      const family = textOf(neighbor, 'connection-remote-address', 'afi') ?? '';
      if (peer) peer.address_family = { [family]: filled(Object.values(peer.address_family)[0], 0) };
    }
  }
  return { global: { router_id: null, peers: {} }, ...bgp };
};

const afis: Record<string, string> = { IPv4: 'ipv4', IPv6: 'ipv6' };

/** Whether a session is enabled is read from another leaf; the first family's counts are the transport's. */
const iosxrBgp = (bgp: Bgp, inputs: Inputs): void => {
  for (const { vrf, address, element } of neighborsOf(inputs)) {
    const peer = bgp[vrf]?.peers[address];
    if (!peer) continue;
    peer.is_enabled = textOf(element, 'connection-admin-status') === '1';
    const afi = textOf(element, 'connection-remote-address', 'afi')?.trim() ?? '';
    peer.address_family = { [afis[afi] ?? afi]: filled(Object.values(peer.address_family)[0], 0) };
  }
};

/** Where only a part of what we ask for is read there, or zeros count. */
const plain: Record<string, (inputs: Inputs) => Bgp> = {
  eos: bgpAsCounted,
  nxos: (inputs) => nxosSummary(inputs, 'last'),
  nxos_ssh: nxosSshBgp,
};

/** NAPALM's exact get_bgp_neighbors of a platform. */
export const napalmBgp = (platform: string, result: Bgp, inputs: Inputs): unknown => {
  if (platform === 'ios') return napalmIosBgp(inputs);
  const style = styles[platform];
  if (!style) return result;
  let bgp = plain[platform]?.(inputs) ?? structuredClone(result);
  if (platform === 'eos') eosBgp(bgp, inputs);
  if (platform === 'iosxr_netconf') bgp = iosxrNetconfBgp(bgp, inputs);
  if (platform === 'junos') junosBgp(bgp, inputs);
  if (platform === 'iosxr') iosxrBgp(bgp, inputs);
  const vrfs = Object.entries(bgp).filter(([, { peers }]) => !style.dropsEmpty || Object.keys(peers).length > 0);
  const others = platform === 'junos' ? onlyInSummary(inputs) : {};
  return Object.fromEntries(
    vrfs.map(([vrf, { router_id, peers }]) => {
      const shaped = Object.entries(peers).flatMap(([address, peer]) => {
        const families = style.families(peer);
        if (Object.keys(families).length === 0) return [];
        const { local_as, remote_as, is_enabled, description } = peer;
        return [
          [
            address,
            {
              local_as: local_as ?? -1,
              remote_as: remote_as ?? -1,
              remote_id: style.remoteId(peer, address),
              is_up: style.isUp?.(peer) ?? peer.is_up,
              is_enabled,
              description,
              uptime: style.uptime ? style.uptime(peer) : (peer.uptime ?? -1),
              address_family: families,
            },
          ],
        ];
      });
      return [
        vrf,
        {
          router_id: router_id ?? (platform === 'eos' ? '0.0.0.0' : ''),
          peers: { ...Object.fromEntries(shaped), ...others[vrf] },
        },
      ];
    }),
  );
};
