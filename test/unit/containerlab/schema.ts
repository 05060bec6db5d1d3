import { Type } from 'typebox';

const closed = { additionalProperties: false };
/** Of Docker: what a container or a network may be called. */
const name = Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]*$' });
/** eth0 is the management interface; Linux takes 15 characters. */
const endpoint = Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]*:(?!eth0$)[a-zA-Z][a-zA-Z0-9_.-]{0,14}$' });
const texts = Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()]));

const settings = {
  kind: Type.Optional(Type.Enum(['linux', 'arista_ceos'])),
  image: Type.Optional(Type.String({ minLength: 1 })),
  cmd: Type.Optional(Type.String({ minLength: 1 })),
  binds: Type.Optional(Type.Array(Type.String({ pattern: '^[^:]+:/[^:]*(?::ro)?$' }))),
  ports: Type.Optional(Type.Array(Type.String({ pattern: '^(?:\\d+(?:\\.\\d+){3}:)?\\d+:\\d+(?:/(?:tcp|udp))?$' }))),
  env: Type.Optional(texts),
  sysctls: Type.Optional(texts),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  'restart-policy': Type.Optional(Type.Enum(['no', 'on-failure', 'always', 'unless-stopped'])),
};

/**
 * What our topologies use of containerlab's topology file, and nothing else: a word that is not here is a typo, or new.
 * Source: containerlab.dev, "Topology definition", "Nodes" and "Network wiring".
 */
export const topologySchema = Type.Object(
  {
    name,
    mgmt: Type.Object({ network: name, 'ipv4-subnet': Type.String({ pattern: '^\\d+(?:\\.\\d+){3}/\\d+$' }) }, closed),
    topology: Type.Object(
      {
        defaults: Type.Object(settings, closed),
        groups: Type.Record(name, Type.Object(settings, closed)),
        nodes: Type.Record(
          name,
          Type.Object(
            {
              ...settings,
              group: Type.Optional(Type.String()),
              'mgmt-ipv4': Type.Optional(Type.String({ pattern: '^\\d+(?:\\.\\d+){3}$' })),
            },
            closed,
          ),
        ),
        links: Type.Array(Type.Object({ endpoints: Type.Tuple([endpoint, endpoint]) }, closed)),
      },
      closed,
    ),
  },
  closed,
);
