import { named } from '../../../../core/by-name.ts';
import { PlumbError } from '../../../../core/errors.ts';
import type { Inputs } from '../../../getters/getter.ts';
import { at, entriesAt } from '../../../getters/json.ts';

/** What FRR calls an address family → what we call it. */
export const familyName = (family: string): string => named(families, family) ?? family;

const families: Readonly<Record<string, string>> = {
  ipv4Unicast: 'ipv4',
  ipv6Unicast: 'ipv6',
  ipv4Multicast: 'ipv4_multicast',
  ipv6Multicast: 'ipv6_multicast',
  ipv4LabeledUnicast: 'ipv4_labeled_unicast',
  ipv6LabeledUnicast: 'ipv6_labeled_unicast',
  ipv4Vpn: 'vpnv4',
  ipv6Vpn: 'vpnv6',
  l2VpnEvpn: 'l2vpn_evpn',
  ipv4Flowspec: 'ipv4_flowspec',
  ipv6Flowspec: 'ipv6_flowspec',
};

/**
 * The JSON of a vtysh command; warnings may come first, and a daemon that is down prints nothing else.
 *
 * @throws PlumbError `parse_failed`
 */
export const replyOf = (inputs: Inputs, request: string): unknown => {
  const text = inputs.get(request) ?? '';
  const start = text.search(/^\{/m);
  if (start === -1) return undefined;
  try {
    return JSON.parse(text.slice(start));
  } catch (cause) {
    throw new PlumbError('parse_failed', `${request}: what FRR prints is not JSON`, { cause });
  }
};

/** The name of a VRF as we have it. */
export const vrfName = (vrf: string): string => (vrf === 'default' ? 'global' : vrf);

/** The sessions of a VRF in `show bgp vrf all neighbors json`, by address or interface. */
export const sessionsOf = (instance: unknown): [string, unknown][] =>
  entriesAt(instance).filter(
    ([, session]) => at(session, 'bgpState') !== undefined || at(session, 'remoteAs') !== undefined,
  );

/** A number that FRR counts in milliseconds, in whole seconds. */
export const secondsAt = (value: unknown, name: string): number | null => {
  const found = at(value, name);
  return typeof found === 'number' && Number.isFinite(found) ? Math.floor(found / 1000) : null;
};
