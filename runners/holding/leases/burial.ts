import { rankOf } from './pool/order.ts';
import type { Timing } from './timing.ts';
import type { LeaseView } from './view.ts';

/** A runner that is to be declared dead. `over`: sequence of its last entry; 0: it has none, and a claim names it. */
type Burial = { runner: string; over: number };

/**
 * Whose heartbeat did not change for so long, by our clock, in this watch, since we settled last. The runners take turns, so
 * that one of them writes.
 */
export const dueBurials = (view: LeaseView, me: string, nowMs: number, timing: Timing): Burial[] => {
  let live: string[] | undefined;
  const isDue = (runner: string, sinceMs: number): boolean => {
    const silentMs = nowMs - sinceMs;
    if (runner === me || silentMs < timing.silenceMs) return false;
    live ??= view.live();
    const others = live.filter((one) => one !== runner);
    return silentMs >= timing.silenceMs + rankOf(me, others, runner) * timing.rankMs;
  };
  const silent = [...view.runners]
    .filter(([runner, { sinceMs }]) => !view.isGone(runner) && isDue(runner, sinceMs))
    .map(([runner, { seq }]) => ({ runner, over: seq }));
  const nameless = new Set<string>();
  for (const { value, sinceMs } of view.devices.values()) {
    if (value?.at === undefined || value.runner === '' || nameless.has(value.runner)) continue;
    if (!view.runners.has(value.runner) && isDue(value.runner, sinceMs)) nameless.add(value.runner);
  }
  return [...silent, ...[...nameless].map((runner) => ({ runner, over: 0 }))];
};

/** Whether a claim binds nobody: given up, its runner left or buried, or a lease of an older release that nobody renews. */
export const isFree = (view: LeaseView, device: string, nowMs: number, timing: Timing): boolean => {
  const seen = view.devices.get(device);
  if (!seen?.value || seen.value.runner === '') return true;
  const { runner, at } = seen.value;
  if (view.isGone(runner)) return true;
  return at === undefined && !view.runners.has(runner) && nowMs - seen.sinceMs >= timing.silenceMs;
};
