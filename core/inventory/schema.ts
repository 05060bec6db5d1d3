import type { Static, TSchema } from 'typebox';
import { devicePattern, limits } from '../bus.ts';
import { type Platform, platformPattern, platforms } from '../platform-names.ts';
import { Type } from '../schema.ts';
import { Limits, type SiteLimits } from './limits.ts';

// The shape of inventory.yml, as editors and `core/inventory/inventory.ts` check it.

const closed = { additionalProperties: false } as const;

/** Where a secret is: never the secret itself. */
export const SecretRef = Type.Union([
  Type.Object({ env: Type.String({ description: 'name of an environment variable' }) }, closed),
  Type.Object(
    { file: Type.String({ description: 'path, relative to the inventory; the last line end is dropped' }) },
    closed,
  ),
  Type.Object(
    { command: Type.Array(Type.String(), { minItems: 1, description: 'argv whose stdout is the secret' }) },
    closed,
  ),
  Type.Object({ literal: Type.String({ description: 'refused unless the inventory says `lab: true`' }) }, closed),
]);
export type SecretRef = Static<typeof SecretRef>;

const CredentialsRef = Type.Object(
  {
    username: Type.String(),
    password: Type.Optional(SecretRef),
    key: Type.Optional(SecretRef),
    passphrase: Type.Optional(SecretRef),
    enable: Type.Optional(SecretRef),
    agent: Type.Optional(
      Type.Union([Type.Boolean(), Type.String()], {
        description: 'use the SSH agent at SSH_AUTH_SOCK; a fingerprint (SHA256:…): only that key',
      }),
    ),
  },
  closed,
);
type CredentialsRef = Static<typeof CredentialsRef>;

/** A command and what its output must hold, run on the device after the commit. */
export const Probe = Type.Object(
  {
    name: Type.Optional(Type.String()),
    command: Type.String({ minLength: 1 }),
    contains: Type.Optional(Type.String()),
    matches: Type.Optional(Type.String({ description: 'regular expression, multi-line' })),
    not: Type.Optional(Type.Boolean({ description: 'the output must NOT contain it' })),
  },
  closed,
);
export type Probe = Static<typeof Probe>;

/** What is compared with the state before the commit, besides login, BGP sessions and probes. */
const most = (of: string) =>
  Type.Union(
    [Type.Number({ minimum: 0, maximum: 100 }), Type.Unsafe<'off'>(Type.Enum(['off'], { description: 'not checked' }))],
    { description: `undo when ${of} more than this percentage` },
  );
const onOff = (of: string) =>
  Type.Unsafe<'on' | 'off'>(Type.Enum(['on', 'off'], { description: `undo when ${of} that was up is lost` }));

export const Checks = Type.Object(
  {
    sent: most('the prefixes sent on a session in an address family fall by'),
    rib: most('the learned routes of a VRF, family and protocol fall by'),
    fib: most('the installed routes of a VRF and family fall by'),
    interfaces: onOff('an interface'),
    ospf: onOff('an OSPF adjacency'),
    isis: onOff('an IS-IS adjacency'),
    evpn: onOff('a remote VTEP'),
    lldp: onOff('an LLDP neighbour'),
  },
  closed,
);
export type Checks = Static<typeof Checks>;

export const Policy = Type.Object(
  {
    approval: Type.Enum(['auto', 'manual'], { description: 'manual: each diff waits for `plumb approve`' }),
    firstDeployment: Type.Enum(['auto', 'manual'], {
      description: 'what to do with a device that has never been deployed to and differs from its intent',
    }),
    fourEyes: Type.Boolean({ description: 'each diff waits, and who approves it is not who wrote it' }),
    approvalSeconds: Type.Integer({ minimum: 60, description: 'seconds after which a missing approval expires' }),
    confirmSeconds: Type.Integer({
      minimum: 0,
      description: "the trial's timer; 0: 180 s, or the longest BGP hold time + 60 s",
    }),
    maxLossPercent: Type.Number({
      minimum: 0,
      maximum: 100,
      description: 'refuse a text that loses a larger share of the lines, in percent',
    }),
    maxPrefixLossPercent: Type.Number({
      minimum: 0,
      maximum: 100,
      description: 'undo when a session loses a larger share of its prefixes, in percent',
    }),
    maxBytes: Type.Integer({
      minimum: 1,
      maximum: limits.textBytes,
      description: 'refuse a larger text; more than 8 MiB could not be read back',
    }),
    pollSeconds: Type.Integer({ minimum: 1, description: 'how often drift and BGP are checked' }),
    protect: Type.Array(Type.String(), { description: 'lines of the running configuration that an intent must keep' }),
    checks: Checks,
    probes: Type.Array(Probe),
  },
  closed,
);
export type Policy = Static<typeof Policy>;

