import { type Claim, type Heartbeat, leaseKey, type Pool } from '../../../../../core/bus.ts';
import type { Answer, LeaseBucket, Stored } from '../../../../../runners/holding/leases/bucket.ts';
import type { Terms } from '../../../../../runners/holding/leases/pool/peers.ts';
import { Tenure } from '../../../../../runners/holding/leases/tenure.ts';
import { timing } from '../../../../../runners/holding/leases/timing.ts';

const startMs = 1_000_000;
const wallMs = 1_800_000_000_000;

/** A bucket that answers after a millisecond, or not at all, and time that passes when the test says so. */
export const tenureForTest = ({
  settled = true,
  wanted = ['leaf1'],
  terms = {},
}: {
  settled?: boolean;
  wanted?: string[];
  terms?: Partial<Terms>;
} = {}) => {
  let nowMs = startMs;
  let sleptMs = 0;
  let timers: { ms: number; work: () => void }[] = [];
  const entries = new Map<string, Stored>();
  let seq = 0;
  let names = 0;
  const log: string[] = [];
  const writes: { key: string; value: Claim | Heartbeat | Pool }[] = [];
  const held = new Map<string, number>();
  const state = {
    entries,
    held,
    log,
    writes,
    /** What is written is neither stored nor answered. */
    isCut: false,
    /** What is written is stored, heard of, and not answered. */
    losesAnswers: false,
    /** What is stored is not told. */
    isDeaf: false,
    watches: 0,
    reconnects: 0,
    /** A job is under way. */
    isBusy: false,
    /** Epoch in the record of the device. */
    recordEpoch: 0,
  };
  const after = (ms: number, work: () => void) => void timers.push({ ms: nowMs + ms, work });
  const store = (key: string, value: unknown, over: number): number | undefined => {
    if ((entries.get(key)?.seq ?? 0) !== over) return undefined;
    entries.set(key, { seq: ++seq, value });
    const stored = { seq, value };
    if (!state.isDeaf) after(1, () => tenure.heard(key, stored));
    return seq;
  };
  const bucket: LeaseBucket = {
    write: (key, value, over, done) => {
      writes.push({ key, value });
      if (state.isCut) return;
      const stored = store(key, value, over);
      const answer: Answer = stored === undefined ? { kind: 'conflict' } : { kind: 'stored', seq: stored };
      if (!state.losesAnswers) after(1, () => done(answer));
    },
    claim: (device, runner, least, over, done) => {
      const epoch = Math.max(least, state.recordEpoch + 1);
      bucket.write(device, { runner, epoch, at: '' }, over, (answer) => done(answer, epoch));
    },
    watch: () => {
      state.watches++;
      if (!state.isCut) after(1, () => tenure.loaded(new Map(entries)));
    },
    reconnect: () => void state.reconnects++,
  };
  const tenure = new Tenure({
    bucket,
    clock: { now: () => nowMs, wall: () => wallMs + nowMs + sleptMs, after },
    timing,
    settled,
    terms: { slot: 's1', since: '2026-01-01T00:00:00Z', weight: 1, ...terms },
    newName: () => `r${++names}`,
    note: (what) => log.push(what),
    work: {
      wanted: () => wanted,
      busy: () => false,
      takes: ({ names }, device) => names?.includes(device) ?? true,
      yields: (device) => {
        if (state.isBusy || !held.delete(device)) return false;
        after(1, () => tenure.claims.giveUp(device));
        return true;
      },
      held: (device, epoch) => void held.set(device, epoch),
      lost: (device, why) => {
        held.delete(device);
        log.push(`lost ${device}: ${why}`);
      },
    },
  });
  /** Time passes, and what is due happens, a look every half second. */
  const pass = (ms: number) => {
    const untilMs = nowMs + ms;
    while (nowMs < untilMs) {
      nowMs = Math.min(untilMs, nowMs + 1);
      const due = timers.filter((timer) => timer.ms <= nowMs);
      timers = timers.filter((timer) => timer.ms > nowMs);
      for (const { work } of due) work();
      if (nowMs % timing.lookMs === 0) tenure.step();
    }
  };
  bucket.watch();
  return {
    ...state,
    state,
    tenure,
    pass,
    mayWrite: (device = 'leaf1') => {
      const epoch = held.get(device);
      return epoch !== undefined && tenure.claims.mayWrite(device, epoch);
    },
    /** The process is stopped: time passes, and nothing happens. */
    freeze: (ms: number) => {
      nowMs += ms;
    },
    /** The machine is suspended: its monotonic clock stands still. */
    suspend: (ms: number) => {
      sleptMs += ms;
    },
    /** Somebody else writes. */
    write: (key: string, value: unknown) => void store(key, value, entries.get(key)?.seq ?? 0),
    beatOf: (runner: string, n: number) =>
      void store(leaseKey.runner(runner), { n, at: '' }, entries.get(leaseKey.runner(runner))?.seq ?? 0),
    /** Another runner that is for all devices. */
    joins: (runner: string, asks: string[] = [], more: Partial<Pool> = {}) => {
      const pool = { slot: runner, since: '2026-01-02T00:00:00Z', weight: 1, asks, ...more };
      void store(leaseKey.pool(runner), pool, entries.get(leaseKey.pool(runner))?.seq ?? 0);
    },
    asks: () => (entries.get(leaseKey.pool(tenure.name))?.value as Pool | undefined)?.asks ?? [],
    claimOf: (device = 'leaf1') => entries.get(device)?.value as Claim | undefined,
    /** The bucket is deleted and made anew, or goes back to what it was. */
    replace: (with_: ReadonlyMap<string, Stored> = new Map()) => {
      entries.clear();
      for (const [key, entry] of with_) entries.set(key, entry);
      seq = Math.max(0, ...[...with_.values()].map((entry) => entry.seq));
    },
  };
};
