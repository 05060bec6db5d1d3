import { once } from 'node:events';
import { join } from 'node:path';
import { Command } from 'commander';
import { keptLines, log } from '../../core/log.ts';
import { processName } from '../../core/logs/process-name.ts';
import { tellLog } from '../../core/logs/tell-log.ts';
import type { Context } from '../context.ts';
import { logStart } from '../output/start-line.ts';
import { version } from '../version.ts';

/** Where this machine keeps the API key, for its own command line. */
export const keyFileOf = (state: string): string => join(state, 'api-key');

/** `plumb api`: the REST API, as a separate process. */
export const apiVerb = (context: Context): Command =>
  new Command('api')
    .description('Serve the REST API and metrics until SIGTERM. Several may run side by side: all state is in NATS.')
    .option('--listen <address>', 'address to listen on')
    .option('--api-port <port>', 'port to listen on; 9000 unless plumbline.yml says otherwise')
    .option('--open-metrics', '/metrics needs no key')
    .addHelpText(
      'after',
      `
The first start creates an API key and keeps it in .plumb/api-key; NATS stores only its hash.

Example:
  $ plumb api
  $ curl -H "Authorization: Bearer $(cat .plumb/api-key)" http://127.0.0.1:9000/api/v1/devices`,
    )
    .action(async (options: { listen?: string; openMetrics?: boolean }) => {
      const { config, signal, err } = context;
      log.level = config.log;
      const { startApi } = await import('../../api/main.ts');
      const { hooksFrom } = await import('../../api/webhooks/hooks.ts');
      const webhooks = hooksFrom(config.webhooks, context.env);
      const store = await context.store({ as: 'api' });
      const { isTTY } = context.terminal;
      await using _told = tellLog(store, 'api', processName(), keptLines);
      await using api = await startApi({
        store,
        listen: options.listen ?? config.api.host,
        port: config.api.port,
        signal,
        keyFile: keyFileOf(config.state),
        oidc: config.api.oidc,
        webhooks,
        gitHookSecret: config.api.gitHookSecret,
        tls: config.api.tls,
        trustedProxies: config.api.trustedProxies,
        version,
        metrics: options.openMetrics ? 'open' : 'key',
        say: err,
        isTty: isTTY,
      });
      if (isTTY) err(`listening on ${api.url}\n`);
      else logStart('API', store, { url: api.url, version }, `listening on ${api.url}`);
      if (!signal.aborted) await once(signal, 'abort');
    });
