import type { AddressFamily, Bgp, BgpPeer, Facts } from '../driver.ts';

const families: Record<string, string> = {
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  'ipv4-mc': 'ipv4 multicast',
  'ipv6-mc': 'ipv6 multicast',
  'vpn4-mpls': 'vpnv4',
  'vpn6-mpls': 'vpnv6',
};

const number = (text: string | undefined): number | null =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : null;

/** Seconds since a moment as BIRD prints it: a time of today, or a date with or without a time. */
const secondsSince = (since: string, now: string): number | null => {
  const at = Date.parse(`${since.includes('-') ? since : `${now.slice(0, 10)} ${since}`}Z`);
  const seconds = (Date.parse(`${now}Z`) - at) / 1000;
  if (!Number.isFinite(seconds)) return null;
  return Math.max(0, Math.round(since.includes('-') || seconds >= 0 ? seconds : seconds + 86_400));
};

const channels = (block: string): Record<string, AddressFamily> =>
  Object.fromEntries(
    block
      .split(/^ {2}Channel /m)
      .slice(1)
      .map((text): [string, AddressFamily] => {
        const name = /^\S+/.exec(text)?.[0] ?? '';
        const routes = /Routes:\s+(\d+) imported,(?: (\d+) filtered,)? (\d+) exported/.exec(text);
        const imported = number(routes?.[1]);
        const up = /State:\s+UP/.test(text) && imported !== null;
        return [
          families[name] ?? name,
          {
            received_prefixes: up ? imported + (number(routes?.[2]) ?? 0) : null,
            accepted_prefixes: up ? imported : null,
            sent_prefixes: up ? number(routes?.[3]) : null,
          },
        ];
      }),
  );

/**
 * Sessions from `show protocols all` (timeformat iso) and `show status`.
 *
 * BIRD knows no VRF in this listing but a protocol's own line `VRF:`; it counts routes, not messages.
 */
export const parseBirdBgp = (protocols: string, status: string): Bgp => {
  const now = /Current server time is (\S+ \S+)/.exec(status)?.[1] ?? '';
  const router_id = /Router ID is (\S+)/.exec(status)?.[1] ?? null;
  const bgp: Bgp = {};
  for (const block of protocols.split(/\n(?=\S)/)) {
    const head = /^(\S+)\s+BGP\s+\S+\s+(\S+)\s+((?:\d{4}-\d\d-\d\d ?)?(?:\d\d:\d\d\S*)?)[ \t]*(.*)$/m.exec(block);
    if (!head) continue;
    const get = (key: string) => new RegExp(`^ +${key}:\\s+(.+?)\\s*$`, 'm').exec(block)?.[1];
    const state = get('BGP state') ?? 'Down';
    const up = state === 'Established';
    const timer = (key: string) => number(/\/(\d+)/.exec(get(key) ?? '')?.[1]);
    const disabled = state === 'Down' && head[2] === 'down' && head[4] === '';
    const peer: BgpPeer = {
      local_as: number(get('Local AS')),
      remote_as: number(get('Neighbor AS')),
      remote_id: get('Neighbor ID') ?? null,
      is_up: up,
      is_enabled: !disabled,
      description: get('Description') ?? '',
      uptime: up ? secondsSince((head[3] ?? '').trim(), now) : null,
      address_family: channels(block),
      state: disabled ? 'Down (disabled)' : state,
      dynamic:
        /dynamic|Neighbor range/i.test(block) && get('Neighbor range') === undefined && /^dyn/.test(head[1] ?? ''),
      messages_received: null,
      messages_sent: null,
      keepalives_received: null,
      hold_seconds: timer('Hold timer'),
      keepalive_seconds: timer('Keepalive timer'),
      flaps: null,
      last_error: get('Last error') ?? null,
    };
    const vrf = get('VRF') ?? 'global';
    bgp[vrf] ??= { router_id, peers: {} };
    const address = get('Neighbor address')?.replace(/%.*$/, '') ?? get('Neighbor range') ?? head[1] ?? '';
    bgp[vrf].peers[address] = peer;
  }
  return bgp;
};

/** What `show status` and `show interfaces` tell. */
export const parseBirdFacts = (status: string, interfaces: string): Facts => {
  const get = (pattern: RegExp) => pattern.exec(status)?.[1] ?? null;
  const now = get(/Current server time is (\S+ \S+)/);
  const reboot = get(/Last reboot on (\S+ \S+)/);
  return {
    hostname: get(/Hostname is (\S+)/),
    fqdn: null,
    vendor: 'CZ.NIC',
    model: 'BIRD',
    os_version: get(/BIRD (?:version )?(\d\S*)/),
    serial_number: null,
    uptime: now && reboot ? secondsSince(reboot, now) : null,
    interface_list: [...interfaces.matchAll(/^(\S+) (?:up|down|unknown)/gm)].map(([, name = '']) => name),
  };
};
