import type { CheckResult } from '../../../core/bus.ts';
import { digestError } from '../../session/tcp-digests.ts';
import type { Bgp, BgpPeer } from '../../shapes.ts';
import type { TakenAway } from './taken-away.ts';

/** What the sessions showed, and when (monotonic milliseconds). */
export type BgpSample = { atMs: number; bgp: Bgp };

export type BgpVerdict = {
  /** `proven`: every session that must live does. `failed`: waiting longer cannot mend it. `open`: look again. */
  kind: 'proven' | 'failed' | 'open';
  checks: CheckResult[];
  /** Something is lost, and only the configurations can tell whether that is intended. */
  asksIntent: boolean;
};

/** Prefix counts must not have moved for this long, or a keepalive interval where that is more. */
export const settleMs = 3_000;

/** Every session, named by its address and VRF. */
export const peersOf = (bgp: Bgp): [string, BgpPeer][] =>
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

/** Errors of a session that only another configuration, here or there, mends. */
const incurable =
  /open message error|bad peer as|peer in wrong as|wrong (?:peer |remote )?as\b|bad bgp id|bad (?:bgp )?identifier|authentication (?:failure|failed|error|mismatch)|md5|unacceptable hold|role mismatch/i;

/** Since when a session that was lost shows such an error, which it did not show before; undefined: it does not. */
const incurableSince = (before: BgpPeer, history: readonly { atMs: number; peer: BgpPeer | undefined }[]) => {
  const last = history.at(-1)?.peer;
  const error = last?.last_error ?? '';
  // the error of an earlier loss stays readable until the next
  const isNew = error !== before.last_error || (last?.flaps ?? 0) > (before.flaps ?? Number.POSITIVE_INFINITY);
  if (!last || last.is_up || !incurable.test(error) || !isNew) return undefined;
  const since = history.findLastIndex(({ peer }) => !peer || peer.is_up || !incurable.test(peer.last_error ?? '')) + 1;
  return history[since]?.atMs;
};

type Keeps = { named: (peer: string) => boolean; taken: TakenAway | undefined; othersDown: boolean };

const judge = (
  name: string,
  before: BgpPeer,
  samples: readonly BgpSample[],
  lossPercent: number,
  { named: keeps, taken, othersDown }: Keeps,
): CheckResult & { final: boolean } => {
  const history = samples.map(({ atMs, bgp }) => ({ atMs, peer: new Map(peersOf(bgp)).get(name) }));
  const last = history.at(-1)?.peer;
  const result = (ok: boolean, detail: string, final = ok) => ({ name: 'bgp', on: name, ok, detail, final });
  if (!last) {
    return before.dynamic
      ? result(false, `was Established, is gone (its dynamic range is still configured)`)
      : keeps(name)
        ? result(false, 'was Established, is gone from the device, and the intent still names it')
        : result(true, 'removed by the intent');
  }
  if (!last.is_enabled) return result(true, 'shut down by the intent');
  if (!last.is_up) {
    if (taken?.session(name)) return result(true, 'its interface is removed by the intent');
    const sinceMs = incurableSince(before, history);
    // the host tells of bad digests, and not by which session: that is known where no other one was down
    const whose = !(othersDown && last.last_error?.startsWith(digestError));
    const final = whose && sinceMs !== undefined && (samples.at(-1)?.atMs ?? 0) - sinceMs >= settleMs;
    const what = `was Established, is ${last.state}${last.last_error ? ` (${last.last_error})` : ''}`;
    return result(false, final ? `${what}, which does not recover by itself` : what, final);
  }
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
        `Established for ${Math.round(silentMs / 1000)} s; without counters, ${needMs / 1000} s are required`,
      );
  } else if (moved < 2) {
    return result(
      false,
      `Established, but ${moved} ${unit} received in ${(silentMs / 1000).toFixed(1)} s since the commit`,
    );
  }
  const need = (count: number) => count * (1 - lossPercent / 100);
  const now = prefixes(last);
  const off = (family: string) =>
    last.address_family[family] === undefined && taken?.about(/\bactivate\b|\bfamily\b|address-family/);
  const short = [...prefixes(before)].filter(([family, count]) => (now.get(family) ?? 0) < need(count) && !off(family));
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
 * @param taken what the intent takes away; undefined: not looked at yet
 */
export const judgeBgp = (
  before: Bgp,
  samples: readonly BgpSample[],
  lossPercent: number,
  intent: string,
  taken?: TakenAway,
): BgpVerdict => {
  const named = namesPeer(intent, samples.at(-1)?.bgp ?? {});
  const up = peersOf(before).filter(([, peer]) => peer.is_up);
  const othersDown = peersOf(before).some(([, peer]) => peer.is_enabled && !peer.is_up && !peer.dynamic);
  const judged = up.map(([name, peer]) => judge(name, peer, samples, lossPercent, { named, taken, othersDown }));
  const checks = judged.map(({ final: _, ...check }) => check);
  const last = new Map(peersOf(samples.at(-1)?.bgp ?? {}));
  const bad = judged.filter(({ ok }) => !ok);
  const isDown = ({ on }: CheckResult) => last.get(on)?.is_up !== true;
  return {
    kind: bad.length === 0 ? 'proven' : bad.some(({ final }) => final) ? 'failed' : 'open',
    checks,
    asksIntent: taken === undefined && bad.some((one) => isDown(one) || one.final),
  };
};

/** The sessions that were up and that the intent took away. */
export const takenSessions = (before: Bgp, after: Bgp, taken: TakenAway): BgpPeer[] => {
  const now = new Map(peersOf(after));
  return peersOf(before).flatMap(([name, peer]) => {
    const left = now.get(name);
    return peer.is_up && (!left?.is_enabled || (!left.is_up && taken.session(name))) ? [peer] : [];
  });
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
