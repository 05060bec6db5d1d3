import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { promisify } from 'node:util';
import { explain, PlumbError } from '../../core/errors.ts';
import { sameText } from '../../core/text/utf8.ts';
import type { Context } from '../context.ts';
import { needCheckout } from './read-inventory.ts';

const run = promisify(execFile);

/** Where a device's intended configuration is, absolute. */
export const intendedPath = (context: Context, device: string): string =>
  join(context.config.intended, `${device}.cfg`);

/** The same path as people write it. */
export const shortPath = (context: Context, path: string): string => relative(context.config.folder, path);

/** The intended configuration as it is on disk. @throws PlumbError `source_failed` */
export const readIntended = async (context: Context, device: string): Promise<string> => {
  const path = intendedPath(context, device);
  const bytes = await readFile(path).catch(async (cause: unknown) => {
    await needCheckout(context.config, 'comparing or pushing what is saved');
    throw new PlumbError('source_failed', `${device}: cannot read ${shortPath(context, path)}: ${explain(cause)}`, {
      cause,
      hint: `\`plumb render ${device}\` makes it from templates, \`plumb adopt ${device}\` from the device`,
    });
  });
  return sameText(bytes, shortPath(context, path));
};

/** The intended configuration as it was committed. @throws PlumbError `source_failed` */
export const intendedAt = async (context: Context, device: string, ref: string): Promise<string> => {
  const path = shortPath(context, intendedPath(context, device));
  if (ref.startsWith('-')) throw new PlumbError('invalid_request', `--ref ${ref}: not the name of a commit`);
  try {
    const options = { cwd: context.config.folder, maxBuffer: 64 * 1024 * 1024, signal: context.signal };
    const prefix = (await run('git', ['rev-parse', '--show-prefix'], options)).stdout.trimEnd();
    // from the root of the commit: in a bare repository git accepts no other path
    const object = `${ref}:${posix.join(prefix, path)}`;
    const { stdout } = await run('git', ['cat-file', '--filters', object], { ...options, encoding: 'buffer' });
    return sameText(stdout, object);
  } catch (cause) {
    if (cause instanceof PlumbError) throw cause;
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : explain(cause);
    throw new PlumbError('source_failed', `${device}: git has no ${path} at ${ref}: ${said}`, {
      cause,
      hint: '`git log -- intended/configs` lists the commits that changed it',
    });
  }
};

/** The commit of a file on disk, if it is exactly as committed. */
export const commitOf = async (context: Context, path: string): Promise<string | undefined> => {
  const git = (...args: string[]) =>
    run('git', ['-C', context.config.folder, ...args]).then(({ stdout }) => stdout.trim());
  try {
    if ((await git('status', '--porcelain', '--', path)) !== '') return undefined;
    return (await git('log', '-1', '--format=%H', '--', path)) || undefined;
  } catch {
    return undefined; // no repository: the file is the source
  }
};
