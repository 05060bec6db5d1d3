import type { CheckResult } from '../../../core/bus.ts';
import type { Bgp, BgpPeer } from '../../shapes.ts';
import { type BgpSample, type BgpVerdict, peersOf, settleMs } from './bgp.ts';
import type { Excused } from './health-check.ts';

const sentTo = (peer: BgpPeer | undefined): Map<string, number> =>
  new Map(
    Object.entries(peer?.address_family ?? {}).flatMap(([family, { sent_prefixes: sent }]): [string, number][] =>
      sent === null ? [] : [[family, sent]],
    ),
  );

const text = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([family, count]) => `${family} ${count}`).join(', ');

/** Prefixes that came by sessions which the intent takes away: neither learned nor sent on any more. */
export const prefixesOf = (peers: readonly BgpPeer[]): number =>
  peers
    .flatMap(({ address_family: families }) => Object.values(families))
    .reduce((sum, { accepted_prefixes, received_prefixes }) => sum + (accepted_prefixes ?? received_prefixes ?? 0), 0);

/**
 * Whether each session that was up and is up is still sent what it was: an outbound filter that lets nothing through
 * leaves the session Established, and the neighbours without a route.
 *
 * @param percent how much less may be sent in an address family
 * @param excused what the intent takes away; undefined: not looked at yet
 */
export const judgeSent = (
  before: Bgp,
  samples: readonly BgpSample[],
  percent: number | 'off',
  excused: Excused | undefined,
): BgpVerdict => {
  const up = peersOf(before).filter(([, peer]) => peer.is_up);
  if (percent === 'off' || up.length === 0) return { kind: 'proven', checks: [], asksIntent: false };
  const history = samples.map(({ atMs, bgp }) => ({ atMs, peers: new Map(peersOf(bgp)) }));
  const last = history.at(-1);
  const silent: string[] = [];
  const checks: (CheckResult & { final: boolean })[] = [];
  for (const [name, was] of up) {
    const now = last?.peers.get(name);
    const then = sentTo(was);
    const counts = sentTo(now);
    if (!now?.is_up) continue; // the check of the session tells
    if (then.size === 0 || ([...then.values()].some((count) => count > 0) && counts.size === 0)) {
      silent.push(name);
      continue;
    }
    const lost = [...then].filter(([family, count]) => {
      const left = counts.get(family);
      if (left === undefined && excused?.taken.about(/\bactivate\b|\bfamily\b|address-family/)) return false;
      const own = excused ? excused.taken.origins + excused.prefixes : 0;
      return (left ?? 0) < count * (1 - percent / 100) - own;
    });
    const since = (history.findLastIndex(({ peers }) => text(sentTo(peers.get(name))) !== text(counts)) ?? -1) + 1;
    const stoodMs = (last?.atMs ?? 0) - (history[since]?.atMs ?? 0);
    const ok = lost.length === 0;
    const fell = lost.map(([family, count]) => `${family} ${count} → ${counts.get(family) ?? 0}`).join(', ');
    checks.push({
      name: 'sent',
      on: name,
      ok,
      detail: ok ? `prefixes sent: ${text(counts)}` : `prefixes sent fell by more than ${percent} %: ${fell}`,
      final: !ok && stoodMs >= Math.max(settleMs, (now.keepalive_seconds ?? 0) * 1000),
    });
  }
  const told = checks.map(({ final: _, ...check }) => check);
  if (silent.length > 0) {
    const detail = 'could not be compared: the device does not report how many prefixes it sends';
    told.push({ name: 'sent', on: `${silent.length} of ${up.length} sessions`, ok: null, detail });
  }
  const bad = checks.filter(({ ok }) => !ok);
  const failed = excused !== undefined && bad.some(({ final }) => final);
  return {
    kind: failed ? 'failed' : bad.length > 0 ? 'open' : 'proven',
    checks: told,
    asksIntent: excused === undefined && bad.length > 0,
  };
};
