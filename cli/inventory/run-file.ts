import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Static } from 'typebox';
import type { Config } from '../../core/config/config.ts';
import { makeStateFolder } from '../../core/config/state-folder.ts';
import { Type } from '../../core/schema.ts';
import { parseRecord } from '../../core/store/records.ts';

/** How the devices of a lab are reached, instead of what the inventory says. */
export const LabAccess = Type.Object({
  /** As whom and with which private key (a path); undefined: as the inventory says. */
  login: Type.Optional(Type.Object({ username: Type.String(), key: Type.String() })),
  knownHosts: Type.String(),
  devices: Type.Record(
    Type.String(),
    Type.Object({
      host: Type.String(),
      port: Type.Optional(Type.Integer()),
      options: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
});
export type LabAccess = Static<typeof LabAccess>;

/** `.plumb/nats.json`: how the other verbs find the `plumb up` running in the same folder. */
const RunFile = Type.Object({
  pid: Type.Integer(),
  url: Type.String(),
  user: Type.Optional(Type.String()),
  password: Type.Optional(Type.String()),
  lab: Type.Optional(LabAccess),
  api: Type.Optional(Type.String({ description: 'URL of its API' })),
});
type RunFile = Static<typeof RunFile>;

const pathOf = (state: string) => join(state, 'nats.json');

/** Whether a process is there, ours or not. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** @returns what the running `plumb up` wrote; undefined if there is none or it was killed */
export const readRunFile = async (state: string): Promise<RunFile | undefined> => {
  const bytes = await readFile(pathOf(state)).catch(() => undefined);
  const found = bytes && parseRecord(RunFile, bytes);
  return found && isAlive(found.pid) ? found : undefined;
};

/** The file of pinned keys used here: the lab's, while one runs in this folder. */
export const pinsInForce = async ({ state, knownHosts }: Pick<Config, 'state' | 'knownHosts'>): Promise<string> =>
  (await readRunFile(state))?.lab?.knownHosts ?? knownHosts;

/** Removes the file of a killed `plumb up`, even a half-written one. */
export const removeDeadRunFile = async (state: string): Promise<void> => {
  if (!(await readRunFile(state))) await rm(pathOf(state), { force: true });
  for (const name of await readdir(state).catch(() => [])) {
    const pid = Number(/^nats\.json\.(\d+)$/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await rm(join(state, name), { force: true });
  }
};

/**
 * Readable only by its owner, removed with its scope.
 *
 * @returns undefined if another `plumb up` already runs in this folder, whose file stays
 */
export const writeRunFile = async (state: string, run: RunFile): Promise<AsyncDisposable | undefined> => {
  if (await readRunFile(state)) return undefined;
  const path = pathOf(state);
  await makeStateFolder(state);
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, JSON.stringify(run), { mode: 0o600 });
  await chmod(fresh, 0o600);
  await rename(fresh, path);
  return {
    [Symbol.asyncDispose]: async () => {
      if ((await readRunFile(state))?.pid === run.pid) await rm(path, { force: true }); // else another one's by now
    },
  };
};
