import { byName } from '../../../../core/by-name.ts';
import { addDetail, unknownDetail } from '../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { at, entriesAt, jsonOf } from '../../../getters/json.ts';
import { pick, toAddress, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { BgpDetail, BgpPeerDetail } from '../../../shapes.ts';

const text = (command: string) => `${command} (text)`;
const families = [
  { detail: text('show ip bgp neighbors vrf all'), summary: 'show ip bgp summary vrf all' },
  { detail: text('show ipv6 bgp peers vrf all'), summary: 'show ipv6 bgp summary vrf all' },
];

/** The two numbers of a row of the statistics, sent first. */
const statistics = (block: string, name: string): [number | null, number | null] => {
  const [, sent, received] = new RegExp(`^\\s+${name}:\\s+(\\d+)\\s+(\\d+)`, 'm').exec(block) ?? [];
  return [toNumber(sent), toNumber(received)];
};

const sum = (first: number | null, second: number | null) =>
  first === null && second === null ? null : (first ?? 0) + (second ?? 0);

const detailOf = (block: string): BgpPeerDetail & { vrf: string } => {
  const number = (pattern: RegExp) => toNumber(pick(block, pattern));
  const word = (pattern: RegExp) => pick(block, pattern) ?? null;
  const [outputMessages, inputMessages] = statistics(block, 'Total messages');
  const [outputUpdates, inputUpdates] = statistics(block, 'Updates');
  const [sent4, received4] = statistics(block, 'IPv4 Unicast');
  const [sent6, received6] = statistics(block, 'IPv6 Unicast');
  const localAddress = word(/^Local TCP address is ([^\s,]+)/m);
  const vrf = word(/VRF (\S+)\s*$/m) ?? 'default';
  const up = /^[ \t]+BGP state is \S+, up\b/m.test(block);
  const established = number(/^[ \t]+Number of transitions to established: (\d+)/m);
  return {
    ...unknownDetail(toAddress(pick(block, /^BGP neighbor is ([^\s,]+)/) ?? '')),
    vrf,
    up,
    local_as: toAs(word(/^Local AS is ([\d.]+)/m)),
    remote_as: toAs(word(/remote AS ([\d.]+)/)),
    router_id: toRouterId(word(/remote router ID ([^\s,]+)/)),
    local_address: localAddress === null ? null : toAddress(localAddress),
    routing_table: vrf === 'default' ? 'global' : vrf,
    local_address_configured: localAddress !== null,
    local_port: number(/local port is (\d+)/),
    remote_port: number(/remote port is (\d+)/),
    multihop: /^[ \t]+External BGP neighbor may be up to/m.test(block),
    import_policy: word(/^[ \t]+Inbound route map is (\S+)/m),
    export_policy: word(/^[ \t]+Outbound route map is (\S+)/m),
    input_messages: inputMessages,
    output_messages: outputMessages,
    input_updates: inputUpdates,
    output_updates: outputUpdates,
    messages_queued_out: number(/^[ \t]+OutQ depth is (\d+)/m) ?? number(/^[ \t]+Send-Q:\s+(\d+)\//m),
    connection_state: word(/^[ \t]+BGP state is ([^\s,]+)/m),
    previous_connection_state: word(/^[ \t]+Last state was (\S+)/m),
    last_event: word(/^[ \t]+Last event was (\S+)/m),
    holdtime: up ? number(/^[ \t]+Hold time is (\d+)/m) : null,
    keepalive: up ? number(/^[ \t]+Hold time is \d+, keepalive interval is (\d+)/m) : null,
    configured_holdtime: number(/^[ \t]+Configured hold time is (\d+)/m),
    configured_keepalive: number(/^[ \t]+Configured hold time is \d+, keepalive interval is (\d+)/m),
    received_prefix_count: sum(received4, received6),
    advertised_prefix_count: sum(sent4, sent6),
    flap_count: established === null ? null : Math.max(0, established - (up ? 1 : 0)),
  };
};

const acceptedOf = (inputs: Inputs, summary: string, vrf: string, address: string): number | null => {
  const [, value] = entriesAt(jsonOf(inputs, summary), 'vrfs').find(([name]) => name === vrf) ?? [];
  const [, row] = entriesAt(value, 'peers').find(([name]) => toAddress(name) === address) ?? [];
  return toNumber(at(row, 'prefixAccepted'));
};

/** The text of each session, IPv4 first. */
export const blocksOf = (inputs: Inputs): string[] => families.flatMap(({ detail }) => sessionsOf(inputs, detail));

const sessionsOf = (inputs: Inputs, request: string): string[] =>
  (inputs.get(request) ?? '').split(/^(?=BGP neighbor is )/m).filter((block) => block.startsWith('BGP neighbor is '));

/** From the text of eAPI, which tells policies and ports that its JSON leaves out. */
export const bgpDetail: Getter<BgpDetail> = {
  requests: families.flatMap(({ detail, summary }) => [detail, summary]),
  parse: (inputs) => {
    const result: BgpDetail = byName();
    for (const { detail, summary } of families) {
      for (const block of sessionsOf(inputs, detail)) {
        const { vrf, ...peer } = detailOf(block);
        if (peer.up) peer.accepted_prefix_count = acceptedOf(inputs, summary, vrf, peer.remote_address);
        addDetail(result, peer);
      }
    }
    return result;
  },
};
