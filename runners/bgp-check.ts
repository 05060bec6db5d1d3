import type { CheckResult } from '../core/bus.ts';
import type { Bgp, BgpPeer } from './driver.ts';

/** What the sessions showed, and when (monotonic milliseconds). */
export type BgpSample = { atMs: number; bgp: Bgp };

export type BgpVerdict = {
  /** `proven`: every session that must live does. `failed`: waiting longer cannot mend it. `open`: look again. */
  kind: 'proven' | 'failed' | 'open';
  checks: CheckResult[];
};

/** Prefix counts must not have moved for this long, or a keepalive interval where that is more. */
const settleMs = 3_000;

const peersOf = (bgp: Bgp): [string, BgpPeer][] =>
  Object.entries(bgp).flatMap(([vrf, { peers }]) =>
    Object.entries(peers).map(([address, peer]): [string, BgpPeer] => [
      vrf === 'global' ? address : `${address} vrf ${vrf}`,
      peer,
    ]),
  );

const prefixes = (peer: BgpPeer): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const [family, { received_prefixes, accepted_prefixes }] of Object.entries(peer.address_family)) {
    const count = accepted_prefixes ?? received_prefixes;
    if (count !== null) counts.set(family, count);
  }
  return counts;
};

const countsText = (peer: BgpPeer) => [...prefixes(peer)].map(([family, count]) => `${family} ${count}`).join(', ');

/** Messages that show that the peer hears us and we hear it: keepalives where they are counted apart. */
const heard = (peer: BgpPeer) => peer.keepalives_received ?? peer.messages_received;

const judge = (
  name: string,
  before: BgpPeer,
  samples: readonly BgpSample[],
  lossPercent: number,
  keeps: (peer: string) => boolean,
): CheckResult & { final: boolean } => {
  const history = samples.map(({ atMs, bgp }) => ({ atMs, peer: new Map(peersOf(bgp)).get(name) }));
  const last = history.at(-1)?.peer;
  const result = (ok: boolean, detail: string, final = ok) => ({ name: 'bgp', on: name, ok, detail, final });
  if (!last) {
    return before.dynamic
      ? result(false, `was Established, is gone (it came from a range that is still there)`)
      : keeps(name)
        ? result(false, 'was Established, is gone from the device, and the intent still names it')
        : result(true, 'removed by the intent');
  }
  if (!last.is_enabled) return result(true, 'shut down by the intent');
  if (!last.is_up)
    return result(false, `was Established, is ${last.state}${last.last_error ? ` (${last.last_error})` : ''}`);
  // since when has it been up without a break, and what had it heard by then
  let since = history.length - 1;
  while (since > 0) {
    const earlier = history[since - 1]?.peer;
    const later = history[since]?.peer;
    if (!earlier?.is_up || (heard(earlier) ?? 0) > (heard(later ?? earlier) ?? 0)) break;
    since--;
  }
  const first = history[since];
  const atMs = samples.at(-1)?.atMs ?? 0;
  const moved = (heard(last) ?? 0) - (first?.peer ? (heard(first.peer) ?? 0) : 0);
  const silentMs = atMs - (first?.atMs ?? atMs);
  const unit = last.keepalives_received === null ? 'messages' : 'keepalives';
  if (heard(last) === null) {
    const needMs = ((last.hold_seconds ?? 180) + 1) * 1000; // no counters: only outliving the hold time proves it
    if (silentMs < needMs)
      return result(
        false,
        `Established for ${Math.round(silentMs / 1000)} s; without counters ${needMs / 1000} s prove it`,
      );
  } else if (moved < 2) {
    return result(
      false,
      `Established, but ${moved} ${unit} received in ${(silentMs / 1000).toFixed(1)} s since the commit`,
    );
  }
  const need = (count: number) => count * (1 - lossPercent / 100);
  const now = prefixes(last);
  const short = [...prefixes(before)].filter(([family, count]) => (now.get(family) ?? 0) < need(count));
  const quietMs = Math.max(settleMs, (last.keepalive_seconds ?? 0) * 1000);
  const steadyFrom = history.findLastIndex(({ peer }) => !peer || countsText(peer) !== countsText(last)) + 1;
  const steadyMs = atMs - (history[steadyFrom]?.atMs ?? atMs);
  if (short.length > 0) {
    const what = short.map(([family, count]) => `${family} ${count} → ${now.get(family) ?? 0}`).join(', ');
    return result(false, `Established and alive, but prefixes fell: ${what}`, steadyMs >= quietMs);
  }
  return result(
    true,
    `Established, ${moved} ${unit} received since the commit, ${countsText(last) || 'no prefix counts'}`,
  );
};

/** Whether the intent still holds a peer that the device shows no more; the same address may live on in another VRF. */
const namesPeer = (intent: string, after: Bgp): ((peer: string) => boolean) => {
  const lines = intent.split('\n').filter((line) => /\b(?:neighbor|peer)/i.test(line));
  const named = new Set(lines.flatMap((line) => line.split(/[\s;{}"<>]+/)));
  const elsewhere = new Set(Object.values(after).flatMap(({ peers }) => Object.keys(peers)));
  return (peer) => {
    const [address = peer] = peer.split(' ');
    return named.has(address) && !elsewhere.has(address);
  };
};

/**
 * Whether each session that was up before the commit and that the intent keeps is alive: Established, more than one
 * keepalive heard since the commit, prefixes within the threshold, up again if it was reset. Being Established proves
 * little: a session whose packets go nowhere stays so for its whole hold time.
 *
 * @param samples since the commit, oldest first; at least one
 * @param lossPercent how many of its prefixes a session may lose
 * @param intent the text that was deployed: a peer that it names is kept
 */
export const judgeBgp = (
  before: Bgp,
  samples: readonly BgpSample[],
  lossPercent: number,
  intent: string,
): BgpVerdict => {
  const keeps = namesPeer(intent, samples.at(-1)?.bgp ?? {});
  const judged = peersOf(before)
    .filter(([, peer]) => peer.is_up)
    .map(([name, peer]) => judge(name, peer, samples, lossPercent, keeps));
  const checks = judged.map(({ final: _, ...check }) => check);
  if (judged.every(({ ok }) => ok)) return { kind: 'proven', checks };
  return { kind: judged.some(({ ok, final }) => !ok && final) ? 'failed' : 'open', checks };
};

/** Sessions up, and sessions that the configuration wants up. */
export const countBgp = (bgp: Bgp): { established: number; expected: number } => {
  const peers = peersOf(bgp).map(([, peer]) => peer);
  return {
    established: peers.filter(({ is_up }) => is_up).length,
    expected: peers.filter(({ is_up, is_enabled, dynamic }) => is_up || (is_enabled && !dynamic)).length,
  };
};

/** The longest negotiated hold time of the sessions that are up, in seconds; 0 where none is. */
export const longestHold = (bgp: Bgp): number =>
  Math.max(0, ...peersOf(bgp).map(([, peer]) => (peer.is_up ? (peer.hold_seconds ?? 180) : 0)));

/** Whether some session is up: else there is nothing that a check of BGP could lose. */
export const hasSessions = (bgp: Bgp): boolean => peersOf(bgp).some(([, { is_up }]) => is_up);
