import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumbError } from '../../core/errors.ts';
import { labCount } from './topology.ts';

// Lab numbers are claimed by renaming a folder that already names its owner into place: one winner, never half a claim.

const claims = '/run/plumb-lab';

/** Who holds a lab number. `kept`: it was left up on purpose and lives until `plumb lab down`. */
type Owner = { pid: number; started: string; kept: boolean; folder: string };

/** When a process started, in clock ticks since boot: with its pid it names one process for ever. */
const startTime = async (pid: number): Promise<string | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' ? undefined : fields[19]; // dead, but its parent has not looked yet
};

const claimPath = (number: number) => join(claims, String(number));

const readOwner = async (path: string): Promise<Owner | undefined> => {
  try {
    return JSON.parse(await readFile(join(path, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
};

/** The labs that are claimed now; `alive` is false where the owner died without taking its lab down. */
export const claimedLabs = async (): Promise<{ number: number; owner: Owner; alive: boolean }[]> => {
  const found = [];
  for (const name of await readdir(claims).catch(() => [])) {
    const owner = /^\d+$/.test(name) ? await readOwner(join(claims, name)) : undefined;
    if (!owner) continue;
    const alive = owner.kept || (await startTime(owner.pid)) === owner.started;
    found.push({ number: Number(name), owner, alive });
  }
  return found.sort((a, b) => a.number - b.number);
};

const putOwner = async (path: string, owner: Owner) => {
  const fresh = join(path, `owner.${process.pid}`);
  await writeFile(fresh, JSON.stringify(owner), { mode: 0o600 });
  await rename(fresh, join(path, 'owner.json'));
};

const self = async (folder: string): Promise<Owner> => ({
  pid: process.pid,
  started: (await startTime(process.pid)) ?? '',
  kept: false,
  folder,
});

/**
 * Claims a lab number: the given one, or the first that is free.
 *
 * @throws PlumbError `conflict` when it is held by a living owner
 */
export const claimLab = async (folder: string, wanted?: number): Promise<number> => {
  const fresh = join(claims, `.new-${process.pid}-${performance.now()}`);
  const make = () => mkdir(fresh, { recursive: true, mode: 0o700 });
  await make().catch(make); // the last lab that goes removes the folder above it
  await putOwner(fresh, await self(folder));
  const numbers = wanted === undefined ? Array.from({ length: labCount }, (_, number) => number) : [wanted];
  for (const number of numbers) {
    try {
      await rename(fresh, claimPath(number));
      return number;
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  await rm(fresh, { recursive: true });
  const which = wanted === undefined ? `all ${labCount} labs are` : `lab ${wanted} is`;
  throw new PlumbError('conflict', `${which} in use by other processes`, { hint: '`plumb lab down` takes labs down' });
};

/** Takes over the claim of a dead or kept lab, to take it down. @returns false when someone else was faster */
export const seizeLab = async (number: number, seen: Owner): Promise<boolean> => {
  const taken = join(claims, `.seized-${number}-${process.pid}`);
  try {
    await rename(claimPath(number), taken);
  } catch {
    return false;
  }
  const owner = await readOwner(taken);
  const ours = owner?.pid === seen.pid && owner.started === seen.started;
  if (ours) await putOwner(taken, await self(seen.folder));
  // put back at once: the number stays claimed, by us now, while the lab comes down
  try {
    await rename(taken, claimPath(number));
    return ours;
  } catch {
    await rm(taken, { recursive: true, force: true });
    return false; // someone claimed the number in between, and has taken down what was there
  }
};

/** Lets a lab outlive this process. */
export const keepLab = async (number: number): Promise<void> => {
  const owner = await readOwner(claimPath(number));
  if (owner) await putOwner(claimPath(number), { ...owner, kept: true });
};

/** Gives the number back. */
export const releaseLab = async (number: number): Promise<void> => {
  const gone = join(claims, `.gone-${process.pid}-${performance.now()}`);
  await rename(claimPath(number), gone).catch(() => {}); // in one go: an emptied folder is free to be claimed
  await rm(gone, { recursive: true, force: true });
  await rmdir(claims).catch(() => {}); // the last one
};
