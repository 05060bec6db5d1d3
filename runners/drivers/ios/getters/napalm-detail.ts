import { byName } from '../../../../core/by-name.ts';
import type { Inputs } from '../../../getters/getter.ts';
import { filled } from '../../../getters/napalm/filled.ts';
import { detailOf, sessionsOf } from './bgp-detail.ts';

type Part = Readonly<Record<string, string | undefined>>;

const lines: readonly RegExp[] = [
  /^\s*For address family: (?<family>.*)/,
  /^\s+Session: (?<session>\S+)/,
  /^\s+Route map for incoming advertisements is (?<policyIn>\S+)/,
  /^\s+Route map for outgoing advertisements is (?<policyOut>\S+)/,
  /^\s+Prefixes Current:\s+(?<sent>\d+)\s+(?<accepted>\d+)/,
  /^\s+(?:Prefixes Total|Implicit Withdraw|Explicit Withdraw):\s+\d+\s+(?<other>\d+)/,
  /^\s+Used as bestpath:\s+\S+\s+(?<best>\d+)/,
  /^\s+Used as multipath:\s+\S+\s+(?<multi>\d+)/,
  /^\s+Total:\s+\d+\s+(?<denied>\d+)/,
  /^\s+Connections established\s+\d+;\s+dropped\s+(?<flaps>\d+)/,
  /^\s+Last reset (?<reset>.*)/,
  /^\s+Interface associated: \S+ \((?<link>peering address in same link)\)/,
];

/** What the lines say, part by part: a part ends where a family begins, and with the connection. */
const partsOf = (text: string): Part[] => {
  const parts: Part[] = [];
  let part: Part = {};
  const end = () => {
    if (Object.keys(part).length > 0) parts.push(part);
    part = {};
  };
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*For address family:|^Connection state is/.test(line)) end();
    part = { ...part, ...lines.map((pattern) => pattern.exec(line)?.groups).find((groups) => groups) };
  }
  end();
  return parts;
};

/** What is told of the first family counts, if there is anything before it; else nothing but its policies. */
const familyFields = (text: string): Record<string, unknown> => {
  const [first = {}, second] = partsOf(text);
  const policies = (part: Part) => ({ import_policy: part.policyIn ?? '', export_policy: part.policyOut ?? '' });
  const counts = second ?? {};
  const count = (name: string) => Number(counts[name] ?? 0);
  return {
    ...policies(second ?? first),
    local_address_configured: counts.link !== undefined,
    multipath: second !== undefined && second.multi !== '0',
    last_event: counts.reset === 'never' ? '' : (counts.reset ?? ''),
    active_prefix_count: count('best'),
    received_prefix_count: count('accepted') + count('denied'),
    accepted_prefix_count: count('accepted'),
    suppressed_prefix_count: count('denied'),
    advertised_prefix_count: count('sent'),
    flap_count: count('flaps'),
  };
};

/** NAPALM's get_bgp_neighbors_detail of IOS. */
export const napalmIosDetail = (inputs: Inputs): unknown => {
  const result: Record<string, Record<string, unknown[]>> = byName();
  for (const { row, text } of sessionsOf(inputs)) {
    const peer = detailOf(row, text);
    const vrf = result[peer.routing_table ?? 'global'] ?? {};
    result[peer.routing_table ?? 'global'] = vrf;
    const key = String(peer.remote_as ?? 0);
    // a session that was up once is taken for one that is
    const up = row.upDown !== 'never';
    const fields = { up, router_id: peer.router_id ?? '0.0.0.0', multihop: false, ...familyFields(text) };
    vrf[key] = [...(vrf[key] ?? []), { ...filled(peer), ...fields }];
  }
  return result;
};
