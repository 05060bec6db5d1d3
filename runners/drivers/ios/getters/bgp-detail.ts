import { byName, named } from '../../../../core/by-name.ts';
import { addDetail, unknownDetail } from '../../../getters/bgp-shape.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { pick, toAddress, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { BgpDetail, BgpPeerDetail } from '../../../shapes.ts';
import { parseNeighbors, twoNumbers } from './neighbors.ts';
import { parseSummary, type SummaryRow } from './summary.ts';

const summaryCommand = 'show ip bgp all sum';

/** Address family → what stands for it in the command. */
const families: Record<string, string> = {
  'ipv4 unicast': 'ipv4 unicast',
  'ipv6 unicast': 'ipv6 unicast',
  'vpnv4 unicast': 'vpnv4 all',
  'vpnv6 unicast': 'vpnv6 unicast all',
  'ipv4 multicast': 'ipv4 multicast',
  'ipv6 multicast': 'ipv6 multicast',
};

/** The details of a session, from its row in the summary and what was printed of it. */
export const detailOf = (row: SummaryRow, text: string): BgpPeerDetail => {
  const neighbor = parseNeighbors(text)[0];
  const session = neighbor?.session ?? text;
  const part = neighbor?.part ?? '';
  const [outputMessages, inputMessages] = twoNumbers(session, 'Total');
  const [outputUpdates, inputUpdates] = twoNumbers(session, 'Updates');
  const [advertised, accepted] = twoNumbers(part, 'Prefixes Current');
  const [, denied] = twoNumbers(part.slice(part.search(/Local Policy Denied Prefixes/) >>> 0), 'Total');
  const multipaths = twoNumbers(part, 'Used as multipath')[1];
  const localAddress = pick(text, /^Local host: ([^\s,]+)/m);
  const fourByte = pick(session, /^[ \t]+Four-octets ASN Capability:\s+(.+)/m);
  const lastReset = pick(text, /^[ \t]+Last reset (.+)/m);
  const state = pick(session, /BGP state = (\w+)/) ?? null;
  const up = state === 'Established';
  const whileUp = (count: number | null) => (up ? count : null);
  return {
    ...unknownDetail(toAddress(pick(text, /^BGP neighbor is \*?([0-9A-Fa-f:.]+)/m) ?? row.address)),
    up,
    local_as: toAs(row.localAs),
    remote_as: toAs(row.remoteAs),
    router_id: toRouterId(pick(session, /remote router ID ([\d.]+)/)),
    local_address: localAddress === undefined ? null : toAddress(localAddress),
    routing_table: neighbor?.vrf ?? pick(text, /^BGP neighbor is [^\n]*\bvrf (\S+?),/m) ?? 'global',
    local_address_configured: /\(peering address in same link\)/.test(text),
    local_port: toNumber(pick(text, /Local port: (\d+)/)),
    remote_port: toNumber(pick(text, /Foreign port: (\d+)/)),
    multihop: /External BGP neighbor may be up to \d+ hops? away/.test(text),
    multipath: multipaths === null ? null : multipaths > 0,
    import_policy: pick(part, /Route map for incoming advertisements is (\S+)/) ?? null,
    export_policy: pick(part, /Route map for outgoing advertisements is (\S+)/) ?? null,
    input_messages: inputMessages,
    output_messages: outputMessages,
    input_updates: inputUpdates,
    output_updates: outputUpdates,
    messages_queued_out: toNumber(row.outQueue),
    connection_state: state,
    last_event: lastReset === undefined || lastReset === 'never' ? null : lastReset,
    suppress_4byte_as: fourByte === undefined ? null : fourByte !== 'advertised and received',
    holdtime: toNumber(pick(session, /last write [^,\n]{1,100}, hold time is (\d+)/)),
    keepalive: toNumber(pick(session, /last write [^,\n]{1,100}, hold time is \d+, keepalive interval is (\d+)/)),
    active_prefix_count: whileUp(twoNumbers(part, 'Used as bestpath')[1]),
    received_prefix_count: whileUp(accepted === null ? null : accepted + (denied ?? 0)),
    accepted_prefix_count: whileUp(accepted),
    suppressed_prefix_count: whileUp(denied),
    advertised_prefix_count: whileUp(advertised),
    flap_count: toNumber(pick(text, /Connections established \d+; dropped (\d+)/)),
  };
};

/** Each row of the summary with what was printed of its session; those that were not asked for are left out. */
export const sessionsOf = (inputs: Inputs): { row: SummaryRow; text: string }[] =>
  parseSummary(inputs.get(summaryCommand) ?? '').flatMap((row) => {
    const family = named(families, row.family);
    const text = family === undefined ? undefined : inputs.get(`show ip bgp ${family} neigh ${row.address}`);
    return text === undefined ? [] : [{ row, text }];
  });

/** From the summary, and one command for each session. */
export const bgpDetail: Getter<BgpDetail> = {
  requests: [summaryCommand],
  parse: (inputs) => {
    const result: BgpDetail = byName();
    for (const { row, text } of sessionsOf(inputs)) addDetail(result, detailOf(row, text));
    return result;
  },
};
