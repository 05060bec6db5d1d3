import { Type } from 'typebox';
import { DeliveryView, HookView } from '../../api/webhooks/view.ts';
import { KeyUse, NamedKey, User } from '../../core/access.ts';
import { AuditRecord } from '../../core/audit.ts';
import { Code, DeviceName, DeviceState, Hold, Job, JobId, LogLine, syncs } from '../../core/bus.ts';
import { SiteContext } from '../../core/config/contexts.ts';
import { Bgp, BgpDetail, Facts, InterfacesIp } from './getters.ts';

// What `-o json` of each verb prints. A list is an object with `items`, as in the REST API.

const closed = { additionalProperties: false } as const;
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const list = <T extends Type.TSchema>(item: T) => Type.Object({ items: Type.Array(item) }, closed);

const Problem = Type.Object({ code: Code, detail: Type.String(), hint: Type.Optional(Type.String()) });
const Failed = Type.Object({ device: DeviceName, error: Problem }, closed);
const orFailed = <T extends Type.TSchema>(item: T) => list(Type.Union([item, Failed]));
const ofDevice = <P extends Record<string, Type.TSchema>>(properties: P) =>
  orFailed(Type.Object({ device: DeviceName, ...properties }, closed));

const Status = Type.Object({
  device: DeviceName,
  platform: Type.String(),
  host: Type.String(),
  sync: Type.Enum([...syncs]),
  session: Type.Enum(['connected', 'disconnected', 'unknown']),
  reason: Type.String(),
  runner: orNull(Type.String()),
  state: Type.Optional(DeviceState),
});

const Finding = Type.Object(
  {
    check: Type.String(),
    on: Type.String(),
    result: Type.Enum(['ok', 'warn', 'fail']),
    detail: Type.String(),
    fix: Type.Optional(Type.String({ description: 'how to fix it; present if it is not ok' })),
  },
  closed,
);

const Step = Type.Object(
  {
    step: Type.String(),
    result: Type.Enum(['ok', 'failed', 'skipped']),
    ms: Type.Integer(),
    detail: Type.String(),
    hint: Type.Optional(Type.String()),
  },
  closed,
);

const Config = Type.Object(
  {
    device: DeviceName,
    job: JobId,
    from: Type.Optional(Type.Enum(['running', 'startup'])),
    saved: Type.Optional(JobId),
    config: Type.String(),
  },
  closed,
);

const File = Type.Object({
  device: DeviceName,
  local: Type.String({ description: 'local path' }),
  path: Type.String({ description: 'path on the device' }),
  size: Type.Integer(),
  sha256: Type.String(),
  mode: Type.String(),
  owner: Type.String(),
  job: JobId,
});

const Said = Type.Object(
  {
    device: DeviceName,
    command: Type.String(),
    job: JobId,
    output: Type.Optional(Type.String()),
    data: Type.Optional(Type.Unknown({ description: 'instead of the output, with --parse or --query' })),
  },
  closed,
);

const Compared = {
  diff: Type.String({ description: "the device's own, or with --offline that of the files; '' where there is none" }),
  risk: Type.Object(
    {
      score: Type.Integer({ minimum: 0, maximum: 100 }),
      why: Type.Array(Type.String(), { description: 'what it is made of, the worst first' }),
    },
    closed,
  ),
  job: Type.Optional(JobId),
};

/** The JSON Schema of what each verb prints with `-o json`, by its words. */
export const shapes: Readonly<Record<string, Type.TSchema>> = {
  status: list(Status),
  diff: ofDevice(Compared),
  bgp: ofDevice({ bgp: Bgp }),
  'bgp --detail': ofDevice({ bgp: BgpDetail }),
  facts: ofDevice({ facts: Facts }),
  interfaces: ofDevice({ interfaces: InterfacesIp }),
  run: orFailed(Said),
  config: Config,
  jobs: list(Job),
  job: Job,
  history: list(Job),
  logs: list(LogLine),
  validate: list(Type.Object({ device: Type.String(), report: Type.Record(Type.String(), Type.Unknown()) }, closed)),
  push: orFailed(Job),
  'push --dry-run': ofDevice(Compared),
  approve: Job,
  rollback: Job,
  'rollback --dry-run': ofDevice({ ...Compared, to: JobId }),
  hold: ofDevice({ job: JobId, hold: Hold, underWay: orNull(JobId), waiting: orNull(JobId) }),
  resume: orFailed(Job),
  retry: orFailed(Job),
  'file get': File,
  'file put': File,
  doctor: list(Finding),
  test: list(Step),
  audit: list(AuditRecord),
  'key list': list(
    Type.Object({
      name: Type.String(),
      ...Type.Omit(NamedKey, ['sha256']).properties,
      used: orNull(KeyUse),
    }),
  ),
  'user list': list(Type.Object({ name: Type.String(), ...Type.Omit(User, ['password']).properties })),
  'webhook list': list(HookView),
  'webhook dead': list(DeliveryView),
  'context list': list(Type.Object({ name: Type.String(), used: Type.Boolean(), ...SiteContext.properties }, closed)),
  'context show': Type.Object({ name: Type.String(), ...SiteContext.properties }, closed),
  platforms: list(Type.Object({ platform: Type.String() })),
};
