import { Claim, Heartbeat, leaseKey, Pool } from '../../../core/bus.ts';
import { checkSchema } from '../../../core/inventory/check.ts';
import type { Stored } from './bucket.ts';

const parsed = <T>(schema: Parameters<typeof checkSchema>[0], value: unknown): T | undefined =>
  value !== undefined && checkSchema(schema, value).length === 0 ? (value as T) : undefined;

/** An entry, and since when (by our own clock, in this watch) it is as it is. */
export type Seen<T> = { seq: number; value: T | undefined; sinceMs: number };

/** What the bucket says, as last seen. */
export class LeaseView {
  devices = new Map<string, Seen<Claim>>();
  runners = new Map<string, Seen<Heartbeat>>();
  /** Which devices each runner is for. */
  pools = new Map<string, Seen<Pool>>();

  put(key: string, { seq, value }: Stored, nowMs: number): void {
    const runner = leaseKey.runnerOf(key);
    if (runner !== undefined) {
      this.runners.set(runner, { seq, value: parsed<Heartbeat>(Heartbeat, value), sinceMs: nowMs });
      return;
    }
    const pool = leaseKey.poolOf(key);
    if (pool !== undefined) this.pools.set(pool, { seq, value: parsed<Pool>(Pool, value), sinceMs: nowMs });
    else if (leaseKey.isDevice(key)) this.devices.set(key, { seq, value: parsed<Claim>(Claim, value), sinceMs: nowMs });
  }

  /**
   * All of it anew; what did not change is as old as it was.
   *
   * @returns a key that we have seen with more in it: the store went back
   */
  load(entries: ReadonlyMap<string, Stored>, nowMs: number): string | undefined {
    const before = { devices: this.devices, runners: this.runners };
    this.devices = new Map();
    this.runners = new Map();
    this.pools = new Map();
    for (const [key, entry] of entries) this.put(key, entry, nowMs);
    let wentBack: string | undefined;
    for (const what of ['devices', 'runners'] as const) {
      for (const [name, old] of before[what]) {
        const seen = this[what].get(name);
        if (seen?.seq === old.seq) seen.sinceMs = old.sinceMs;
        if ((seen?.seq ?? 0) < old.seq) wentBack ??= name;
      }
    }
    return wentBack;
  }

  /** Silence is counted from now on. */
  restart(nowMs: number): void {
    for (const seen of [...this.devices.values(), ...this.runners.values()]) seen.sinceMs = nowMs;
  }

  /** Whether nobody can act on what this runner claimed any more. */
  isGone(runner: string): boolean {
    const value = this.runners.get(runner)?.value;
    return value !== undefined && ('buried' in value || 'left' in value);
  }

  /** Whether it is about to leave. */
  isDraining(runner: string): boolean {
    const value = this.runners.get(runner)?.value;
    return value !== undefined && 'n' in value && value.draining === true;
  }

  /** Runners that beat, as far as we know. */
  live(): string[] {
    return [...this.runners].flatMap(([runner, { value }]) => (value && 'n' in value ? [runner] : []));
  }
}
