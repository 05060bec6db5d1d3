import type { AddressFamily, Bgp, BgpPeer } from '../driver.ts';

const families: Record<string, string> = {
  'IPv4 Unicast': 'ipv4',
  'IPv6 Unicast': 'ipv6',
  'IPv4 Labeled-unicast': 'ipv4_labeled_unicast',
  'IPv6 Labeled-unicast': 'ipv6_labeled_unicast',
  'VPNv4 Unicast': 'vpnv4',
  'VPNv6 Unicast': 'vpnv6',
  'L2VPN EVPN': 'l2vpn_evpn',
};

const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

/** Seconds of `00:01:02`, `1d02h`, `2w3d`, `1y2w`. */
export const secondsOf = (text: string): number | null => {
  const clock = /^(\d+):(\d\d):(\d\d)$/.exec(text);
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const units: Record<string, number> = { y: 31_536_000, w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };
  const parts = [...text.matchAll(/(\d+)([ywdhms])/g)];
  return parts.length === 0
    ? null
    : parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0);
};

const familyOf = (text: string): [string, AddressFamily] => {
  const name = /^(.+?)\s*$/m.exec(text)?.[1] ?? '';
  const accepted = number(/(\d+) accepted prefixes/.exec(text)?.[1]);
  const denied = number(/prefixes denied: (\d+)/.exec(text)?.[1]);
  return [
    families[name] ?? name.toLowerCase().replace(/\W+/g, '_'),
    {
      received_prefixes: accepted === null ? null : accepted + (denied ?? 0),
      accepted_prefixes: accepted,
      sent_prefixes: number(/Prefix advertised (\d+)/.exec(text)?.[1]),
    },
  ];
};

const peerOf = (block: string): BgpPeer => {
  const pick = (pattern: RegExp): string | undefined => pattern.exec(block)?.[1];
  const state = pick(/BGP state = ([^,\n(]+(?:\([^)]*\))?)/)?.trim() ?? 'Unknown';
  const up = state === 'Established';
  const shut = /Administratively shut ?down/i.test(block);
  const lost = number(pick(/Connections established \d+; dropped (\d+)/));
  const parts = block.split(/^ *For Address Family: /m).slice(1);
  const as = (text: string | undefined): number | null => {
    const [high, low] = (text ?? '').split('.').map(Number);
    return text === undefined ? null : low === undefined ? (high ?? null) : (high ?? 0) * 65_536 + low;
  };
  return {
    local_as: as(pick(/local AS ([\d.]+)/)),
    remote_as: as(pick(/Remote AS ([\d.]+)/)),
    remote_id: pick(/Remote router ID (\S+)/) ?? null,
    is_up: up,
    is_enabled: !shut,
    description: pick(/^\s*Description: (.*?)\s*$/m) ?? '',
    uptime: up ? secondsOf(pick(/BGP state = Established, up for (\S+)/) ?? '') : null,
    address_family: Object.fromEntries(parts.map(familyOf)),
    state: shut ? `${state} (Admin)` : state,
    dynamic: /dynamic neighbor|created dynamically/i.test(block),
    messages_received: number(pick(/^\s*Received (\d+) messages/m)),
    messages_sent: number(pick(/^\s*Sent (\d+) messages/m)),
    keepalives_received: null,
    hold_seconds: number(pick(/Hold time is (\d+)/)),
    keepalive_seconds: number(pick(/keepalive interval is (\d+)/)),
    flaps: lost,
    last_error: pick(/Last reset (?!never).*?due to (.*?)\s*$/m) ?? null,
  };
};

/** Sessions from `show bgp neighbors` and `show bgp vrf all neighbors`; the router id from `show bgp summary`. */
export const parseIosxrBgp = (neighbors: string, vrfNeighbors: string, summary: string): Bgp => {
  const bgp: Bgp = {};
  const router_id = /BGP router identifier (\S+?),/.exec(summary)?.[1] ?? null;
  for (const block of `${neighbors}\n${vrfNeighbors}`.split(/^(?=BGP neighbor is )/m)) {
    const head = /^BGP neighbor is ([0-9A-Fa-f.:]+)(?:,\s*vrf (\S+))?/.exec(block);
    if (!head?.[1]) continue;
    const vrf = head[2] === undefined || head[2] === 'default' ? 'global' : head[2];
    bgp[vrf] ??= { router_id: vrf === 'global' ? router_id : null, peers: {} };
    bgp[vrf].peers[head[1].toLowerCase()] = peerOf(block);
  }
  return bgp;
};
