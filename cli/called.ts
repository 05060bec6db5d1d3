import { basename, relative } from 'node:path';

type Called = { env: NodeJS.ProcessEnv; script: string | undefined; cwd: string };

/** For a shell. */
const shortest = (cwd: string, path: string): string => {
  const way = relative(cwd, path);
  const shorter = way.startsWith('..') ? path : way;
  return /[^\w./-]/.test(shorter) ? `'${shorter.replaceAll("'", `'\\''`)}'` : shorter;
};

/**
 * One of our command lines as the person at the terminal would type it here: if `plumb` is not on the PATH it is called
 * differently, and outside the checkout npx would fetch a different package of that name.
 *
 * @param folder the repository that it is to work in
 */
export const callAgain = (
  words: string,
  folder: string,
  { env, script = 'plumb', cwd }: Called = { env: process.env, script: process.argv[1], cwd: process.cwd() },
): string => {
  const byNpm = env.npm_lifecycle_event === 'start' || env.npm_lifecycle_event === 'npx';
  const program = byNpm ? 'npx plumb' : basename(script) === 'plumb' ? 'plumb' : `node ${shortest(cwd, script)}`;
  const at = shortest(cwd, folder);
  return `${program} ${words}${at ? ` -C ${at}` : ''}`;
};
