import { BlockList, isIPv6 } from 'node:net';
import { byName } from '../../../../core/by-name.ts';
import { unknownPeer, vrfOf } from '../../../getters/bgp-shape.ts';
import type { Getter } from '../../../getters/getter.ts';
import { pick, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { Bgp, BgpPeer } from '../../../shapes.ts';
import { type Protocol, protocolsOf } from './protocols.ts';
import { secondsSince } from './time.ts';

/** The command that tells everything of all protocols. */
export const protocolsCommand = 'show protocols all';

/** The command that tells of the daemon. */
export const statusCommand = 'show status';

/** Somebody disabled it: it is down, and nothing went wrong. */
export const isDisabled = ({ state, info, get }: Protocol): boolean =>
  state === 'down' && info === '' && (get('BGP state') ?? 'Down') === 'Down';

/** What stands behind the slash: `4.948/9` is 9 seconds. */
export const timerOf = ({ get }: Protocol, name: string): number | null =>
  toNumber(pick(get(`${name} timer`) ?? '', /\/(\d+)/));

const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Whether an address is in the range that some protocol listens for. */
const comesFrom = (listeners: readonly Protocol[], { vrf, address = '' }: Protocol): boolean =>
  listeners.some((listener) => {
    const [net = '', length] = listener.range?.split('/') ?? [];
    if (listener.vrf !== vrf || length === undefined) return false;
    const list = new BlockList();
    list.addSubnet(net, Number(length), family(net));
    return list.check(address.split('%')[0] ?? '', family(address.split('%')[0] ?? ''));
  });

const peerOf = (protocol: Protocol, now: string, listeners: readonly Protocol[]): BgpPeer => {
  const { get } = protocol;
  const state = get('BGP state') ?? 'Down';
  const up = state === 'Established';
  const disabled = isDisabled(protocol);
  return {
    ...unknownPeer(),
    local_as: toAs(get('Local AS')),
    remote_as: toAs(get('Neighbor AS')),
    remote_id: toRouterId(get('Neighbor ID')),
    is_up: up,
    is_enabled: !disabled,
    description: get('Description') ?? '',
    uptime: up ? secondsSince(protocol.since, now) : null,
    address_family: Object.fromEntries(protocol.channels.map((channel) => [channel.family, channel.counts])),
    state: disabled ? 'Down (disabled)' : state,
    dynamic: comesFrom(listeners, protocol),
    hold_seconds: up ? timerOf(protocol, 'Hold') : null,
    keepalive_seconds: up ? timerOf(protocol, 'Keepalive') : null,
    last_error: get('Last error') ?? null,
  };
};

/** From birdc's text. BIRD counts routes, not messages; a protocol that only listens for a range is no session. */
export const bgp: Getter<Bgp> = {
  requests: [protocolsCommand, statusCommand],
  parse: (inputs) => {
    const status = inputs.get(statusCommand) ?? '';
    const now = pick(status, /Current server time is (\S+ \S+)/) ?? '';
    const protocols = protocolsOf(inputs.get(protocolsCommand) ?? '');
    const listeners = protocols.filter(({ range }) => range !== undefined);
    const result: Bgp = byName();
    for (const protocol of protocols) {
      const { address, vrf: name } = protocol;
      if (address === undefined) continue;
      const vrf = vrfOf(result, name);
      vrf.router_id = toRouterId(pick(status, /Router ID is (\S+)/));
      // two protocols may have one neighbour, on two ports: none may hide the other
      const key = vrf.peers[address] === undefined ? address : `${address} (${protocol.name})`;
      vrf.peers[key] = peerOf(protocol, now, listeners);
    }
    return result;
  },
};
