import { chmod } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { runGit } from '../../watcher/git/command.ts';
import { hookFolders } from '../../watcher/git/hook.ts';
import { writeNew } from './write.ts';

/** @param folder the network's, relative to the top of the working tree; `.` if it is the top */
const script = (folder: string): string => `#!/bin/sh
# Made by \`plumb init --hook\`: intended/ is committed as the templates render it.
command -v plumb >/dev/null || { echo 'pre-commit: plumb is not on the PATH' >&2; exit 1; }
plumb render --check -C '${folder.replaceAll("'", `'\\''`)}' && exit
echo '  → or commit as it is, just once: git commit --no-verify' >&2
exit 1
`;

/**
 * Installs the pre-commit hook; creates a repository if there is none.
 *
 * @returns what was done, for people
 * @throws PlumbError `source_failed`
 */
export const installCheck = async (folder: string): Promise<string> => {
  const inside = await runGit(folder, ['rev-parse', '--is-inside-work-tree'], { answers: [0, 128] });
  if (inside.code !== 0) await runGit(folder, ['init', '--quiet', '--initial-branch=main']);
  const { top, hooks } = await hookFolders(folder);
  const texts = new Map([['pre-commit', script(relative(top, folder) || '.')]]);
  const [file] = await writeNew(hooks, texts, { inGit: true });
  const path = relative(folder, join(hooks, 'pre-commit'));
  if (!file?.written) return `left as it is: ${path}: add \`plumb render --check\` to it`;
  await chmod(join(hooks, 'pre-commit'), 0o755);
  return `${inside.code === 0 ? '' : 'made a git repository, branch main\n'}wrote ${path}`;
};
