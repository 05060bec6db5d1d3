import type { Blocked, DeviceState } from '../bus.ts';

/** The record of a device before it had a version: one hold, and one text that was given up. */
type Unversioned = Omit<DeviceState, 'version' | 'blocked' | 'hand' | 'said' | 'changed'> & {
  hold: { reason: 'rollback' | 'publish'; since: string; job: string; sha256: string } | null;
  released: string | null;
};

const isRecord = (found: unknown): found is object => typeof found === 'object' && found !== null;

const isUnversioned = (found: unknown): found is Unversioned =>
  isRecord(found) &&
  !('version' in found) &&
  'released' in found &&
  'hold' in found &&
  (found.hold === null || (isRecord(found.hold) && 'reason' in found.hold));

const blockedBefore = ({ hold, released, attempt, updatedAt }: Unversioned): Blocked[] => {
  const entries: Blocked[] = [];
  if (hold?.reason === 'rollback') {
    const { sha256, job, since } = hold;
    entries.push({ sha256, why: 'rolled_back', job, since });
  }
  if (attempt?.outcome === 'cancelled' && attempt.generation.sha256 !== hold?.sha256) {
    const { job, at, generation } = attempt;
    entries.push({ sha256: generation.sha256, why: 'cancelled', job, since: at });
  }
  if (released) entries.push({ sha256: released, why: 'given_up', since: updatedAt });
  return entries;
};

/** A device's record as an older release wrote it, in today's shape; anything else as it is. */
export const upgradeState = (found: unknown): unknown => {
  if (!isUnversioned(found)) return found;
  const { hold, released: _, ...rest } = found;
  const hand = hold?.reason === 'publish' ? { sha256: hold.sha256, job: hold.job, since: hold.since } : null;
  const changed = rest.applied && { at: rest.applied.at, runningSha256: rest.applied.runningSha256 };
  return { version: 2, ...rest, changed, blocked: blockedBefore(found), hand, said: null };
};
