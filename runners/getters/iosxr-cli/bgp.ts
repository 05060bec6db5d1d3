import type { AddressFamily, Bgp, BgpPeer } from '../../driver.ts';
import { unknownPeer, vrfOf } from '../bgp-shape.ts';
import type { Getter } from '../getter.ts';
import { pick, toAddress, toAs, toNumber, toRouterId, toSeconds } from '../values.ts';

const summaries = ['show bgp summary', 'show bgp vrf all summary'];
const neighbors = ['show bgp neighbors', 'show bgp vrf all neighbors'];

const families: Record<string, string> = {
  'ipv4 unicast': 'ipv4',
  'ipv6 unicast': 'ipv6',
  'vpnv4 unicast': 'vpnv4',
  'vpnv6 unicast': 'vpnv6',
  'l2vpn evpn': 'l2vpn_evpn',
};

const familiesOf = (parts: readonly string[]): Record<string, AddressFamily> =>
  Object.fromEntries(
    parts.map((part) => {
      const name = (pick(part, /For Address Family: (.+)/i) ?? '').toLowerCase();
      const accepted = toNumber(pick(part, /(\d+) accepted prefixes/));
      const denied = toNumber(pick(part, /prefixes denied: (\d+)/i));
      return [
        families[name] ?? name.replace(/\W+/g, '_'),
        {
          received_prefixes: accepted === null ? null : accepted + (denied ?? 0),
          accepted_prefixes: accepted,
          sent_prefixes: toNumber(pick(part, /Prefix advertised (\d+)/)),
        },
      ];
    }),
  );

const peerOf = (block: string): BgpPeer => {
  const [session = '', ...parts] = block.split(/^(?=[ \t]*For Address Family: )/im);
  const [, state = '', since = ''] = /BGP state = ([^,\n]+?)(?:, up for (\S+))?\s*$/m.exec(session) ?? [];
  const up = state === 'Established';
  const shut = /^\s*Administratively shut/im.test(session) || /shut\s*down|\(Admin\)/i.test(state);
  return {
    ...unknownPeer(),
    local_as: toAs(pick(session, /local AS ([\d.]+)/)),
    remote_as: toAs(pick(session, /Remote AS ([\d.]+)/i)),
    remote_id: toRouterId(pick(session, /Remote router ID ([\d.]+)/i)),
    is_up: up,
    is_enabled: !shut,
    description: pick(session, /^\s+Description: (.+)/m) ?? '',
    uptime: up ? toSeconds(since) : null,
    address_family: familiesOf(parts),
    state: shut && !up ? 'Idle (Admin)' : state,
    dynamic: /dynamic neighbor/i.test(session),
    messages_received: toNumber(pick(session, /Received (\d+) messages/)),
    messages_sent: toNumber(pick(session, /Sent (\d+) messages/)),
    hold_seconds: up ? toNumber(pick(session, /Hold time is (\d+)/)) : null,
    keepalive_seconds: up ? toNumber(pick(session, /keepalive interval is (\d+)/)) : null,
    flaps: toNumber(pick(block, /Connections established \d+; dropped (\d+)/)),
    last_error: pick(block, /^\s*Last reset [^,\n]+, due to (.+)/m) ?? null,
  };
};

/** From the CLI's text: the sessions of the default VRF and of all others, with their families. */
export const bgp: Getter<Bgp> = {
  requests: [...summaries, ...neighbors],
  parse: (inputs) => {
    const result: Bgp = {};
    for (const request of neighbors) {
      for (const block of (inputs.get(request) ?? '').split(/^(?=BGP neighbor is )/m)) {
        const [, address, name = 'global'] = /^BGP neighbor is ([0-9A-Fa-f:.]+)(?:,\s+vrf (\S+))?/.exec(block) ?? [];
        if (address !== undefined)
          vrfOf(result, name === 'default' ? 'global' : name).peers[toAddress(address)] = peerOf(block);
      }
    }
    for (const request of summaries) {
      let name = 'global';
      for (const line of (inputs.get(request) ?? '').split(/\r?\n/)) {
        name = /^VRF: (\S+)/.exec(line)?.[1] ?? name;
        const id = /BGP router identifier ([\d.]+)/.exec(line)?.[1];
        if (id !== undefined && result[name]) vrfOf(result, name).router_id = id;
      }
    }
    return result;
  },
};
