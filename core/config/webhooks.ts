import type { Static } from 'typebox';
import { AccessName } from '../access.ts';
import { Type } from '../schema.ts';

// What the API reports to others: the settings in plumbline.yml, and its entries `hooks.…` of the bucket `<site>-api`.

const closed = { additionalProperties: false } as const;
const Timestamp = Type.String({ description: 'RFC 3339, UTC' });
const words = <const T extends readonly string[]>(list: T) => Type.Unsafe<T[number]>(Type.Enum([...list]));

/** `job.…`: of deployments, rollbacks, commands that change a device and files that are replaced. */
export const eventKinds = ['job.awaiting', 'job.done', 'job.failed', 'device.sync'] as const;
export type EventKind = (typeof eventKinds)[number];

const env = Type.Object({ env: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }) }, closed);

/** One receiver. If its address is a secret, as with Slack and Teams, it comes from an environment variable. */
export const WebhookSettings = Type.Object(
  {
    name: AccessName,
    url: Type.Union([Type.String({ pattern: '^https?://' }), env], {
      description: 'https://…, or `{env: VARIABLE}`; http:// only to addresses in `allow`',
    }),
    format: Type.Optional(words(['cloudevents', 'slack', 'teams'])),
    events: Type.Optional(Type.Array(words(eventKinds), { minItems: 1, description: 'default: all' })),
    select: Type.Optional(Type.String({ minLength: 1, maxLength: 2000, description: 'devices: docs/selectors.md' })),
    secret: Type.Optional(env),
    allow: Type.Optional(
      Type.Array(Type.String({ pattern: '^[0-9a-fA-F.:]+/[0-9]{1,3}$' }), {
        description: 'private networks that it may be in, such as 10.1.0.0/16',
      }),
    ),
  },
  closed,
);
export type WebhookSettings = Static<typeof WebhookSettings>;

/** CloudEvents 1.0. */
export const CloudEvent = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Type.String(),
  source: Type.String(),
  type: Type.String({ description: '`plumbline.` and the kind' }),
  subject: Type.String({ description: 'the device' }),
  time: Timestamp,
  datacontenttype: Type.Literal('application/json'),
  data: Type.Unknown({ description: 'for a job, as in `GET /jobs`; for a device, `sync`, `before` and `reason`' }),
});
export type CloudEvent = Static<typeof CloudEvent>;

/** Entry `hooks.out.<hook>.<event>`: an event on its way to one receiver, and for a day after it arrived. */
export const Delivery = Type.Object({
  hook: AccessName,
  event: CloudEvent,
  state: words(['waiting', 'sent', 'dead']),
  tries: Type.Integer(),
  next: Type.Union([Timestamp, Type.Null()], { description: 'when it will be tried again; null: it will not' }),
  last: Type.Union([Type.Object({ at: Timestamp, said: Type.String() }), Type.Null()], {
    description: 'result of the last try; null: there was none',
  }),
});
export type Delivery = Static<typeof Delivery>;

/** Entry `hooks.lead`: the instance that sends. Its count rises; an instance whose count stops has gone. */
export const HookLead = Type.Object({ by: Type.String(), n: Type.Integer() });

/** Entry `hooks.told`: how far events were created from what NATS holds, as the id of a server-sent event. */
export const HookTold = Type.Object({ upTo: Type.String() });

/** Entry `hooks.sync.<device>`: the last sync that was reported. */
export const HookSync = Type.Object({ sync: Type.String() });
