import { execFile } from 'node:child_process';
import { basename, posix } from 'node:path';
import { promisify } from 'node:util';
import { explain, PlumbError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { shortPath } from '../inventory/intended.ts';

const run = promisify(execFile);

/** What a branch does to `intended/`, by device. */
export type Branch = {
  /** The commit at which the two parted. */
  left: string;
  /** Written or changed since it left its base. */
  changed: ReadonlySet<string>;
  /** Of these, those that had no file there. */
  added: ReadonlySet<string>;
  /** Its file is gone on the branch. */
  removed: ReadonlySet<string>;
  /** Changed on the base as well since: what a merge makes of both, nobody knows before. */
  onBoth: ReadonlySet<string>;
};

/** @throws PlumbError `invalid_request` with git's words: nothing was compared */
export const readBranch = async (context: Context, base: string, ref: string): Promise<Branch> => {
  for (const [name, value] of Object.entries({ '--base': base, '--ref': ref }))
    if (value === '' || value.startsWith('-'))
      throw new PlumbError('invalid_request', `${name} "${value}": not the name of a commit`);
  const options = { cwd: context.config.folder, maxBuffer: 64 * 1024 * 1024, signal: context.signal };
  const git = async (...args: string[]): Promise<string> => {
    try {
      return (await run('git', args, options)).stdout;
    } catch (cause) {
      const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : explain(cause);
      throw new PlumbError(
        'invalid_request',
        `cannot compare ${ref} with ${base}: git ${args[0]}: ${said || 'they have no commit in common'}`,
        {
          cause,
          hint: 'are both names known here (`git branch --all`), and the whole history (`git fetch --unshallow`, in a GitHub workflow `fetch-depth: 0`)?',
        },
      );
    }
  };
  const prefix = (await git('rev-parse', '--show-prefix')).trimEnd();
  const folder = posix.join(prefix, shortPath(context, context.config.intended));
  const left = (await git('merge-base', base, ref)).trim();
  const since = async (to: string) => {
    const listed = await git('diff', '--name-status', '--no-renames', '-z', left, to, '--', `:(top,literal)${folder}`);
    const words = listed.split('\0');
    const files = words.flatMap((status, index) =>
      index % 2 === 0 && status ? [{ status, path: words[index + 1] ?? '' }] : [],
    );
    return files.flatMap(({ status, path }) => {
      const ours = posix.dirname(path) === folder && path.endsWith('.cfg');
      return ours ? [{ device: basename(path, '.cfg'), status }] : [];
    });
  };
  const [branch, main] = [await since(ref), new Set((await since(base)).map(({ device }) => device))];
  const pick = (wanted: (status: string) => boolean) =>
    new Set(branch.flatMap(({ device, status }) => (wanted(status) ? [device] : [])));
  const changed = pick((status) => status !== 'D');
  return {
    left,
    changed,
    added: pick((status) => status === 'A'),
    removed: pick((status) => status === 'D'),
    onBoth: new Set([...changed].filter((device) => main.has(device))),
  };
};
