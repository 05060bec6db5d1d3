import type { Static } from 'typebox';
import { OidcSettings } from '../access.ts';
import { Type } from '../schema.ts';
import { WebhookSettings } from './webhooks.ts';

const closed = { additionalProperties: false } as const;
const path = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

/** The shape of plumbline.yml; paths are relative to it. */
export const ConfigFile = Type.Object(
  {
    nats: Type.Optional(
      Type.Object(
        {
          url: Type.Optional(
            Type.String({ minLength: 1, description: 'nats://host:4222; separate several with commas' }),
          ),
          user: Type.Optional(Type.String()),
          creds: path('a .creds file'),
          ca: path('a CA certificate'),
          replicas: Type.Optional(Type.Enum([1, 3, 5], { description: 'replicas of new streams in a cluster' })),
        },
        closed,
      ),
    ),
    inventory: path('inventory.yml'),
    templates: path('folder of the templates'),
    state: path('.plumb: local state, ignored by git'),
    knownHosts: path("the devices' SSH host keys"),
    api: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(Type.String({ minLength: 1 })),
          port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
          oidc: Type.Optional(OidcSettings),
          tls: Type.Optional(
            Type.Object(
              {
                cert: Type.String({
                  minLength: 1,
                  description: 'PEM file: the certificate, then those of its issuers',
                }),
                key: Type.String({ minLength: 1, description: 'PEM file' }),
                clientCa: path('PEM file: clients must have a certificate issued by one of these'),
              },
              closed,
            ),
          ),
          trustedProxies: Type.Optional(
            Type.Array(Type.String({ pattern: '^[0-9a-fA-F.:]+(/[0-9]{1,3})?$' }), {
              description: 'addresses or networks of proxies whose X-Forwarded-For is trusted',
            }),
          ),
        },
        closed,
      ),
    ),
    webhooks: Type.Optional(Type.Array(WebhookSettings, { description: 'who is notified of what: docs/webhooks.md' })),
    source: Type.Optional(Type.Enum(['files', 'git'], { description: 'deploy what is saved or what is committed' })),
    branch: Type.Optional(Type.String({ minLength: 1, description: 'with source git; default: the one HEAD is on' })),
    remote: Type.Optional(Type.String({ minLength: 1, description: 'with source git: from this remote' })),
    log: Type.Optional(Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])),
    textfsm: path('folder of TextFSM templates with their index, such as that of ntc-templates'),
    drivers: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { description: 'JavaScript or TypeScript files, one platform each' }),
    ),
  },
  closed,
);
export type ConfigFile = Static<typeof ConfigFile>;

/** The name of the file. */
export const configName = 'plumbline.yml';
