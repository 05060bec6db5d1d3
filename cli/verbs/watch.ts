import { Command, Option } from 'commander';
import { loadInventory } from '../../core/inventory/inventory.ts';
import { keptLines, log } from '../../core/log.ts';
import { processName } from '../../core/logs/process-name.ts';
import { tellLog } from '../../core/logs/tell-log.ts';
import type { Source } from '../../watcher/source.ts';
import type { Context } from '../context.ts';
import { logStart } from '../output/start-line.ts';
import { openSource } from '../up/open-source.ts';
import { version } from '../version.ts';

type Options = { source?: 'files' | 'git'; branch?: string; remote?: string };

/** What is published follows the source's own inventory; until the first commit, the one on disk names the site. */
const siteOf = async (context: Context, source: Source): Promise<string> => {
  try {
    return source.inventory().site;
  } catch (why) {
    const saved = await context.inventory().catch(() => {
      throw why;
    });
    return saved.site;
  }
};

/** `plumb watch`: publishes intents, as a separate process. */
export const watchVerb = (context: Context): Command =>
  new Command('watch')
    .description('Publish the intended configuration of each device whenever it changes, until SIGTERM.')
    .addOption(
      new Option('--source <source>', 'what is committed (git) or what is saved (files)').choices(['git', 'files']),
    )
    .option('--branch <branch>', 'with git: from this branch; default: the one HEAD is on')
    .option('--remote <remote>', "with git: from this remote's branch, fetched every few seconds")
    .addHelpText(
      'after',
      `
The git source never renders: run \`plumb render --check\` in CI or a commit hook to keep templates and intended/ in step.

Example:
  $ NATS_URL=nats://nats:4222 plumb watch --branch main
  $ plumb watch --remote origin --branch main`,
    )
    .action(async ({ source, branch, remote }: Options) => {
      const { config, signal } = context;
      const { startWatcher } = await import('../../watcher/main.ts');
      log.level = config.log;
      const { folder, inventory } = config;
      const kind = source ?? config.source.kind ?? 'git';
      const opened = await openSource({
        kind,
        folder,
        inventory,
        loadInventory,
        branch: branch ?? config.source.branch,
        remote: remote ?? config.source.remote,
      });
      const store = await context.store({ as: 'watcher', site: await siteOf(context, opened) });
      await using _told = tellLog(store, 'watcher', processName(), keptLines);
      await using watcher = startWatcher({ store, source: opened, signal });
      const what = kind === 'git' ? 'what is committed' : 'what is saved';
      logStart('watcher', store, { source: kind, folder, version }, `publishes ${what} in ${folder}`);
      await watcher.ended;
    });
