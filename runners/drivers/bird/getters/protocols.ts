import { named } from '../../../../core/by-name.ts';
import { toAddress, toNumber } from '../../../getters/values.ts';
import type { AddressFamily } from '../../../shapes.ts';

/** A BGP protocol of `show protocols all`. */
export type Protocol = {
  name: string;
  /** `up`, `start`, `down`, as the first line has it. */
  state: string;
  since: string;
  info: string;
  vrf: string;
  /** Undefined: it only listens for peers of `range`. */
  address: string | undefined;
  range: string | undefined;
  channels: readonly Channel[];
  /** The value behind `KEY:`. */
  get(key: string): string | undefined;
};

/** One address family of a protocol. */
export type Channel = { family: string; counts: AddressFamily; get(key: string): string | undefined };

const families: Record<string, string> = {
  'ipv4-mc': 'ipv4_multicast',
  'ipv6-mc': 'ipv6_multicast',
  'ipv4-mpls': 'ipv4_labeled_unicast',
  'ipv6-mpls': 'ipv6_labeled_unicast',
  'vpn4-mpls': 'vpnv4',
  'vpn6-mpls': 'vpnv6',
  flow4: 'ipv4_flowspec',
  flow6: 'ipv6_flowspec',
  evpn: 'l2vpn_evpn',
};

const valueIn = (text: string) => (key: string) => new RegExp(`^ +${key}:[ \\t]+(\\S.*?)\\s*$`, 'm').exec(text)?.[1];

const channelOf = (text: string): Channel => {
  const get = valueIn(text);
  const name = /^\S+/.exec(text)?.[0] ?? '';
  const routes = get('Routes') ?? '';
  const count = (what: string) => toNumber(new RegExp(`(\\d+) ${what}`).exec(routes)?.[1]);
  const up = get('State') === 'UP';
  const imported = up ? count('imported') : null;
  // without `import keep filtered` BIRD forgets what it filtered
  const filtered = count('filtered') ?? (get('Input filter') === 'ACCEPT' ? 0 : null);
  return {
    family: named(families, name) ?? name,
    counts: {
      received_prefixes: imported === null || filtered === null ? null : imported + filtered,
      accepted_prefixes: imported,
      sent_prefixes: up ? count('exported') : null,
    },
    get,
  };
};

/** The BGP protocols in what `show protocols all` prints. */
export const protocolsOf = (text: string): Protocol[] =>
  text.split(/\n(?=\S)/).flatMap((block) => {
    const head = /^(\S+)\s+BGP\s+\S+\s+(\S+)\s+((?:\d{4}-\d\d-\d\d ?)?(?:\d\d:\d\d\S*)?)[ \t]*(.*)$/m.exec(block);
    if (!head) return [];
    const [, name = '', state = '', since = '', info = ''] = head;
    const [session = '', ...channels] = block.split(/^ {2}Channel /m);
    const get = valueIn(session);
    const address = get('Neighbor address');
    return [
      {
        name,
        state,
        since: since.trim(),
        info: info.trim(),
        vrf: get('VRF') ?? 'global',
        address: address === undefined ? undefined : toAddress(address),
        range: get('Neighbor range'),
        channels: channels.map(channelOf),
        get,
      },
    ];
  });
