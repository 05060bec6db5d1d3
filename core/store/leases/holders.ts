import { setTimeout as wait } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { Claim, Heartbeat, type Lease, leaseKey, Pool, subjects } from '../../bus.ts';
import { Type } from '../../schema.ts';
import { followBucket } from '../follow.ts';
import { getRecord, listStored, parseRecord, type Stored } from '../records.ts';
import type { Store } from '../store.ts';
import type { Keeper } from './pools.ts';

/** A runner not heard from for so long holds nothing: others may have taken its devices. */
export const silentMs = 12_500;
/**
 * Two heartbeats and some time in transit: a runner not heard from for so long may have died, and its connections with
 * it.
 */
export const quietMs = 5_500;
/** A runner is buried when it has not been heard from for so long. */
const buriedAfterMs = 10_000;
/** A live runner sends a heartbeat within this time. */
export const beatMs = 3_000;

const Entry = Type.Union([Claim, Heartbeat, Pool]);

/** What is known of the server's clock, and of runners that did not beat when they were waited for: at which revision. */
type Known = { aheadMs: number | undefined; silent: Map<string, number> };
const known = new WeakMap<NatsConnection, Known>();

const knownOf = (nc: NatsConnection): Known => {
  const found = known.get(nc) ?? { aheadMs: undefined, silent: new Map() };
  known.set(nc, found);
  return found;
};

/** The server's own time; before 2.10 it does not report it, and ours is assumed until a beat proves otherwise. */
const serverTime = async (store: Store): Promise<{ nowMs: number; isSure: boolean }> => {
  const { ts } = (await store.lease.status()).streamInfo as { ts?: string };
  const { aheadMs } = knownOf(store.nc);
  if (ts) return { nowMs: Date.parse(ts), isSure: true };
  return { nowMs: Date.now() + (aheadMs ?? 0), isSure: aheadMs !== undefined };
};

/** Waits for a beat of any of these, which tells the server's time. @returns whether one came */
const hearBeat = async (store: Store, runners: ReadonlySet<string>): Promise<boolean> => {
  const heard = new AbortController();
  const subscription = store.nc.subscribe(subjects.stored(store.site, 'lease', 'runner', '>'), {
    callback: (_error, message) => {
      const runner = leaseKey.runnerOf((message.headers?.get('Nats-Subject') ?? '').split('.').slice(2).join('.'));
      if (runner !== undefined && runners.has(runner)) heard.abort(runner);
    },
  });
  await wait(beatMs, undefined, { signal: heard.signal }).catch(() => {});
  subscription.unsubscribe();
  if (!heard.signal.aborted) return false;
  const beat = await getRecord(store.lease, Heartbeat, leaseKey.runner(heard.signal.reason as string));
  if (beat) knownOf(store.nc).aheadMs = beat.at.getTime() - Date.now();
  return true;
};

type Beats = ReadonlyMap<string, Stored<Heartbeat>>;

/** The claims whose runners beat, and those runners. One without `at` is renewed itself, by a runner of an older release. */
const inForce = async (
  store: Store,
  claims: ReadonlyMap<string, Stored<Claim>>,
  beats: Beats,
): Promise<{ held: Map<string, Lease>; live: ReadonlySet<string>; quiet: ReadonlySet<string> }> => {
  const { nowMs, isSure } = await serverTime(store);
  const isNew = ({ at }: Stored<unknown>, ms = silentMs) => nowMs - at.getTime() < ms;
  const live = new Set<string>();
  const quiet = new Set<string>();
  const late = new Map<string, number>();
  for (const [runner, beat] of beats) {
    if (!('n' in beat.value)) continue;
    if (isNew(beat)) live.add(runner);
    if (isNew(beat, quietMs)) continue;
    quiet.add(runner);
    if (knownOf(store.nc).silent.get(runner) !== beat.revision) late.set(runner, beat.revision);
  }
  if (!isSure && late.size > 0) {
    if (await hearBeat(store, new Set(late.keys()))) return inForce(store, claims, beats);
    for (const [runner, revision] of late) knownOf(store.nc).silent.set(runner, revision);
  }
  const held = new Map<string, Lease>();
  for (const [device, claim] of claims) {
    const { runner, epoch, at } = claim.value;
    if (runner !== '' && (at === undefined ? isNew(claim) : live.has(runner))) held.set(device, { runner, epoch });
  }
  return { held, live, quiet };
};

/**
 * How long ago a runner was last heard of, in milliseconds by the server's clock; undefined: it has stopped, or never
 * sent a heartbeat. The bucket of runners keeps a dead one's record for much longer.
 */
export const heardAgoMs = async (store: Store, runner: string): Promise<number | undefined> => {
  const beat = await getRecord(store.lease, Heartbeat, leaseKey.runner(runner));
  if (!beat || 'left' in beat.value) return undefined;
  const { nowMs } = await serverTime(store);
  // whoever buries it overwrites its last beat without repeating the time: at least as old as the silence waited for
  const silence = 'buried' in beat.value ? buriedAfterMs : 0;
  return Math.max(0, nowMs - beat.at.getTime()) + silence;
};

/** Emits whenever a device may have another holder, and not at each beat. */
export const followHolders = async function* (store: Store, signal: AbortSignal): AsyncGenerator<unknown> {
  for await (const news of followBucket(store, 'lease', signal)) {
    const beat = news.kind === 'put' ? parseRecord(Heartbeat, news.data) : undefined;
    if (!beat || !('n' in beat)) yield news;
  }
};

/** Who holds each device that is held, and which runners there are, as far as a mere observer can tell. */
export const listKeepers = async (store: Store): Promise<{ held: Map<string, Lease>; keepers: Keeper[] }> => {
  const claims = new Map<string, Stored<Claim>>();
  const beats = new Map<string, Stored<Heartbeat>>();
  const pools = new Map<string, Pool>();
  for (const [key, { value, ...stored }] of await listStored(store.lease, Entry)) {
    const runner = leaseKey.runnerOf(key);
    const pool = leaseKey.poolOf(key);
    if ('epoch' in value) {
      if (leaseKey.isDevice(key)) claims.set(key, { ...stored, value });
    } else if ('slot' in value) {
      if (pool !== undefined) pools.set(pool, value);
    } else if (runner !== undefined) beats.set(runner, { ...stored, value });
  }
  const { held, live, quiet } = await inForce(store, claims, beats);
  const counts = new Map<string, number>();
  for (const { runner } of held.values()) counts.set(runner, (counts.get(runner) ?? 0) + 1);
  const keepers = [...live].sort().map((runner) => {
    const beat = beats.get(runner)?.value;
    const draining = beat !== undefined && 'n' in beat && beat.draining === true;
    return { runner, pool: pools.get(runner), draining, quiet: quiet.has(runner), held: counts.get(runner) ?? 0 };
  });
  return { held, keepers };
};

/** Who holds each device that is held. */
export const listHolders = async (store: Store): Promise<Map<string, Lease>> => (await listKeepers(store)).held;

/** Who holds a device. */
export const holderOf = async (store: Store, device: string): Promise<Lease | undefined> => {
  const claim = await getRecord(store.lease, Claim, device);
  if (!claim || claim.value.runner === '') return undefined;
  const { runner, at } = claim.value;
  const isOld = at === undefined; // its runner, which may have any name, has no heartbeat
  const beat = isOld ? undefined : await getRecord(store.lease, Heartbeat, leaseKey.runner(runner));
  const beats: Beats = new Map(beat ? [[runner, beat]] : []);
  return (await inForce(store, new Map([[device, claim]]), beats)).held.get(device);
};
