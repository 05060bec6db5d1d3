import type { AddressFamily, Bgp, BgpPeer } from '../../driver.ts';
import { children, textOf } from '../../xml.ts';
import type { Inputs } from '../getter.ts';
import { neighborCommands } from '../ios/bgp.ts';
import { parseNeighbors } from '../ios/neighbors.ts';
import { neighborsOf } from '../iosxr-xml/bgp.ts';
import { elapsedOf, withoutPort } from '../junos/bgp.ts';
import { instancesOf, peersOf, vrfName } from '../junos/replies.ts';
import { bgpFromSummary as nxosSummary } from '../nxos/bgp.ts';
import { bgpFromSummary as nxosSshSummary, parseSections, summaryCommand } from '../nxos-ssh/bgp.ts';
import { pick } from '../values.ts';

type Families = Record<string, AddressFamily>;

/** How one platform's driver of NAPALM differs from what the device says. */
type Style = {
  remoteId: (peer: BgpPeer, address: string) => string;
  families: (peer: BgpPeer, address: string) => Families;
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

const iosNames: Record<string, string> = {
  ipv4: 'ipv4 unicast',
  ipv6: 'ipv6 unicast',
  vpnv4: 'vpnv4 unicast',
  vpnv6: 'vpnv6 unicast',
  ipv4_multicast: 'ipv4 multicast',
  ipv6_multicast: 'ipv6 multicast',
  ipv4_mdt: 'ipv4 mdt',
};

const iosFamilies = ({ address_family, is_up }: BgpPeer): Families =>
  Object.fromEntries(
    Object.entries(address_family).flatMap(([name, family]) => {
      const theirs = iosNames[name];
      if (theirs === undefined) return [];
      return [[theirs, filled({ ...family, received_prefixes: is_up ? family.accepted_prefixes : null }, -1)]];
    }),
  );

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
  ios: { remoteId: zerosId, families: iosFamilies },
  iosxr_netconf: {
    remoteId: zerosId,
    families: ({ address_family }, address) => ({
      [address.includes(':') ? 'ipv6' : 'ipv4']: filled(Object.values(address_family)[0], 0),
    }),
  },
  iosxr: {
    remoteId: zerosId,
    families: ({ address_family }, address) => ({
      [address.includes(':') ? 'ipv6' : 'ipv4']: filled(Object.values(address_family)[0], 0),
    }),
  },
  junos: {
    remoteId: ({ remote_id }) => remote_id ?? '',
    families: ({ address_family }) => address_family,
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

const mapping: Record<string, string> = { inet: 'ipv4', inet6: 'ipv6', inetflow: 'flow' };

/** A session without a description has that of the one before it. */
const iosBgp = (bgp: Bgp, inputs: Inputs): void => {
  let description = '';
  const done = new Set<BgpPeer>();
  for (const command of Object.values(neighborCommands)) {
    for (const { vrf, address, session } of parseNeighbors(inputs.get(command) ?? '')) {
      description = pick(session, /^\s+Description: (.+)/m) ?? description;
      const peer = bgp[vrf]?.peers[address];
      if (peer && !done.has(peer)) peer.description = description;
      if (peer) done.add(peer);
    }
  }
};

/** Only RIBs named plainly for the instance count; the age is told also of a session that is down. */
const junosBgp = (bgp: Bgp, inputs: Inputs): void => {
  for (const instance of instancesOf(inputs)) {
    const elapsed = elapsedOf(inputs, instance);
    for (const element of peersOf(inputs, instance)) {
      const address = withoutPort(textOf(element, 'peer-address'));
      const peer = bgp[vrfName(instance)]?.peers[address];
      if (!peer) continue;
      const none = { received_prefixes: -1, accepted_prefixes: -1, sent_prefixes: -1 };
      peer.uptime = elapsed.get(address) ?? 0;
      peer.address_family = { ipv4: none, ipv6: none };
      for (const rib of peer.is_up ? children(element, 'bgp-rib') : []) {
        const name = textOf(rib, 'name') ?? '';
        const table = instance === 'master' ? name.slice(0, name.lastIndexOf('.')) : (name.split('.').at(-2) ?? '');
        const family = mapping[table];
        const count = (what: string) => Number(textOf(rib, what) ?? 0);
        if (family === undefined) continue;
        peer.address_family[family] = {
          received_prefixes: count('received-prefix-count'),
          accepted_prefixes: count('accepted-prefix-count'),
          sent_prefixes: count('advertised-prefix-count'),
        };
      }
    }
  }
};

/** Whether a session is enabled is read from another leaf there. */
const iosxrBgp = (bgp: Bgp, inputs: Inputs): void => {
  for (const { vrf, address, element } of neighborsOf(inputs)) {
    const peer = bgp[vrf]?.peers[address];
    if (peer) peer.is_enabled = textOf(element, 'connection-admin-status') === '1';
  }
};

/** The last family of a VRF in the summary replaces those before it. */
const nxosSshBgp = (bgp: Bgp, inputs: Inputs): void => {
  for (const { vrf, family, peers } of parseSections(inputs.get(summaryCommand) ?? '')) {
    const addresses = new Set(peers.map(([address]) => address));
    const entry = bgp[vrf];
    if (!entry) continue;
    const last = parseSections(inputs.get(summaryCommand) ?? '').findLast((section) => section.vrf === vrf);
    if (last?.family !== family) continue;
    entry.peers = Object.fromEntries(Object.entries(entry.peers).filter(([address]) => addresses.has(address)));
    for (const peer of Object.values(entry.peers)) {
      peer.address_family = { [family]: peer.address_family[family] ?? filled(undefined, -1) };
    }
  }
};

/** Where only the summary is read there, and what we ask for besides would be too much. */
const summaries: Record<string, (inputs: Inputs) => Bgp> = { nxos: nxosSummary, nxos_ssh: nxosSshSummary };

/** NAPALM's exact get_bgp_neighbors of a platform. */
export const napalmBgp = (platform: string, result: Bgp, inputs: Inputs): unknown => {
  const style = styles[platform];
  if (!style) return result;
  const bgp = summaries[platform]?.(inputs) ?? structuredClone(result);
  if (platform === 'ios') iosBgp(bgp, inputs);
  if (platform === 'junos') junosBgp(bgp, inputs);
  if (platform === 'iosxr') iosxrBgp(bgp, inputs);
  if (platform === 'nxos_ssh') nxosSshBgp(bgp, inputs);
  const vrfs = Object.entries(bgp).filter(([, { peers }]) => !style.dropsEmpty || Object.keys(peers).length > 0);
  return Object.fromEntries(
    vrfs.map(([vrf, { router_id, peers }]) => {
      const shaped = Object.entries(peers).flatMap(([address, peer]) => {
        const families = style.families(peer, address);
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
              uptime: (style.uptime ? style.uptime(peer) : peer.uptime) ?? -1,
              address_family: families,
            },
          ],
        ];
      });
      return [
        vrf,
        { router_id: router_id ?? (platform === 'eos' ? '0.0.0.0' : ''), peers: Object.fromEntries(shaped) },
      ];
    }),
  );
};
