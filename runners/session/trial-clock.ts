// What this process has seen of its trials, for devices that do not tell. Whether one waits is told by no time that anybody
// prints or wrote, the clocks of hosts differ: only by how long we ourselves have waited.

const graceMs = 60_000;
const armed = new Map<string, number>();
const met = new Map<string, number>();

/** Called before a trial is armed. */
export const willArm = (name: string, seconds: number): void => {
  armed.set(name, performance.now() + seconds * 1000);
};

/** This process armed it, and its timer cannot have fired yet. */
export const surelyWaits = (name: string): boolean => (armed.get(name) ?? 0) > performance.now();

/** When its timer fires at the earliest, where this process armed it. */
export const firesAt = (name: string): Date | undefined => {
  const until = armed.get(name);
  return until === undefined ? undefined : new Date(Date.now() + until - performance.now());
};

/** This process has seen it for longer than its timer runs. Asked at each look. */
export const surelyOver = (name: string, seconds: number): boolean => {
  const now = performance.now();
  const since = met.get(name) ?? now;
  met.set(name, since);
  return now - since > seconds * 1000 + graceMs;
};

const taken = new Set<string>();

/** The device has answered that it took the confirm. */
export const wasTaken = (name: string): boolean => taken.has(name);

export const isTaken = (name: string): void => {
  taken.add(name);
};

/** It is settled, or as another process sees it. */
export const forget = (name: string): void => {
  taken.delete(name);
  armed.delete(name);
  met.delete(name);
};
