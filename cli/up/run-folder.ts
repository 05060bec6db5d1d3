import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeStateFolder, removeEmptyStateFolder } from '../../core/config/state-folder.ts';
import { PlumbError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { isAlive, removeDeadRunFile } from '../inventory/run-file.ts';

// Each `plumb up` has a folder under .plumb/ that names its owner: what a killed one left behind is found and removed
// by the next.

const prefix = 'up-';

const ownerOf = async (folder: string): Promise<number | undefined> => {
  const pid = Number(await readFile(join(folder, 'owner'), 'utf8').catch(() => ''));
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
};

/** The nats-server running on a folder: it names itself there. */
const serverOf = async (folder: string): Promise<number | undefined> => {
  for (const name of await readdir(join(folder, 'ports')).catch(() => [])) {
    const pid = Number(/^nats-server_(\d+)\.ports$/.exec(name)?.[1]);
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(join(folder, 'nats.conf'))) return pid;
  }
  return undefined;
};

const stopServer = async (folder: string): Promise<void> => {
  const pid = await serverOf(folder);
  if (pid === undefined) return;
  process.kill(pid, 'SIGTERM');
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await wait(50); // not our child: there is no event
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
};

/** Stops and removes what a killed `plumb up` of this repository left behind. @returns how many there were */
export const sweep = async (state: string): Promise<number> => {
  let swept = 0;
  for (const name of await readdir(state).catch(() => [])) {
    if (name !== 'nats' && !name.startsWith(prefix)) continue;
    const folder = join(state, name);
    const owner = await ownerOf(folder);
    if (owner !== undefined && isAlive(owner)) continue;
    if (owner !== undefined) swept++;
    await stopServer(folder);
    await rm(name === 'nats' ? join(folder, 'owner') : folder, { recursive: true, force: true });
  }
  await removeDeadRunFile(state);
  await removeEmptyStateFolder(state);
  return swept;
};

const makeFolders = async (state: string, folder: string): Promise<void> => {
  await makeStateFolder(state);
  await makeFolder(folder, 0o700);
};

/**
 * The folder that one `plumb up` works in, and how it is given up.
 *
 * @param keep `.plumb/nats`, whose jobs and records outlive this run; else a folder that is removed
 * @throws PlumbError `conflict` where another `plumb up` works on what is kept
 */
export const runFolder = async (state: string, keep: boolean): Promise<AsyncDisposable & { folder: string }> => {
  const folder = join(state, keep ? 'nats' : `${prefix}${process.pid}`);
  const owner = await ownerOf(folder);
  if (owner !== undefined && isAlive(owner)) {
    throw new PlumbError('conflict', `another \`plumb up\` (process ${owner}) runs in this folder`, {
      hint: '`plumb status` asks that one; `--folder` names another repository',
    });
  }
  await makeFolders(state, folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EACCES' && cause.code !== 'EROFS') throw cause;
    throw new PlumbError('invalid_request', `${state} cannot be created: ${cause.message}`, {
      cause,
      hint: 'run it in a folder you may write to; `--folder` names another',
    });
  });
  await writeFile(join(folder, 'owner'), String(process.pid), { mode: 0o600 });
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      await rm(keep ? join(folder, 'owner') : folder, { recursive: true, force: true });
      await removeEmptyStateFolder(state);
    },
  };
};
