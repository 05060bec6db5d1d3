import { Counter, Gauge, Registry } from 'prom-client';
import { Type } from 'typebox';
import { type Job, Runner, syncs } from '../../core/bus.ts';
import { listRecords } from '../../core/store/records.ts';
import type { Api, App } from '../app.ts';
import { problems } from '../http/responses.ts';
import { type JobSummary, Nothing } from '../http/schemas.ts';

/** Counts the jobs that end while this instance runs: by kind and outcome, both words of a closed list. */
const countJobs = ({ views }: Api, finished: Counter<'kind' | 'outcome'>): void => {
  views.listen((news) => {
    if (news.kind !== 'job' || news.change.kind !== 'changed') return;
    const { value, before } = news.change;
    // a finished record may be published more than once
    if (value?.state !== 'finished' || before?.state === 'finished') return;
    const { kind, outcome }: JobSummary = JSON.parse(value.text);
    finished.inc({ kind, outcome: outcomeOf(outcome) });
  });
};

const outcomeOf = (outcome: Job['outcome']): string =>
  outcome?.kind === 'failed' ? outcome.code : (outcome?.kind ?? 'unknown');

const secondsSince = (time: string) => Math.max(0, (Date.now() - Date.parse(time)) / 1000);

/** Figures for Prometheus. The only label without a closed list is the device's name, for devices of the inventory. */
export const metricsRoutes = (app: App, api: Api): void => {
  const { store, bus, metrics } = api;
  const registry = new Registry();
  const registers = [registry];
  const gauge = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge<L>({ name: `plumb_${name}`, help, labelNames, registers });
  const devices = gauge('devices', 'Devices by sync', 'sync');
  const established = gauge('bgp_sessions_established', 'BGP sessions that are up', 'device');
  const expected = gauge('bgp_sessions_expected', 'BGP sessions that are configured', 'device');
  const session = gauge(
    'device_session_up',
    '1 if the runner has a session on the device, and was heard of just now',
    'device',
  );
  const age = gauge('intent_age_seconds', 'Age of the newest intended configuration', 'device');
  const runners = gauge('runners', 'Runners that are up');
  const finished = new Counter({
    name: 'plumb_jobs_finished_total',
    help: 'Jobs that ended since this instance started',
    labelNames: ['kind', 'outcome'] as const,
    registers,
  });
  countJobs(api, finished);

  const collect = async () => {
    const [up] = await Promise.all([bus.reach(() => listRecords(store.runners, Runner)), api.views.fresh('devices')]);
    const views = api.views.devices.entries().flatMap((entry) => api.views.devices.view(entry) ?? []);
    for (const one of [devices, established, expected, session, age]) one.reset();
    for (const sync of syncs) devices.set({ sync }, views.filter((view) => view.sync === sync).length);
    for (const { device, lease, state } of views) {
      const isHeard = lease && api.views.devices.lease.isHeard(lease.runner);
      session.set({ device }, isHeard && state?.session.state === 'connected' ? 1 : 0);
      if (state?.intent) age.set({ device }, secondsSince(state.intent.generation.at));
      if (!state?.bgp || !lease) continue; // nobody looks: no figure is better than an old one
      established.set({ device }, state.bgp.established);
      expected.set({ device }, state.bgp.expected);
    }
    runners.set(up.size);
  };

  app.get(
    '/metrics',
    {
      config: { needs: metrics === 'open' ? 'nothing' : ['view', 'site'] },
      schema: {
        operationId: 'metrics',
        summary: 'Metrics for Prometheus',
        tags: ['health'],
        ...(metrics === 'open' ? { security: [] } : {}),
        querystring: Nothing,
        response: { 200: { content: { 'text/plain': { schema: Type.String() } } }, ...problems },
      },
    },
    async (_request, reply) => {
      await collect();
      return reply.type(registry.contentType).send(await registry.metrics());
    },
  );
};
