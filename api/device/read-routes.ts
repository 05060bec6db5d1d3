import { type TSchema, Type } from 'typebox';
import { DeviceName, type Job, JobId } from '../../core/bus.ts';
import { redactInTurns } from '../../core/redact/redact.ts';
import { fetchIntent } from '../../core/store/intents.ts';
import type { Api, App } from '../app.ts';
import { HttpProblem } from '../http/problem.ts';
import { read } from '../http/responses.ts';
import { DevicePath, Nothing } from '../http/schemas.ts';
import { devicePath } from '../routes/changes.ts';
import { getEntry } from '../routes/device-view.ts';
import { ageOf, fieldOf, lastRead } from './last-read.ts';
import { whyUnknown } from './why-unknown.ts';

const closed = { additionalProperties: false } as const;
const nullable = <S extends TSchema>(schema: S, description: string) =>
  Type.Union([schema, Type.Null()], { description });

const ofAll = {
  device: DeviceName,
  job: nullable(JobId, 'the job that read it; null: none did, or it is the intended configuration'),
  at: nullable(Type.String(), 'when it was read from the device, or published (RFC 3339); null: never'),
  ageSeconds: nullable(Type.Integer(), 'since then'),
  hint: Type.Optional(Type.String({ description: 'what to do if it was not read' })),
};
const text = (description: string) => nullable(Type.String(), `${description}; null: not read`);
const whats = ['running', 'startup', 'intended'] as const;
type What = (typeof whats)[number];

/** What there is to read: how it is called, whether a job asked for just that, what more is told. */
const kinds = [
  {
    kind: 'config',
    operationId: 'lastConfig',
    summary: 'The configuration last read, or the intended one',
    query: Type.Object({ what: Type.Optional(Type.Enum([...whats], { description: 'default: running' })) }, closed),
    schema: {
      what: Type.Enum([...whats]),
      config: text('secrets masked; cut at 256 KiB, except the intended one'),
      sha256: nullable(Type.String(), 'hash of the intended text as published'),
    },
    wanted: ({ request }: Job, what: What) =>
      (fieldOf(request, 'saved') === null ? (fieldOf(request, 'from') ?? 'running') : 'saved') === what,
    more: async (_api: Api, _device: string, what: What) => ({ what, sha256: null }),
  },
  {
    kind: 'diff',
    operationId: 'lastDiff',
    summary: 'Intended against running configuration, as last compared',
    query: Nothing,
    schema: { diff: text("the device's own diff; empty: no difference") },
    // of the newest intent: neither of a text of somebody, nor of one that the device has
    wanted: ({ request }: Job) => ['config', 'to', 'before'].every((name) => fieldOf(request, name) === null),
    more: async () => ({}),
  },
  {
    kind: 'bgp',
    operationId: 'lastBgp',
    summary: 'The BGP sessions as last read, and whether the current state is known',
    query: Nothing,
    schema: {
      known: Type.Boolean({
        description: 'false if the device cannot be asked now, so that the current state of its sessions is unknown',
      }),
      reason: Type.String({ description: 'why it is unknown; empty if known' }),
      bgp: Type.Unknown({ description: "in NAPALM's shape; null: not read" }),
    },
    wanted: () => true,
    more: async (api: Api, device: string) => {
      await api.views.fresh('devices');
      const reason = whyUnknown(api, device);
      return { known: reason === '', reason };
    },
  },
] as const;

const intended = async ({ store, bus }: Api, device: string) => {
  const intent = await bus.reach(() => fetchIntent(store, device));
  if (!intent) {
    throw new HttpProblem('not_found', `${device}: no configuration is published for it`, {
      hint: 'the watcher publishes what its source has; `plumb status` shows what is wrong',
    });
  }
  const { at, sha256 } = intent.generation;
  const config = await redactInTurns(Buffer.from(intent.body).toString());
  return { device, what: 'intended', job: null, at, sha256, ageSeconds: ageOf(at), config };
};

/** What was read last of a device: a GET never asks the device, a POST of the same name does. */
export const lastReadRoutes = (app: App, api: Api): void => {
  for (const { kind, operationId, summary, query, schema, wanted, more } of kinds) {
    app.get(
      devicePath(kind),
      {
        config: { needs: ['view', 'device'] },
        schema: {
          operationId,
          summary,
          tags: ['devices'],
          params: DevicePath,
          querystring: query,
          response: read(Type.Object({ ...ofAll, ...schema })),
        },
      },
      async (request): Promise<never> => {
        const { name: device } = request.params;
        const { what = 'running' } = request.query as { what?: What };
        await getEntry(api, device);
        if (what === 'intended') return (await intended(api, device)) as never;
        const { last, result } = await lastRead(api, device, kind, (job) => wanted(job, what));
        return { ...last, ...(await more(api, device, what)), [kind]: fieldOf(result, kind) } as never; // as the schema says
      },
    );
  }
};
