import { type Static, Type } from 'typebox';
import {
  DeviceName,
  DeviceState,
  InventoryEntry,
  Job,
  JobId,
  JobKind,
  Lease,
  Mode,
  Runner,
  requests,
  Step,
  syncs,
} from '../../core/bus.ts';

// What the REST API takes and gives, beside the records of core/bus.ts that it passes on as they are.

const closed = { additionalProperties: false } as const;
const nullable = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
const oneLine = (description: string) =>
  Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\r\\n]*$', description });

const wait = Type.Optional(
  Type.Integer({ minimum: 0, maximum: 60, description: 'seconds to wait for the job to finish before answering' }),
);
export const WaitQuery = Type.Object({ wait }, closed);

export const DevicePath = Type.Object({ name: DeviceName }, closed);
export const JobPath = Type.Object({ id: JobId }, closed);

const select = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 2000,
    description: 'only for the devices that this selector picks: docs/selectors.md',
  }),
);

const fields = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 1000,
    description: 'only these fields, such as `device,sync,state.bgp`',
  }),
);
/** Of one record, or of a list that is not paged. */
export const FieldsQuery = Type.Object({ fields }, closed);

export const DevicesQuery = Type.Object(
  {
    select,
    fields,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'default: all' })),
    cursor: Type.Optional(DeviceName),
  },
  closed,
);

export const EventsQuery = Type.Object(
  {
    select,
    after: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'like the header Last-Event-ID, for clients that cannot send it',
      }),
    ),
  },
  closed,
);

export const HistoryQuery = Type.Object(
  {
    fields,
    all: Type.Optional(Type.Boolean({ description: 'include jobs that changed nothing' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'default: 20' })),
    cursor: Type.Optional(JobId),
  },
  closed,
);

export const JobsQuery = Type.Object(
  {
    select,
    fields,
    device: Type.Optional(DeviceName),
    state: Type.Optional(Step),
    kind: Type.Optional(JobKind),
    since: Type.Optional(
      Type.String({
        pattern: '^(\\d{1,6}[smhd]|\\d{4}-\\d\\d-\\d\\d(T[\\d:.]+(Z|[+-]\\d\\d:\\d\\d))?)$',
        description: 'requested since then: `24h`, `7d`, `2026-05-01`, or RFC 3339',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'default: 50' })),
    cursor: Type.Optional(JobId),
  },
  closed,
);

const configureOptions = {
  mode: Type.Optional(Mode),
  confirmSeconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 86_400,
      description: "the confirm timer on the device; default: the device's policy",
    }),
  ),
  dryRun: Type.Optional(Type.Boolean({ description: 'load and diff on the device, change nothing' })),
  force: Type.Optional(oneLine('overrides the guards; the reason is recorded')),
  commit: Type.Optional(oneLine('git commit of the text; recorded as a claim')),
};

/** With `Content-Type: text/plain` the body is the configuration and the options are in the query. */
export const ConfigureQuery = Type.Object({ wait, ...configureOptions }, closed);
export const ConfigureText = Type.String({ minLength: 1, description: 'the complete intended configuration' });
export const ConfigureBody = Type.Object({ config: ConfigureText, ...configureOptions }, closed);
export type ConfigureBody = Static<typeof ConfigureBody>;

export const CommandText = Type.String({ minLength: 1, description: 'one command' });
export const CommandBody = requests.command.schema;
export const RollbackBody = requests.rollback.schema;
/** Without the text of somebody: `configure` takes that, as a dry run. */
export const DiffBody = Type.Omit(requests.diff.schema, ['config', 'mode'], closed);
export const HoldBody = requests.hold.schema;
const Sha256 = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description });
/** Both are needed: a person approves what he was shown, not what the job shows by then. */
export const ApproveBody = Type.Object(
  {
    intent: Sha256('`generation.sha256` of the job whose diff you looked at'),
    running: Sha256('`runningSha256` of that job'),
  },
  closed,
);
export const ConfigBody = requests.config.schema;
/** What `resume` did; the deployment that follows is a job of its own. */
export const Resumed = Type.Object({
  device: DeviceName,
  held: Type.Boolean({ description: "whether there was a hold on the source's text" }),
  waiting: Type.Union([Type.String(), Type.Null()], { description: 'the job whose diff waits for an approval' }),
});
/** A query or a body that may hold nothing. */
export const Nothing = Type.Object({}, closed);

/** A device: what the inventory says of it, what its runner last wrote of it, and who holds it now. */
export const DeviceView = Type.Object(
  {
    ...InventoryEntry.properties,
    sync: Type.Unsafe<(typeof syncs)[number]>(Type.Enum([...syncs])),
    reason: Type.String({ description: 'why it is not in sync; empty if it is' }),
    lease: nullable(Lease),
    ageSeconds: nullable(Type.Integer({ description: 'seconds since its runner last wrote `state`' })),
    state: nullable(DeviceState),
  },
  { $id: 'Device' },
);
export type DeviceView = Static<typeof DeviceView>;

export const JobView = Type.Object(Job.properties, { $id: 'Job' });

/** A job in a list: without its diff, result, checks and steps. */
export const JobSummary = Type.Object(
  {
    ...Type.Omit(Job, ['diff', 'result', 'request', 'checks', 'steps']).properties,
    command: Type.Optional(
      Type.String({ description: 'the command that the job ran, if any; secrets masked, cut at 1,000 characters' }),
    ),
  },
  { $id: 'JobSummary' },
);
export type JobSummary = Static<typeof JobSummary>;

export const RunnerView = Type.Object(Runner.properties, { $id: 'Runner' });

/** Whole, or those fields alone that were asked for. */
export const partOf = <T>(id: string) =>
  Type.Unsafe<T>({ anyOf: [{ $ref: `${id}#` }, { type: 'object', description: 'only the fields named by `fields`' }] });
const page = <T>(id: string) =>
  Type.Object({
    items: Type.Array(partOf<T>(id)),
    cursor: nullable(Type.String({ description: '`cursor` for the next page; null on the last page' })),
  });
export const DeviceList = page<DeviceView>('Device');
export const JobList = page<JobSummary>('JobSummary');
export const RunnerList = Type.Object({ items: Type.Array(partOf<Runner>('Runner')) });
export const Ready = Type.Object({ status: Type.Literal('ready') });
export const Health = Type.Object({
  status: Type.Literal('ok'),
  bus: Type.String({ description: 'the same for all instances of a site, different for every other site' }),
});
