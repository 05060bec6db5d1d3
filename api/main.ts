import type { Server } from 'node:https';
import { isIP } from 'node:net';
import type { Oidc, TlsFiles } from '../core/config/api-config.ts';
import { explain, PlumbError } from '../core/errors.ts';
import type { Store } from '../core/store/store.ts';
import { buildApp } from './app.ts';
import { personName } from './auth/log-in.ts';
import { makeLink } from './auth/sessions.ts';
import { openApiKey } from './http/key.ts';
import { followTls, readTls } from './http/tls.ts';
import type { Hook } from './webhooks/hooks.ts';

type ApiOptions = {
  store: Store;
  /** Address to listen on. */
  listen: string;
  /** 0: any free one. */
  port: number;
  /** Stops it. */
  signal: AbortSignal;
  /** Path of the file that keeps the API key for this machine's command line. */
  keyFile: string;
  version?: string;
  /** `open`: /metrics needs no key. */
  metrics?: 'key' | 'open';
  /** Who may log in by an identity provider. */
  oidc?: Oidc | undefined;
  /** Who is told what happens. */
  webhooks?: readonly Hook[];
  /** With which git servers sign that something was pushed. */
  gitHookSecret?: string | undefined;
  /** Serves it by TLS. */
  tls?: TlsFiles | undefined;
  /** Whose X-Forwarded-For is believed. */
  trustedProxies?: readonly string[];
  /** Shows a line to the operator. */
  say: (text: string) => void;
  /** What is said goes to a terminal, not to a log. */
  isTty?: boolean;
};

/** How long answers that are on their way may take once the API stops. */
const stopMs = 3_000;

export type RunningApi = AsyncDisposable & {
  readonly url: string;
  /** An address that logs whoever opens it first in, as this admin; undefined where no page is served. */
  loginLink(name: string): Promise<string | undefined>;
};

/**
 * Serves the REST API until the signal aborts or it is disposed.
 *
 * @throws PlumbError `invalid_request` where it cannot listen, `nats_unavailable`, `credentials_unavailable`
 */
export const startApi = async (options: ApiOptions): Promise<RunningApi> => {
  const {
    store,
    listen,
    port,
    signal,
    keyFile,
    version,
    metrics,
    oidc,
    webhooks = [],
    gitHookSecret,
    tls,
    trustedProxies = [],
    say,
    isTty = false,
  } = options;
  const apiKeyHash = await openApiKey(store, keyFile, say, isTty);
  const shown = tls && (await readTls(tls));
  const app = await buildApp({
    store,
    apiKeyHash,
    version,
    metrics,
    oidc,
    webhooks,
    gitHookSecret,
    tls: shown,
    clientCertificates: tls?.clientCa !== undefined,
    trustedProxies,
  });
  const ended = new AbortController();
  app.server.once('close', () => ended.abort());
  try {
    const url = await app.listen({ host: listen, port });
    if (tls && shown) followTls(app.server as unknown as Server, tls, shown, ended.signal);
    let closed: Promise<void> | undefined;
    const close = async () => {
      // a caller who neither sends nor reads must not keep us
      const force = setTimeout(() => app.server.closeAllConnections(), stopMs);
      await app.close();
      clearTimeout(force);
    };
    const stop = () => {
      closed ??= close();
      return closed;
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) await stop();
    return {
      url,
      loginLink: async (name) => {
        if ((await app.inject('/')).statusCode !== 200) return undefined;
        const secret = await makeLink(store, personName('terminal', name), [{ role: 'admin' }]);
        return `${url}/login?link=${secret}`;
      },
      [Symbol.asyncDispose]: async () => {
        signal.removeEventListener('abort', stop);
        await stop();
      },
    };
  } catch (cause) {
    await app.close();
    const host = isIP(listen) === 6 ? `[${listen}]` : listen;
    throw new PlumbError('invalid_request', `the API cannot listen on ${host}:${port}: ${explain(cause)}`, {
      cause,
      hint: 'choose another port with --api-port, or stop the process that listens there',
    });
  }
};
