import { byName } from '../../../../core/by-name.ts';
import { unknownPeer, vrfOf } from '../../../getters/bgp-shape.ts';
import type { Getter } from '../../../getters/getter.ts';
import { at, entriesAt, textAt } from '../../../getters/json.ts';
import { toAddress, toAs, toNumber, toRouterId } from '../../../getters/values.ts';
import type { AddressFamily, Bgp, BgpPeer } from '../../../shapes.ts';
import { familyName, replyOf, secondsAt, sessionsOf, vrfName } from './answers.ts';

const summaryCommand = 'show bgp vrf all summary json';

/** All sessions of all VRFs, with their counters. */
export const neighborsCommand = 'show bgp vrf all neighbors json';

const isUp = (state: string | undefined) => state === 'Established';

/** A session in one address family, as the summary has it and as its details have it; keys differ between versions. */
const countsOf = (row: unknown, detail: unknown, family: string): AddressFamily => {
  if (!isUp(textAt(row, 'state'))) return { received_prefixes: null, accepted_prefixes: null, sent_prefixes: null };
  const counters = at(detail, 'addressFamilyInfo', family);
  return {
    received_prefixes: toNumber(at(row, 'pfxRcd') ?? at(row, 'prefixReceivedCount')),
    accepted_prefixes: toNumber(at(counters, 'acceptedPrefixCounter')),
    sent_prefixes: toNumber(at(row, 'pfxSnt') ?? at(counters, 'sentPrefixCounter')),
  };
};

const peerOf = (row: unknown, detail: unknown, families: BgpPeer['address_family']): BgpPeer => {
  const state = textAt(detail, 'bgpState') ?? textAt(row, 'state') ?? 'unknown';
  const up = isUp(state);
  const shut =
    textAt(row, 'state')?.includes('(Admin)') === true ||
    textAt(row, 'peerState') === 'Admin' ||
    at(detail, 'adminShutDown') === true;
  const number = (name: string) => toNumber(at(detail, name));
  const stats = at(detail, 'messageStats');
  return {
    ...unknownPeer(),
    local_as: toAs(at(detail, 'localAs')) ?? toAs(at(row, 'localAs')),
    remote_as: (toAs(at(detail, 'remoteAs')) ?? toAs(at(row, 'remoteAs'))) || null, // 0: external, not heard of yet
    remote_id: up ? toRouterId(textAt(detail, 'remoteRouterId')) : null,
    is_up: up,
    is_enabled: !shut,
    description: textAt(detail, 'nbrDesc') ?? textAt(row, 'desc') ?? '',
    uptime: up ? (secondsAt(detail, 'bgpTimerUpMsec') ?? secondsAt(row, 'peerUptimeMsec')) : null,
    address_family: families,
    state: shut && !up ? 'Idle (Admin)' : state,
    dynamic: at(detail, 'dynamicPeer') === true || at(row, 'dynamicPeer') === true,
    messages_received: toNumber(at(stats, 'totalRecv')) ?? toNumber(at(row, 'msgRcvd')),
    messages_sent: toNumber(at(stats, 'totalSent')) ?? toNumber(at(row, 'msgSent')),
    keepalives_received: toNumber(at(stats, 'keepalivesRecv')),
    hold_seconds: up ? secondsAt(detail, 'bgpTimerHoldTimeMsecs') : null,
    keepalive_seconds: up ? secondsAt(detail, 'bgpTimerKeepAliveIntervalMsecs') : null,
    flaps: number('connectionsDropped') ?? toNumber(at(row, 'connectionsDropped')),
    last_error: textAt(detail, 'lastNotificationReason') || textAt(detail, 'lastResetDueTo') || null,
  };
};

/** From vtysh's JSON: the sessions of all VRFs and address families. */
export const bgp: Getter<Bgp> = {
  requests: [summaryCommand, neighborsCommand],
  parse: (inputs) => {
    const result: Bgp = byName();
    const details = replyOf(inputs, neighborsCommand);
    const summaries = replyOf(inputs, summaryCommand);
    const names = new Set([...entriesAt(summaries), ...entriesAt(details)].map(([vrf]) => vrf));
    for (const name of names) {
      const sessions = new Map(sessionsOf(at(details, name)));
      const rows = new Map<string, unknown>();
      const families = new Map<string, Record<string, AddressFamily>>();
      const vrf = vrfOf(result, vrfName(name));
      for (const [family, table] of entriesAt(summaries, name)) {
        vrf.router_id ??= toRouterId(textAt(table, 'routerId'));
        for (const [peer, row] of entriesAt(table, 'peers')) {
          rows.set(peer, rows.get(peer) ?? row);
          const counts = { [familyName(family)]: countsOf(row, sessions.get(peer), family) };
          families.set(peer, { ...families.get(peer), ...counts });
        }
      }
      for (const [peer, session] of sessions) {
        vrf.router_id ??= toRouterId(textAt(session, 'localRouterId'));
        rows.set(peer, rows.get(peer));
      }
      for (const [peer, row] of rows) {
        vrf.peers[toAddress(peer)] = peerOf(row, sessions.get(peer), families.get(peer) ?? {});
      }
    }
    return result;
  },
};
