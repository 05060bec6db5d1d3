import type { Inputs, Napalm } from '../../../getters/getter.ts';
import { at, entriesAt, jsonOf, listAt, textAt } from '../../../getters/json.ts';
import { filledFamily, shapeBgp, zerosId } from '../../../getters/napalm/bgp.ts';
import { defaultName, shapeDetail } from '../../../getters/napalm/bgp-detail.ts';
import { filled } from '../../../getters/napalm/filled.ts';
import { pick, toAddress, toNumber } from '../../../getters/values.ts';
import type { Bgp, BgpPeerDetail } from '../../../shapes.ts';
import { bgpAsCounted, details, globalName, summaries } from './bgp.ts';
import { blocksOf } from './bgp-detail.ts';

/** The age is told also of a session that is down; the summary of IPv6 tells the identifier last. */
const withAges = (bgp: Bgp, inputs: Inputs): Bgp => {
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
  return bgp;
};

const multiAgent = 'show running-config | include service routing protocols model multi-agent (text)';

/** What is read otherwise there, and differently in the two models of routing. */
const detailFields = (block: string, agents: boolean) => {
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

/** What NAPALM's eos prints. */
export const napalm: Napalm = {
  bgp: (_result, inputs) =>
    shapeBgp(withAges(bgpAsCounted(inputs), inputs), {
      remoteId: zerosId,
      families: ({ address_family: { ipv4, ipv6 } }) => ({ ipv4: filledFamily(ipv4, 0), ipv6: filledFamily(ipv6, 0) }),
      routerId: '0.0.0.0',
    }),
  'bgp-detail': (result, inputs) => {
    const blocks = blocksOf(inputs);
    const agents = (inputs.get(multiAgent) ?? '').trim() !== '';
    const blockOf = ({ remote_address, routing_table }: BgpPeerDetail) =>
      blocks.find(
        (block) =>
          toAddress(pick(block, /^BGP neighbor is ([^\s,]+)/) ?? '') === remote_address &&
          (pick(block, /, VRF (\S+)/) ?? 'default') === defaultName(routing_table),
      );
    const shape = (peer: BgpPeerDetail) => ({
      ...filled(peer),
      router_id: peer.router_id ?? '0.0.0.0',
      routing_table: defaultName(peer.routing_table),
      flap_count: 0,
      ...detailFields(blockOf(peer) ?? '', agents),
    });
    return shapeDetail(result, shape, defaultName);
  },
};
