import { type Claim, leaseKey, subjects } from '../core/bus.ts';
import { readStored } from '../core/store/follow.ts';
import type { Store } from '../core/store/store.ts';

/** Reads along what the bucket of leases takes in, and notes each claim over that of a runner that neither gave it up, nor left, nor was buried. */
export const followLeases = async ({ nc, site }: Store) => {
  const holders = new Map<string, string>();
  const gone = new Set<string>();
  const wrong: string[] = [];
  let claims = 0;
  nc.subscribe(subjects.stored(site, 'lease', '>'), {
    callback: (_, message) => {
      const { subject, data } = readStored(message, '');
      const key = subject.split('.').slice(2).join('.');
      const value = JSON.parse(Buffer.from(data).toString()) as Partial<Claim> & { left?: true; buried?: object };
      const runner = leaseKey.runnerOf(key);
      if (runner !== undefined && (value.left || value.buried)) gone.add(runner);
      if (!leaseKey.isDevice(key)) return;
      const before = holders.get(key);
      if (!value.runner) holders.delete(key);
      else {
        claims++;
        if (before !== undefined && before !== value.runner && !gone.has(before))
          wrong.push(`${key}: claimed by ${value.runner}, and ${before} had it`);
        holders.set(key, value.runner);
      }
    },
  });
  await nc.flush();
  return {
    wrong,
    claims: () => claims,
    /** How many devices each runner has that is still there. */
    shares: () => {
      const counts = new Map<string, number>();
      for (const runner of holders.values()) if (!gone.has(runner)) counts.set(runner, (counts.get(runner) ?? 0) + 1);
      return [...counts.values()].sort((one, other) => one - other);
    },
  };
};
