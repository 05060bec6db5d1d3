import { blocksOf } from '../../drivers/eos/getters/bgp-detail.ts';
import { replyOf, requests, vrfsOf } from '../../drivers/iosxr/getters/bgp-tree.ts';
import { total } from '../../drivers/junos/getters/bgp-detail.ts';
import { instancesOf, peersOf } from '../../drivers/junos/getters/replies.ts';
import type { BgpDetail, BgpPeerDetail } from '../../shapes.ts';
import { child, children, textOf, type XmlElement } from '../../xml.ts';
import type { Inputs } from '../getter.ts';
import { pick, toAddress } from '../values.ts';
import { filled } from './filled.ts';
import { napalmIosDetail } from './ios-detail.ts';

/** The state is as in the model; of several families, each policy is that of the first that has one. */
const iosxrFields = (neighbor: XmlElement | undefined) => {
  const policy = (name: string) =>
    children(neighbor, 'af-data')
      .map((data) => textOf(data, name))
      .find((text) => text !== undefined) ?? '';
  const state = (textOf(neighbor, 'connection-state') ?? '').replace('bgp-st-', '');
  const title = state.replace(/[a-zA-Z]+/g, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase());
  return {
    import_policy: policy('route-policy-in'),
    export_policy: policy('route-policy-out'),
    connection_state: title === 'Estab' ? 'Established' : title,
  };
};

const zerosFor = (address: string) => (address.includes(':') ? '::' : '0.0.0.0');

/** How one platform's driver of NAPALM differs from what the device says. */
const styles: Record<string, (peer: BgpPeerDetail, element: XmlElement | undefined) => Record<string, unknown>> = {
  eos: (peer) => ({
    ...filled(peer),
    router_id: peer.router_id ?? '0.0.0.0',
    routing_table: peer.routing_table === 'global' ? 'default' : peer.routing_table,
    flap_count: 0,
  }),
  iosxr_netconf: (peer, element) => ({
    ...filled(peer),
    ...iosxrFields(element),
    router_id: peer.router_id ?? '0.0.0.0',
    local_address: peer.local_address ?? zerosFor(peer.remote_address),
    routing_table: peer.routing_table === 'global' ? 'default' : peer.routing_table,
    input_messages: 0,
    input_updates: 0,
    output_updates: 0,
  }),
  iosxr: (peer) => ({
    ...filled(peer),
    router_id: peer.router_id ?? '0.0.0.0',
    local_address: peer.local_address ?? zerosFor(peer.remote_address),
    routing_table: peer.routing_table === 'global' ? 'default' : peer.routing_table,
    input_updates: 0,
    output_updates: 0,
  }),
  junos: (peer, element) => {
    // a part under a namespace of its own is not seen there
    const options = child(element, 'bgp-option-information');
    const seen = options !== undefined && options.ns === element?.ns;
    const unseen = {
      multihop: false,
      multipath: false,
      remove_private_as: false,
      import_policy: '',
      export_policy: '',
      configured_holdtime: 0,
    };
    const listed = seen ? (child(options, 'bgp-options')?.text ?? '').split(/\s+/) : [];
    const ribs = children(element, 'bgp-rib'); // all of them, though VRFs count routes a second time
    const counts = ['active', 'received', 'accepted', 'suppressed', 'advertised'].map(
      (which) => [`${which}_prefix_count`, total(ribs, `${which}-prefix-count`) ?? -1] as const,
    );
    return {
      ...filled(peer, -1),
      ...Object.fromEntries(counts),
      ...Object.fromEntries(
        ['holdtime', 'configured_holdtime', 'keepalive', 'flap_count'].map((field) => [
          field,
          peer[field as 'holdtime'] ?? 0,
        ]),
      ),
      ...(seen ? {} : unseen),
      local_address_configured: listed.includes('AddressFamily'),
      configured_keepalive: peer.keepalive ?? 0,
      local_port: peer.local_port ?? 179,
      remote_port: peer.remote_port ?? 179,
      messages_queued_out: peer.messages_queued_out ?? 0,
      suppress_4byte_as: peer.suppress_4byte_as ?? true,
      local_as_prepend: child(element, 'peer-addpath-not-supported') !== undefined,
    };
  },
};

const multiAgent = 'show running-config | include service routing protocols model multi-agent (text)';

/** What is read otherwise there, and differently in the two models of routing. */
const eosFields = (block: string, agents: boolean) => {
  const [, withReason, reason] = /^[ \t]+BGP state is (\S+), (\S+) /m.exec(block) ?? [];
  const state = withReason ?? (agents ? pick(block, /^[ \t]+BGP state is (\S+)$/m) : undefined);
  const local = pick(
    block,
    agents ? /^Local TCP address is ([^\s,]+)/m : /^Local TCP address is (\S+), local port is \d/m,
  );
  const queued = pick(block, agents ? /^[ \t]+Send-Q:\s+(\d+)\//m : /^[ \t]+OutQ depth is (\d+)/m);
  return {
    up: reason === 'up',
    connection_state: state ?? '',
    local_address: local === undefined ? '' : toAddress(local),
    local_address_configured: local !== undefined,
    messages_queued_out: Number(queued ?? 0),
    // a counter of dropped updates is taken for it there
    multihop: /Nexthop matches local IP address: 0*[1-9]/.test(block),
  };
};

/** NAPALM's exact get_bgp_neighbors_detail of a platform. */
export const napalmBgpDetail = (platform: string, result: BgpDetail, inputs: Inputs): unknown => {
  if (platform === 'ios') return napalmIosDetail(inputs);
  const style = styles[platform];
  if (!style) return result;
  const elements = platform === 'junos' ? instancesOf(inputs).flatMap((instance) => peersOf(inputs, instance)) : [];
  const trees = platform === 'iosxr_netconf' ? vrfsOf(replyOf(inputs, requests.bgp)) : [];
  const elementOf = ({ remote_address, remote_port, routing_table }: BgpPeerDetail) =>
    trees
      .filter(({ name }) => name === routing_table)
      .flatMap(({ neighbors }) => neighbors)
      .find((neighbor) => toAddress(textOf(neighbor, 'neighbor-address') ?? '') === remote_address) ??
    elements.find((element) => {
      const [address, port] = child(element, 'peer-address')?.text.trim().split('+') ?? [];
      return address?.toLowerCase() === remote_address && (remote_port === null || port === String(remote_port));
    });
  const blocks = platform === 'eos' ? blocksOf(inputs) : [];
  const blockOf = ({ remote_address, routing_table }: BgpPeerDetail) =>
    blocks.find(
      (block) =>
        toAddress(pick(block, /^BGP neighbor is ([^\s,]+)/) ?? '') === remote_address &&
        (pick(block, /, VRF (\S+)/) ?? 'default') === (routing_table === 'global' ? 'default' : routing_table),
    );
  const agents = platform === 'eos' && (inputs.get(multiAgent) ?? '').trim() !== '';
  const shape = (peer: BgpPeerDetail) => ({
    ...style(peer, elementOf(peer)),
    ...(platform === 'eos' ? eosFields(blockOf(peer) ?? '', agents) : {}),
  });
  const always = platform === 'iosxr_netconf' ? { global: {} } : {};
  return Object.fromEntries(
    Object.entries<BgpDetail[string]>({ ...always, ...result }).map(([vrf, byAs]) => [
      platform === 'eos' && vrf === 'global' ? 'default' : vrf,
      Object.fromEntries(Object.entries(byAs).map(([as, peers]) => [as, peers.map(shape)])),
    ]),
  );
};
