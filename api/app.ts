import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type RawServerDefault,
} from 'fastify';
import type { Oidc } from '../core/config/api-config.ts';
import type { Store } from '../core/store/store.ts';
import { openTrail } from './auth/audit/trail.ts';
import { guard } from './auth/guard.ts';
import { Lasting } from './auth/lasting.ts';
import { auditRoutes } from './auth/routes/audit.ts';
import { keyRoutes } from './auth/routes/keys.ts';
import { oidcRoutes } from './auth/routes/oidc.ts';
import { sessionRoutes } from './auth/routes/session.ts';
import { bulkRoutes } from './bulk/route.ts';
import { bgpHistoryRoutes } from './device/bgp-history.ts';
import { historyRoutes } from './device/history.ts';
import { lastReadRoutes } from './device/read-routes.ts';
import { eventRoutes } from './events/route.ts';
import { takeBodies, validatorCompiler } from './http/body-validation.ts';
import { answerMisses } from './http/misses.ts';
import { describeApi } from './http/openapi.ts';
import { servePage } from './http/page.ts';
import { HttpProblem, toProblem } from './http/problem.ts';
import { type Bus, openBus } from './http/reach.ts';
import { tagAnswers } from './http/tags.ts';
import type { Shown } from './http/tls.ts';
import { answerForNode, answerUnread } from './http/unread.ts';
import { onceOnly } from './once/once.ts';
import { workRoutes } from './routes/changes.ts';
import { deviceRoutes } from './routes/devices.ts';
import { healthRoutes } from './routes/health.ts';
import { holdRoutes } from './routes/holds.ts';
import { jobRoutes } from './routes/jobs.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { readRoutes } from './routes/reads.ts';
import { runnerRoutes } from './routes/runners.ts';
import { endUntakenJobs, type UntakenPace } from './untaken.ts';
import { openViews, type ViewPace, type Views } from './views/views.ts';
import { gitHookRoutes } from './webhooks/git.ts';
import type { Hook } from './webhooks/hooks.ts';
import { webhookRoutes } from './webhooks/routes.ts';
import { type HookPace, runWebhooks } from './webhooks/run.ts';

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export type AppOptions = {
  store: Store;
  /** SHA-256 of the site's own API key, in hex. */
  apiKeyHash: string;
  version?: string | undefined;
  /** `open`: whoever reaches the port may read /metrics, without the key. */
  metrics?: 'key' | 'open' | undefined;
  /** Who may log in by an identity provider. */
  oidc?: Oidc | undefined;
  /** Who is told what happens. */
  webhooks?: readonly Hook[];
  hookPace?: HookPace;
  /** With which git servers sign that something was pushed. */
  gitHookSecret?: string | undefined;
  /** undefined: plain HTTP. */
  tls?: Shown | undefined;
  /** Callers have to show a certificate. */
  clientCertificates?: boolean;
  /** Whose X-Forwarded-For is believed. */
  trustedProxies?: readonly string[];
  /** After which NATS counts as away. */
  natsTimeoutMs?: number;
  views?: ViewPace;
  untaken?: UntakenPace;
  /** Folder of the built page, where it is not the one that belongs to this code. */
  page?: string;
};

/** What the routes work with. */
export type Api = {
  store: Store;
  bus: Bus;
  views: Views;
  lasting: Lasting;
  metrics: 'key' | 'open';
  /** Aborts when the API stops: what waits for a job answers at once. */
  signal: AbortSignal;
};

const bodyLimitBytes = 64 * 1024;
/** For the whole request to arrive; not for its answer. */
const requestTimeoutMs = 60_000;

const sendProblem = (error: unknown, url: string, reply: FastifyReply) => {
  const problem = toProblem(error, url);
  if (error instanceof HttpProblem) reply.headers(error.headers);
  return reply.code(problem.status).type('application/problem+json').send(problem);
};

/** The REST API, without a port: all that it knows comes from NATS, so that any number of them may run. */
export const buildApp = async (options: AppOptions): Promise<App> => {
  const { store, apiKeyHash, version = '0.0.0', metrics = 'key', natsTimeoutMs, page, oidc } = options;
  const { webhooks = [], hookPace, gitHookSecret } = options;
  const { tls, clientCertificates = false, trustedProxies = [] } = options;
  const http = { requireHostHeader: false }; // answered by ourselves, as everything is
  const made = Fastify({
    logger: false,
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    ...(tls
      ? { https: { ...http, ...tls, requestCert: clientCertificates, rejectUnauthorized: clientCertificates } }
      : { http }),
    ...(trustedProxies.length > 0 ? { trustProxy: [...trustedProxies] } : {}),
    return503OnClosing: false,
    clientErrorHandler: answerUnread,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => sendProblem(error, request.url, reply as FastifyReply),
  });
  const app = made.withTypeProvider<TypeBoxTypeProvider>() as unknown as App; // of HTTP and HTTPS alike
  const stop = new AbortController();
  const bus = openBus(store, natsTimeoutMs);
  const views = await openViews(store, bus, stop.signal, options.views);
  const lasting = new Lasting({ store, bus }, stop.signal);
  const api: Api = { store, bus, views, lasting, metrics, signal: stop.signal };
  app.addHook('preClose', async () => stop.abort());
  let told: Promise<void> | undefined;
  const ended = endUntakenJobs(api, stop.signal, options.untaken);
  app.addHook('onClose', async () => {
    await told;
    await ended;
    bus[Symbol.dispose]();
  });
  app.addHook('onRequest', async () => {
    if (stop.signal.aborted)
      throw new HttpProblem('stopping', 'the API is stopping', { hint: 'send the request to another instance' });
  });
  answerForNode(app, app.server);
  takeBodies(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler((error, request, reply) => sendProblem(error, request.url, reply));
  app.addHook('onSend', async (_request, reply) => {
    const isOfData = !reply.hasHeader('cache-control'); // the page's files say it of themselves
    if (isOfData) reply.header('cache-control', reply.hasHeader('etag') ? 'private, no-cache' : 'no-store');
    if (stop.signal.aborted) reply.header('connection', 'close'); // else the server waits for a next request
  });
  const trail = openTrail(store);
  onceOnly(app, api);
  await guard(app, api, apiKeyHash, trail);
  answerMisses(app);
  tagAnswers(app);
  await describeApi(app, version);
  servePage(app, page);
  for (const routes of [
    healthRoutes,
    deviceRoutes,
    workRoutes,
    holdRoutes,
    readRoutes,
    bulkRoutes,
    lastReadRoutes,
    historyRoutes,
    bgpHistoryRoutes,
    jobRoutes,
    eventRoutes,
    runnerRoutes,
    metricsRoutes,
    (scope: App) => sessionRoutes(scope, api, apiKeyHash, trail, { oidc: oidc !== undefined }),
    ...(oidc ? [(scope: App) => oidcRoutes(scope, api, oidc, trail)] : []),
    keyRoutes,
    auditRoutes,
    (scope: App) => webhookRoutes(scope, api, webhooks),
    (scope: App) => gitHookRoutes(scope, api, gitHookSecret),
  ]) {
    await app.register(async (scope: App) => routes(scope, api));
  }
  await app.ready();
  if (webhooks.length > 0) told = runWebhooks(api, webhooks, stop.signal, hookPace);
  return app;
};