export const defaultPolicy: Policy = {
  approval: 'auto',
  firstDeployment: 'manual',
  fourEyes: false,
  approvalSeconds: 24 * 60 * 60,
  confirmSeconds: 0,
  maxLossPercent: 30,
  maxPrefixLossPercent: 10,
  maxBytes: 4 * 1024 * 1024,
  pollSeconds: 30,
  protect: [],
  checks: { sent: 10, rib: 10, fib: 10, interfaces: 'on', ospf: 'on', isis: 'on', evpn: 'on', lldp: 'on' },
  probes: [],
};

/**
 * What defaults, groups and devices may all set; the nearest wins, `vars`, `policy` and its `checks` merge key by key.
 */
const shared = (platform: TSchema) => ({
  platform: Type.Optional(Type.Unsafe<Platform>(platform)),
  transport: Type.Optional(Type.String()),
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 })),
  credentials: Type.Optional(CredentialsRef),
  role: Type.Optional(Type.String({ pattern: devicePattern, description: 'folder under templates/' })),
  vars: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  policy: Type.Optional(
    Type.Partial(Type.Object({ ...Policy.properties, checks: Type.Partial(Checks, closed) }), closed),
  ),
  options: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: "the driver's own options" })),
});

const defaultsEntry = (platform: TSchema) => Type.Object(shared(platform), closed);
export type GroupEntry = Static<ReturnType<typeof defaultsEntry>>;

const groupEntry = (platform: TSchema) => Type.Object({ ...shared(platform), limits: Type.Optional(Limits) }, closed);

const deviceEntry = (platform: TSchema) =>
  Type.Object(
    {
      ...shared(platform),
      host: Type.Optional(Type.String({ minLength: 1 })),
      groups: Type.Optional(Type.Array(Type.String())),
    },
    closed,
  );
export type DeviceEntry = Static<ReturnType<typeof deviceEntry>>;

const fileOf = (platform: TSchema) => {
  const defaults = Type.Union([defaultsEntry(platform), Type.Null()]);
  const group = Type.Union([groupEntry(platform), Type.Null()]);
  const limits = Type.Object({ site: Type.Optional(Limits), runner: Type.Optional(Limits) }, closed);
  return Type.Object(
    {
      site: Type.String({ pattern: devicePattern, description: 'first subject token' }),
      lab: Type.Optional(Type.Boolean({ description: 'allows literal secrets' })),
      limits: Type.Optional(limits),
      defaults: Type.Optional(defaults),
      groups: Type.Optional(Type.Union([Type.Record(Type.String(), group), Type.Null()])),
      devices: Type.Record(Type.String(), Type.Union([deviceEntry(platform), Type.Null()]), {
        description: 'the devices by name; a device may be empty if it adds nothing of its own',
      }),
    },
    closed,
  );
};

/** @param names the platforms that a device may have */
export const inventoryFile = (names: readonly string[]) => fileOf(Type.Enum([...names]));

/** For editors, which complete our platforms and cannot know drivers from files, which may have any name. */
export const InventoryFile = fileOf(
  Type.Union([
    Type.Enum([...platforms]),
    Type.String({
      pattern: platformPattern,
      description: 'a platform of your own: `drivers` in plumbline.yml, or --driver',
    }),
  ]),
);
export type InventoryFile = Static<typeof InventoryFile>;

/** A device with everything that defaults and groups add. */
export type Device = {
  name: string;
  host: string;
  platform: Platform;
  transport: string | undefined;
  port: number | undefined;
  credentials: CredentialsRef | undefined;
  role: string | undefined;
  groups: readonly string[];
  vars: Readonly<Record<string, unknown>>;
  policy: Policy;
  options: Readonly<Record<string, unknown>>;
};

export type Inventory = {
  site: string;
  lab: boolean;
  path: string;
  devices: ReadonlyMap<string, Device>;
  limits?: SiteLimits;
};
