import { createServer } from 'node:net';
import { defaultApiPort } from '../../../core/config/api-config.ts';
import { PlumbError } from '../../../core/errors.ts';
import { keptLines } from '../../../core/log.ts';
import { processName } from '../../../core/logs/process-name.ts';
import type { Context } from '../../context.ts';
import { portHolder } from '../../doctor/port-holder.ts';
import { version } from '../../version.ts';
import type { Bus, Say, Told } from './bus.ts';

/** Whether a port of this machine can be listened on. */
const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });

/** Starts the API of `plumb up`; another port than the usual one is taken where that is in use. @throws PlumbError `invalid_request` */
export const startApiOf = async (context: Context, inLab: boolean, bus: Bus, keyFile: string, say: Say, told: Told) => {
  const { host, port: wanted, oidc, gitHookSecret, tls, trustedProxies } = context.config.api;
  const mayMove = inLab || wanted === defaultApiPort; // otherwise someone relies on the named one
  if (!mayMove && wanted !== 0 && !(await isFree(host, wanted))) {
    const holder = await portHolder(wanted);
    throw new PlumbError('invalid_request', `port ${wanted} of ${host} is in use ${holder}, and the API needs one`, {
      hint: 'name another with --api-port, or 0 for a free one',
    });
  }
  const { startApi } = await import('../../../api/main.ts');
  const { hooksFrom } = await import('../../../api/webhooks/hooks.ts');
  const webhooks = hooksFrom(context.config.webhooks, context.env);
  const store = await bus.open('api');
  told(store, 'api', processName(), keptLines);
  const serve = (port: number) =>
    startApi({
      store,
      listen: host,
      port,
      signal: new AbortController().signal, // ended by its scope, after pending requests are answered
      keyFile,
      oidc,
      webhooks,
      gitHookSecret,
      tls,
      trustedProxies,
      version,
      say: () => {}, // the key is in the file that is named below
    });
  return serve(wanted).catch(async (error: unknown) => {
    const isTaken = error instanceof PlumbError && (error.cause as NodeJS.ErrnoException)?.code === 'EADDRINUSE';
    if (!mayMove || !isTaken) throw error;
    const holder = await portHolder(wanted);
    say(`port ${wanted} is in use ${holder}: the API uses another one\n`); // nobody could take it between a check and this
    return serve(0);
  });
};
