import { relative } from 'node:path';
import { Command } from 'commander';
import type { Context } from '../context.ts';

const said = { installed: 'installed', renewed: 'renewed', chained: 'installed; the hook that was there runs first' };

/** `plumb hook`: has git tell the watcher about a commit or a push. */
export const hookVerb = (context: Context): Command => {
  const verb = new Command('hook')
    .description('Install git hooks that tell a watcher on this machine at once about each commit, merge and push.')
    .addHelpText('after', '\nExample:\n  $ plumb hook install\n  $ plumb hook remove');
  const shown = (path: string) => relative(context.config.folder, path);
  verb
    .command('install')
    .description('Install the hooks. Existing hooks stay and run first; ours never makes a commit fail.')
    .addHelpText('after', '\nExample:\n  $ plumb hook install\n  $ plumb hook install -C /srv/git/network.git')
    .action(async () => {
      const { installHooks } = await import('../../watcher/git/hook.ts');
      for (const { path, how } of await installHooks(context.config.folder))
        context.out(`${shown(path)}  ${said[how]}\n`);
    });
  verb
    .command('remove')
    .description('Remove the hooks and restore those that were there before.')
    .addHelpText('after', '\nExample:\n  $ plumb hook remove')
    .action(async () => {
      const { removeHooks } = await import('../../watcher/git/hook.ts');
      for (const path of await removeHooks(context.config.folder)) context.out(`${shown(path)}  removed\n`);
    });
  return verb;
};
