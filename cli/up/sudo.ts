import { chown, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Who called us through sudo; undefined if nobody did. */
const caller = (env: NodeJS.ProcessEnv): { uid: number; gid: number } | undefined => {
  const [uid, gid] = [Number(env.SUDO_UID), Number(env.SUDO_GID)];
  return process.getuid?.() === 0 && uid > 0 && gid > 0 ? { uid, gid } : undefined;
};

/** Gives what we created as root to the user who called us through sudo: other verbs and editors run without it. */
export const giveToCaller = async (env: NodeJS.ProcessEnv, ...paths: readonly string[]): Promise<void> => {
  const to = caller(env);
  if (to) for (const path of paths) await chown(path, to.uid, to.gid).catch(() => {}); // gone already
};

/** The same for each file in a folder: what was rendered again. */
export const giveFolderToCaller = async (env: NodeJS.ProcessEnv, folder: string): Promise<void> => {
  if (!caller(env)) return;
  const names = await readdir(folder).catch(() => []);
  await giveToCaller(env, ...names.map((name) => join(folder, name)));
};
