import { Type } from 'typebox';
import { DeviceName, JobId } from '../../core/bus.ts';
import { redactInTurns } from '../../core/redact/redact.ts';
import { fetchIntent } from '../../core/store/intents.ts';
import type { Api, App } from '../app.ts';
import { HttpProblem } from '../http/problem.ts';
import { answers } from '../http/responses.ts';
import { DevicePath, JobList, Nothing } from '../http/schemas.ts';
import { devicePath } from '../routes/changes.ts';
import { getEntry } from '../routes/device-view.ts';
import { pageOf } from '../views/answer.ts';
import { isHistory } from '../views/jobs.ts';
import { fieldOf, lastRead } from './last-read.ts';

const closed = { additionalProperties: false } as const;
const read = {
  device: DeviceName,
  job: JobId,
  at: Type.String({ description: 'when it was read, RFC 3339' }),
  ageSeconds: Type.Integer(),
};
const Config = Type.Object({
  device: DeviceName,
  what: Type.Enum(['running', 'startup', 'intended']),
  config: Type.String({ description: 'its secrets masked; cut at 256 KiB but for the intended one' }),
  at: Type.String({ description: 'when it was read of the device, or published' }),
  ageSeconds: Type.Integer(),
  job: Type.Union([JobId, Type.Null()], { description: 'that read it; null for the intended one' }),
  sha256: Type.Union([Type.String(), Type.Null()], { description: 'of the intended text as it was published' }),
});
const Difference = Type.Object({ ...read, diff: Type.String({ description: "the device's own; empty: none" }) });
const Sessions = Type.Object({
  ...read,
  known: Type.Boolean({ description: 'whether the device can be asked: if not, its sessions are unknown by now' }),
  reason: Type.String({ description: 'why they are unknown; empty when they are known' }),
  bgp: Type.Unknown({ description: 'in the shape of NAPALM' }),
});
const ConfigQuery = Type.Object(
  { what: Type.Optional(Type.Enum(['running', 'startup', 'intended'], { description: 'running if not given' })) },
  closed,
);
const HistoryQuery = Type.Object(
  {
    all: Type.Optional(Type.Boolean({ description: 'those that changed nothing, too' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: '20 where it is not given' })),
    cursor: Type.Optional(JobId),
  },
  closed,
);

const intended = async ({ store, bus }: Api, device: string) => {
  const intent = await bus.reach(() => fetchIntent(store, device));
  if (!intent) {
    throw new HttpProblem('not_found', `${device}: no configuration was published for it`, {
      hint: 'the watcher publishes what its source holds; `plumb status` says what is wrong',
    });
  }
  const { at, sha256 } = intent.generation;
  const ageSeconds = Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000));
  return { at, sha256, ageSeconds, config: await redactInTurns(Buffer.from(intent.body).toString()) };
};

/** Why nobody can say how the sessions of a device are now; empty: its runner can. */
const whyUnknown = ({ views: { devices } }: Api, device: string): string => {
  if (!devices.lease.get(device)) return 'no runner holds it';
  const session = devices.state.get(device)?.session;
  return session?.state === 'disconnected' ? session.error || 'its runner has no session on it' : '';
};

/** What was read last of a device: a GET never asks the device, a POST of the same name does. */
export const lastReadRoutes = (app: App, api: Api): void => {
  const schema = <const T extends object>(operationId: string, summary: string, more: T) => ({
    operationId,
    summary,
    tags: ['devices'],
    params: DevicePath,
    ...more,
  });
  app.get(
    devicePath('config'),
    {
      config: { needs: ['view', 'device'] },
      schema: schema('lastConfig', 'The configuration that was read last, or the one that is intended', {
        querystring: ConfigQuery,
        response: answers(Config),
      }),
    },
    async ({ params: { name: device }, query: { what = 'running' } }) => {
      await getEntry(api, device);
      if (what === 'intended') return { device, what, job: null, ...(await intended(api, device)) };
      await api.views.fresh('jobs');
      const { result, ...last } = await lastRead(api, device, 'config', ({ request }) => {
        const from = fieldOf(request, 'saved') === null ? (fieldOf(request, 'from') ?? 'running') : 'saved';
        return from === what;
      });
      return { ...last, what, sha256: null, config: String(fieldOf(result, 'config')) };
    },
  );
  app.get(
    devicePath('diff'),
    {
      config: { needs: ['view', 'device'] },
      schema: schema('lastDiff', 'Intended against running, as it was compared last', {
        querystring: Nothing,
        response: answers(Difference),
      }),
    },
    async ({ params: { name: device } }) => {
      await getEntry(api, device);
      await api.views.fresh('jobs');
      const ofIntent = ({ request }: { request?: unknown }) => fieldOf(request, 'config') === null;
      const { result, ...last } = await lastRead(api, device, 'diff', ofIntent);
      return { ...last, diff: String(fieldOf(result, 'diff')) };
    },
  );
  app.get(
    devicePath('bgp'),
    {
      config: { needs: ['view', 'device'] },
      schema: schema('lastBgp', 'The BGP sessions as they were read last, and whether they are known by now', {
        querystring: Nothing,
        response: answers(Sessions),
      }),
    },
    async ({ params: { name: device } }) => {
      await getEntry(api, device);
      await api.views.fresh('jobs', 'devices');
      const { result, ...last } = await lastRead(api, device, 'bgp');
      const reason = whyUnknown(api, device);
      return { ...last, known: reason === '', reason, bgp: fieldOf(result, 'bgp') };
    },
  );
  app.get(
    devicePath('history'),
    {
      config: { needs: ['view', 'device'] },
      schema: schema('history', 'Deployments, rollbacks, changing commands and replaced files, newest first', {
        querystring: HistoryQuery,
        response: answers(JobList),
      }),
    },
    async ({ params: { name: device }, query: { all = false, limit = 20, cursor } }, reply) => {
      await getEntry(api, device);
      await api.views.fresh('jobs');
      const which = { devices: new Set([device]), limit, cursor, wanted: isHistory(all) };
      const { rows, more } = api.views.jobs.list(which);
      const next = more ? (rows.at(-1)?.id ?? null) : null;
      const page = pageOf(rows, ({ text }) => text, next);
      return reply.type('application/json; charset=utf-8').send(page as never); // JSON of what the schema says
    },
  );
};
