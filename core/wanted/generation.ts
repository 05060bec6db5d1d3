import type { DeviceState, Generation } from '../bus.ts';

// Which of two stored texts is newer. The stream's sequence decides; the server's clock only if the stream is a
// different one (deleted and recreated) or went back to an older copy of itself, and never when the clock was ahead.

/** How far a time may be ahead of ours before it counts as a clock fault. */
export const clockToleranceMs = 60_000;

const isAhead = (at: string, nowMs: number): boolean => Date.parse(at) > nowMs + clockToleranceMs;

type Stored = Pick<Generation, 'at' | 'stream' | 'seq'>;
type Tried = NonNullable<DeviceState['attempt']>;

const inOneStream = (a: Stored, b: Stored) => a.stream !== undefined && a.stream === b.stream;

/** Whether both are the very same stored message, not only the same text. */
export const isSameMessage = (a: Stored, b: Stored): boolean =>
  inOneStream(a, b) ? a.seq === b.seq && a.at === b.at : a.at === b.at;

/**
 * Whether a message was stored before another one: it is from a restored store, or was replayed.
 *
 * @param other with the time when it was seen, if known: nothing is stored after it was seen
 */
export const isOlder = (one: Stored, other: Stored & { seenAt?: string }, nowMs: number): boolean => {
  if (isSameMessage(one, other)) return false;
  const again = inOneStream(one, other);
  if (again && (one.seq ?? 0) > (other.seq ?? 0)) return false;
  // a stream that went back to an older copy uses its sequences again: then a later time is a newer message
  const at = [other.at, other.seenAt].find((at) => at !== undefined && !isAhead(at, nowMs));
  if (again && (at === undefined || isAhead(one.at, nowMs))) return true;
  return at !== undefined && one.at.slice(0, 23) < at.slice(0, 23); // milliseconds: some have nothing finer
};

/** Whether a message was stored before the one that a runner tried last. */
export const isOlderThanTried = (one: Stored, tried: Tried | null | undefined, nowMs = Date.now()): boolean =>
  tried ? isOlder(one, { ...tried.generation, seenAt: tried.at }, nowMs) : false;

/**
 * What to say about the server's clock if it dated a text later than it was seen.
 *
 * @param seenAt by another clock, which had the text by then
 */
export const clockFault = (generation: Stored, seenAt: string): string | undefined =>
  isAhead(generation.at, Date.parse(seenAt))
    ? `the clock of the NATS server is ahead or the runner's is behind: it dated the newest text ${generation.at.slice(0, 19)}Z, ` +
      `which the runner received at ${seenAt.slice(0, 19)}Z; \`plumb doctor\` says which one to set`
    : undefined;
