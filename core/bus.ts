import type { Static, TSchema } from 'typebox';
import { type FailureCode, failures } from './errors.ts';
import { type Platform, platformPattern } from './platform-names.ts';
import { Type } from './schema.ts';
import { steps } from './steps.ts';

// Every subject, stream, bucket, header and message schema. No other file spells one.

const literals = <const T extends readonly string[]>(words: T, description?: string) =>
  Type.Unsafe<T[number]>(Type.Enum([...words], description === undefined ? {} : { description }));
const nullable = <T extends TSchema>(schema: T, options = {}) => Type.Union([schema, Type.Null()], options);
const Timestamp = Type.String({ description: 'RFC 3339, UTC' });
const closed = { additionalProperties: false } as const;

/** An inventory name. One subject token: no dot, no space, no wildcard. */
export const devicePattern = '^[A-Za-z0-9_-]{1,63}$';
export const DeviceName = Type.String({ pattern: devicePattern });
const jobPattern = '^[0-9a-z]{20,40}$';
export const JobId = Type.String({ pattern: jobPattern, description: 'the id of a job' });
/** A configuration on a device: running, startup, or what was saved before a job. */
export const Version = Type.Union([literals(['running', 'startup']), JobId], {
  description: '`running`, `startup`, or a job: the configuration saved before it',
});
export type Version = Static<typeof Version>;
/** Whether a text from outside may be a job's id: it becomes a subject, and a name on devices. */
export const isJobId = (text: string): boolean => new RegExp(jobPattern).test(text);
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
/**
 * Grows with each new holder, starting from Unix time: a value far beyond that is not genuine, and would leave no room
 * for the next.
 */
const epoch = { minimum: 0, maximum: 100_000_000_000 };
const Epoch = Type.Integer(epoch);

/**
 * Which stored message an intent is, and the SHA-256 of its (decoded) text; `core/wanted/generation.ts` decides which
 * is newer.
 */
export const Generation = Type.Object({
  at: Type.String({ description: "RFC 3339, UTC, by the server's clock" }),
  sha256: Sha256,
  stream: Type.Optional(
    Type.String({ description: 'when the stream was created; differs after it was deleted and created again' }),
  ),
  seq: Type.Optional(Type.Integer({ description: 'sequence of the message in that stream' })),
});
export type Generation = Static<typeof Generation>;

export const Mode = literals(['replace', 'merge']);
export type Mode = Static<typeof Mode>;

export const Step = literals(steps);
export type Step = Static<typeof Step>;

export const jobKinds = [
  'deploy',
  'rollback',
  'diff',
  'command',
  'bgp',
  'bgp-detail',
  'facts',
  'interfaces-ip',
  'config',
  'test',
  'file-get',
  'file-put',
  'hold',
] as const;
export const JobKind = literals(jobKinds);
export type JobKind = Static<typeof JobKind>;

export const Code = literals(Object.keys(failures) as FailureCode[]);

/** How a job ended. `failed` with code `superseded`, `cancelled` or `stale_intent` left the device as it was. */
export const Outcome = Type.Union([
  Type.Object({ kind: Type.Literal('unchanged') }),
  Type.Object({ kind: Type.Literal('applied') }),
  Type.Object({ kind: Type.Literal('previewed', { description: 'a dry run: loaded, diffed, discarded' }) }),
  Type.Object({ kind: Type.Literal('done', { description: 'a read; the answer is in `result`' }) }),
  Type.Object({
    kind: Type.Literal('failed'),
    code: Code,
    detail: Type.String(),
    hint: Type.Optional(Type.String()),
    line: Type.Optional(Type.Integer({ description: 'line of the intended configuration, from 1' })),
  }),
]);
export type Outcome = Static<typeof Outcome>;

/** One check after the commit: what was looked at, on what, and what was found. */
export const CheckResult = Type.Object({
  name: Type.String(),
  on: Type.String(),
  ok: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'null: the check could not be made, which does not count as passed',
  }),
  detail: Type.String(),
});
export type CheckResult = Static<typeof CheckResult>;

/** What a person said about a text: whose name, when, about which bytes. */
export const Said = Type.Object({
  did: literals(['approve', 'cancel', 'hold', 'resume', 'retry', 'rollback']),
  by: Type.String({ description: 'the name the caller gave' }),
  at: Timestamp,
  sha256: Type.Optional(Type.String({ description: 'the text this was about' })),
  runningSha256: Type.Optional(
    Type.String({ description: 'normalised running configuration the approved diff was made against' }),
  ),
});
export type Said = Static<typeof Said>;

/** A job that continued, or was ended, under a different lease from the one it started under. */
export const Takeover = Type.Object({
  at: Timestamp,
  step: Step,
  from: Type.String({ description: 'the runner that had lost the device' }),
  fromEpoch: Epoch,
  by: Type.String({ description: 'the runner that continued; the same one if it took the device again' }),
  epoch: Epoch,
});
export type Takeover = Static<typeof Takeover>;

/**
 * The record of any piece of work on a device. Published whole at each step; secrets are masked in it. Each write names the
 * sequence of the record that it replaces, and a record of a newer epoch is never replaced.
 */
export const Job = Type.Object({
  id: JobId,
  device: DeviceName,
  kind: JobKind,
  state: Step,
  outcome: Type.Optional(Outcome),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  finishedAt: Type.Optional(Timestamp),
  runner: Type.Optional(Type.String({ description: 'the runner that wrote it last as the holder of the device' })),
  epoch: Type.Optional(Type.Integer({ ...epoch, description: 'epoch of the lease it was written under' })),
  takeovers: Type.Optional(Type.Array(Takeover)),
  generation: Type.Optional(Generation),
  commit: Type.Optional(Type.String()),
  author: Type.Optional(Type.String()),
  claimed: Type.Optional(
    Type.Boolean({ description: 'commit and author are claims of a manual publisher, not from the source' }),
  ),
  source: Type.Optional(Type.String()),
  mode: Type.Optional(Mode),
  dryRun: Type.Optional(Type.Boolean()),
  bulk: Type.Optional(
    Type.String({ pattern: jobPattern, description: 'the request to many devices that it is part of' }),
  ),
  replaces: Type.Optional(Type.String({ description: 'job of the text on the subject before this one' })),
  supersededBy: Type.Optional(
    Type.String({ description: 'job of the newer text that arrived before this one was done' }),
  ),
  said: Type.Optional(Type.Array(Said, { description: 'who approved, cancelled, resumed, retried, rolled back' })),
  forced: Type.Optional(Type.String({ description: 'the reason given for overriding the guards' })),
  change: Type.Optional(Type.String({ description: 'the reason given for a command that may change the device' })),
  confirmSeconds: Type.Optional(Type.Integer({ description: 'the timer on the device, in seconds' })),
  diff: Type.Optional(Type.String({ description: "the device's own diff; cut at 256 KiB" })),
  runningSha256: Type.Optional(
    Type.String({ description: 'normalised running configuration the diff was made against' }),
  ),
  checks: Type.Array(CheckResult),
  warnings: Type.Array(Type.String()),
  steps: Type.Array(
    Type.Object({
      step: Step,
      startedAt: Timestamp,
      endedAt: Type.Optional(Timestamp),
      detail: Type.Optional(Type.String({ description: 'what the device said' })),
    }),
  ),
  request: Type.Optional(Type.Unknown({ description: 'for reads: the request' })),
  result: Type.Optional(Type.Unknown({ description: 'for reads: the answer, cut at 256 KiB' })),
});
export type Job = Static<typeof Job>;

/** A text that is not deployed until someone names it: `resume` the source's, `retry` the newest. */
export const Blocked = Type.Object({
  sha256: Sha256,
  why: literals(['undone', 'stopped', 'rolled_back', 'cancelled', 'given_up']),
  change: Type.Optional(Type.String()),
  job: Type.Optional(JobId),
  by: Type.Optional(Type.String()),
  since: Timestamp,
});
export type Blocked = Static<typeof Blocked>;

/** Someone stopped all deployments to a device; it ends with `resume`. */
export const Hold = Type.Object({ reason: Type.String(), by: Type.String(), at: Timestamp });
export type Hold = Static<typeof Hold>;

export const syncs = ['in_sync', 'out_of_sync', 'deploying', 'awaiting', 'unmanaged', 'unknown'] as const;

/** Bucket `<site>-state`, one entry a device, written with compare-and-set by the holder alone. */
export const DeviceState = Type.Object({
  version: Type.Literal(2, { description: 'version of this record; core/store/state-versions.ts reads older ones' }),
  device: DeviceName,
  sync: literals(syncs),
  reason: Type.String({ description: 'why it is not in sync; empty when it is' }),
  intent: nullable(
    Type.Object({ generation: Generation, commit: Type.Optional(Type.String()), source: Type.Optional(Type.String()) }),
  ),
  attempt: nullable(
    Type.Object({
      generation: Generation,
      job: JobId,
      at: Timestamp,
      outcome: Type.String({ description: '`started`, an outcome kind, or a failure code' }),
      count: Type.Integer({ description: 'attempts at this content that a crash cut off, including this one' }),
      unseen: Type.Optional(
        Type.Boolean({
          description: 'it is in force but could not be compared with the intent, so it is checked again',
        }),
      ),
    }),
  ),
  applied: nullable(
    Type.Object({
      generation: Generation,
      job: JobId,
      at: Timestamp,
      commit: Type.Optional(Type.String()),
      claimed: Type.Optional(Type.Boolean({ description: 'the commit is the claim of a manual publisher' })),
      runningSha256: Type.String({ description: 'normalised running configuration as read back: the base for drift' }),
    }),
  ),
  changed: nullable(
    Type.Object(
      { at: nullable(Timestamp), runningSha256: Type.String() },
      { description: 'when the running configuration was last seen to change, whoever changed it; null: not seen yet' },
    ),
  ),
  trial: nullable(Type.Object({ job: JobId, name: Type.String(), expiresAt: Timestamp })),
  blocked: Type.Array(Blocked, { description: 'texts that someone took back; the oldest are dropped first' }),
  hand: nullable(
    Type.Object(
      { sha256: Sha256, job: JobId, since: Timestamp },
      { description: "a manually published text takes precedence over the source's" },
    ),
  ),
  hold: Type.Optional(nullable(Hold, { description: 'nothing is deployed until someone runs `resume`' })),
  said: nullable(Said, { description: 'what the next job of that text will record' }),
  bgp: nullable(Type.Object({ established: Type.Integer(), expected: Type.Integer(), at: Timestamp })),
  session: Type.Object({ state: literals(['connected', 'disconnected']), error: Type.String(), at: Timestamp }),
  lastJob: nullable(JobId),
  runner: Type.String(),
  epoch: Epoch,
  updatedAt: Timestamp,
});
export type DeviceState = Static<typeof DeviceState>;

/** `down`: configured and not Established; `off`: shut by the configuration; `gone`: no longer on the device. */
export const sessionStates = ['up', 'down', 'off', 'gone'] as const;
const bgpSession = {
  vrf: Type.String({ description: '`global`: the default VRF' }),
  peer: Type.String({ description: 'address or interface, as the device names the session' }),
};

/** What became of a BGP session. */
export const BgpFlap = Type.Object({
  ...bgpSession,
  at: Type.String({ description: 'RFC 3339, UTC: when it was found, or when the session says that it came up' }),
  was: literals(sessionStates),
  is: literals(sessionStates, 'unchanged: it was lost and came back between two reads'),
  said: Type.String({ description: "the session's own state or last error; empty while it is up" }),
});
export type BgpFlap = Static<typeof BgpFlap>;

/**
 * Stream `<site>-bgp`, `<site>.<device>.bgp.<day>`: how the sessions of a device were, by what its holder wrote on one day
 * (UTC). Written whole each time, with the sequence that it replaces; one of a newer epoch is never replaced.
 */
export const BgpDay = Type.Object({
  version: Type.Literal(1),
  device: DeviceName,
  runner: Type.String(),
  epoch: Epoch,
  seen: Type.Array(Type.Object({ from: Timestamp, to: Timestamp }), {
    description: 'when it was read, without a gap of more than three reads; oldest first',
  }),
  open: Type.Boolean({
    description: 'nothing has changed since, as long as the same holder (by its epoch) has a session on the device',
  }),
  counted: Type.Array(Timestamp, { description: 'when the prefixes were counted' }),
  sessions: Type.Array(
    Type.Object({
      ...bgpSession,
      remoteAs: nullable(Type.Integer()),
      states: Type.Array(
        Type.Object({
          at: Timestamp,
          is: literals(sessionStates),
          said: Type.Optional(Type.String()),
          again: Type.Optional(
            Type.Literal(true, { description: 'a new session: the previous one was lost between two reads' }),
          ),
        }),
        { description: 'since when it was in each; the oldest are dropped first' },
      ),
      dropped: Type.Integer({ description: 'states of this day that there was no room for' }),
      prefixes: Type.Array(nullable(Type.Integer()), {
        description: 'received in all families, one for each of `counted`; null: not reported, or not up',
      }),
    }),
  ),
  flaps: Type.Array(BgpFlap, { description: 'what this message reports for the first time' }),
});
export type BgpDay = Static<typeof BgpDay>;

/** Bucket `<site>-inventory`, one entry a device, written by the watcher. Never a secret. */
export const InventoryEntry = Type.Object({
  device: DeviceName,
  host: Type.String(),
  platform: Type.Unsafe<Platform>(Type.String({ pattern: platformPattern })),
  groups: Type.Array(Type.String()),
  labels: Type.Optional(
    Type.Record(Type.String(), Type.Array(Type.String()), {
      description: 'role and vars that selectors compare, with `a.b.c` for nested ones; possible secrets are left out',
    }),
  ),
  policy: Type.Unknown(),
  intended: nullable(
    Type.Object(
      { sha256: Sha256, path: Type.String(), commit: Type.Optional(Type.String()) },
      { description: 'what the source has; null: the file is gone and the device is unmanaged' },
    ),
  ),
  problem: Type.Optional(Type.String({ description: 'why the source could not be read for this device' })),
});
export type InventoryEntry = Static<typeof InventoryEntry>;

/** Who holds a device. The epoch grows with each new holder and is kept in the state as well. */
export const Lease = Type.Object({ runner: Type.String(), epoch: Epoch });
export type Lease = Static<typeof Lease>;

/**
 * Bucket `<site>-lease`, key `<device>`: written when a device is taken and when it is given up, never deleted, and worth as
 * much as its runner's heartbeat. One without `at` is a lease of an older release, which is renewed every 2.5 s itself.
 */
export const Claim = Type.Object({
  runner: Type.String({ description: 'empty: given up' }),
  epoch: Epoch,
  at: Type.Optional(Timestamp),
  to: Type.Optional(Type.String({ description: 'handed over to this runner, which has five seconds to take it' })),
});
export type Claim = Static<typeof Claim>;

/** Bucket `<site>-lease`, key `runner.<runner>`. It has no epoch: runners of older releases would take it for a lease. */
export const Heartbeat = Type.Union([
  Type.Object({
    n: Type.Integer({ description: 'grows with each beat' }),
    at: Timestamp,
    draining: Type.Optional(Type.Literal(true, { description: 'it is about to stop: others ask for its devices' })),
  }),
  Type.Object({ left: Type.Literal(true), at: Timestamp }),
  Type.Object({
    buried: Type.Object({
      by: Type.String({ description: 'the runner that had not heard from it for 10 s' }),
      over: Type.Integer({ description: 'revision of its last beat' }),
      at: Timestamp,
    }),
  }),
]);
export type Heartbeat = Static<typeof Heartbeat>;

/**
 * Bucket `<site>-lease`, key `pool.<runner>`: which devices a runner is for, and which ones it asks their holders for.
 * It is kept beside the claims so that everyone reads both in the same order. Written when it changes.
 */
export const Pool = Type.Object({
  slot: Type.String({
    description: 'what is hashed: the same after a restart, so that it gets the same devices again',
  }),
  since: Timestamp,
  weight: Type.Number({ minimum: 0, description: 'its share, relative to other runners' }),
  max: Type.Optional(Type.Integer({ minimum: 0, description: 'the most devices that it holds' })),
  names: Type.Optional(Type.Array(Type.String(), { description: 'only these devices, ahead of all other runners' })),
  select: Type.Optional(
    Type.String({ description: 'only devices that this selector picks, ahead of runners for all devices' }),
  ),
  asks: Type.Array(Type.String(), { description: 'devices of other runners that it asks for, a few at a time' }),
});
export type Pool = Static<typeof Pool>;

const keyOf = (kind: string) => {
  const prefix = `${kind}.`;
  return {
    of: (runner: string) => `${prefix}${runner}`,
    runner: (key: string) => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined),
  };
};

const beats = keyOf('runner');
const pools = keyOf('pool');

/** Keys of the bucket `<site>-lease`. No device has a dot in its name. */
export const leaseKey = {
  runner: beats.of,
  /** The runner whose heartbeat it is. */
  runnerOf: beats.runner,
  pool: pools.of,
  /** The runner whose pool it is. */
  poolOf: pools.runner,
  isDevice: (key: string) => !key.includes('.'),
};

/** Bucket `<site>-runners`, key `job.<id>`: which device was first asked under an id that its asker made. */
export const KeptId = Type.Object({ device: DeviceName });
export type KeptId = Static<typeof KeptId>;

/** Bucket `<site>-runners`. */
export const Runner = Type.Object({
  runner: Type.String(),
  version: Type.String(),
  host: Type.String(),
  pid: Type.Integer(),
  startedAt: Timestamp,
  devices: Type.Array(DeviceName),
  waiting: Type.Integer({ description: 'devices it would take if another runner released them' }),
  jobs: Type.Integer({ description: 'jobs in progress' }),
});
export type Runner = Static<typeof Runner>;

/** Bucket `<site>-api`, entry `key`: the hash of the site's own key. Its other entries are those of core/access.ts. */
export const ApiKey = Type.Object({ sha256: Sha256, createdAt: Timestamp });
export type ApiKey = Static<typeof ApiKey>;

/** Whose log lines are published on the bus. */
export const logRoles = ['watcher', 'runner', 'api'] as const;
export type LogRole = (typeof logRoles)[number];

/** A line of a process's log, as written to stderr, and whose it is. Its other fields are kept as well. */
export const LogLine = Type.Object({
  time: Timestamp,
  level: Type.Integer({ description: '10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal' }),
  msg: Type.Optional(Type.String()),
  device: Type.Optional(Type.String()),
  job: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
  hint: Type.Optional(Type.String()),
  role: literals(logRoles),
  name: Type.String({ description: "name of the process; a runner's is the one in `plumb status -o wide`" }),
  seq: Type.Integer({ description: 'counted by the process, from 1' }),
  dropped: Type.Optional(
    Type.Integer({
      description: 'number of lines, up to this one, that were lost because NATS was slow or unreachable',
    }),
  ),
});
export type LogLine = Static<typeof LogLine>;

/** Which of the lines that a process has kept are sent again: those that match everything given, the last `tail`. */
export const LogQuery = Type.Object(
  {
    token: Type.String({ pattern: '^[A-Za-z0-9_-]{8,40}$', description: 'chosen by the caller: where the answers go' }),
    roles: Type.Optional(Type.Array(literals(logRoles))),
    names: Type.Optional(
      Type.Array(Type.String(), { description: 'process names; globs, or without the random suffix' }),
    ),
    devices: Type.Optional(Type.Array(DeviceName)),
    level: Type.Optional(Type.Integer({ description: 'this level and those above' })),
    since: Type.Optional(Timestamp),
    tail: Type.Optional(Type.Integer({ minimum: 0 })),
    after: Type.Optional(
      Type.Record(Type.String(), Type.Integer(), {
        description: '`role name` of a process: only lines after this one',
      }),
    ),
  },
  closed,
);
export type LogQuery = Static<typeof LogQuery>;

/** The end of an answer to a query: the last line that the process had written by then. */
export const LogEnd = Type.Object({ role: literals(logRoles), name: Type.String(), end: Type.Integer() }, closed);
export type LogEnd = Static<typeof LogEnd>;

const fileBytes = 32 * 1024 * 1024;
const printedBytes = 16 * 1024 * 1024;
const BackTo = Type.Union([JobId, Type.Literal('last')]);
const FilePath = Type.String({ minLength: 1, maxLength: 4096 });

/** The verbs that the holder answers on `<site>.<device>.<verb>`; a text body is the field named `text`. */
export const requests = {
  command: {
    text: 'command',
    schema: Type.Object(
      {
        command: Type.String({ minLength: 1 }),
        timeoutSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 600 })),
        change: Type.Optional(
          Type.Boolean({
            description: 'it may change the device: waits for a deployment in progress, and needs a reason',
          }),
        ),
        reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'why, for the record' })),
      },
      closed,
    ),
  },
  bgp: { text: undefined, schema: Type.Object({}, closed) },
  'bgp-detail': { text: undefined, schema: Type.Object({}, closed) },
  facts: { text: undefined, schema: Type.Object({}, closed) },
  'interfaces-ip': { text: undefined, schema: Type.Object({}, closed) },
  config: {
    text: 'from',
    schema: Type.Object(
      {
        from: Type.Optional(literals(['running', 'startup'])),
        saved: Type.Optional(JobId),
      },
      closed,
    ),
  },
  /**
   * Dry run of `config`, of the rollback to before job `to`, or before the last applied deployment, or of the current
   * intent; with `before` and `after`, the difference of two texts that the device has.
   */
  diff: {
    text: 'config',
    schema: Type.Object(
      {
        config: Type.Optional(Type.String()),
        mode: Type.Optional(Mode),
        to: Type.Optional(BackTo),
        before: Type.Optional(Version),
        after: Type.Optional(Version),
      },
      closed,
    ),
  },
  /** To before job `to`, or before the last applied deployment. */
  rollback: {
    text: 'to',
    schema: Type.Object({ to: Type.Optional(BackTo) }, closed),
  },
  /**
   * A file of the device. What does not fit into one message is requested in parts, under the job of the first answer.
   */
  'file-get': {
    text: 'path',
    schema: Type.Object(
      { path: FilePath, offset: Type.Optional(Type.Integer({ minimum: 1, maximum: fileBytes })) },
      closed,
    ),
  },
  /** Replaces a file of the device, once its last part has arrived; all parts carry the same `Plumb-Job`. */
  'file-put': {
    text: undefined,
    schema: Type.Object(
      {
        path: FilePath,
        mode: Type.Optional(
          Type.String({ pattern: '^[0-7]{3,4}$', description: 'default: that of the old file, or 0644' }),
        ),
        size: Type.Integer({ minimum: 0, maximum: fileBytes, description: 'of the whole file' }),
        sha256: Sha256,
        offset: Type.Integer({ minimum: 0, maximum: fileBytes, description: 'where this part starts' }),
        content: Type.String({ description: 'this part, in base64' }),
      },
      closed,
    ),
  },
  ping: {
    text: undefined,
    schema: Type.Object(
      { clock: Type.Optional(Type.Boolean({ description: "log in if necessary, and read the device's clock" })) },
      closed,
    ),
  },
  /** Logs in anew and runs the checks and the inventory's probes without changing anything. */
  test: { text: undefined, schema: Type.Object({}, closed) },
  cancel: { text: 'job', schema: Type.Object({ job: JobId }, closed) },
  retry: {
    text: 'reason',
    schema: Type.Object({ reason: Type.Optional(Type.String()), force: Type.Optional(Type.Boolean()) }, closed),
  },
  /** Stops deployments to the device until someone says `resume`. */
  hold: {
    text: 'reason',
    schema: Type.Object(
      { reason: Type.String({ minLength: 1, maxLength: 1000, pattern: '\\S', description: 'why, for the record' }) },
      closed,
    ),
  },
  resume: { text: undefined, schema: Type.Object({}, closed) },
  approve: {
    text: 'job',
    schema: Type.Object({ job: JobId, intent: Type.Optional(Sha256), running: Type.Optional(Sha256) }, closed),
  },
} as const satisfies Record<string, { text: string | undefined; schema: TSchema }>;
export type Verb = keyof typeof requests;
export type Request<V extends Verb> = Static<(typeof requests)[V]['schema']>;

/** Headers on an intent or a request; all optional. */
export const headers = {
  job: 'Plumb-Job',
  commit: 'Plumb-Commit',
  author: 'Plumb-Author',
  /** On a request: how long the sender waits for the answer, in milliseconds. */
  wait: 'Plumb-Wait',
  source: 'Plumb-Source',
  sha256: 'Plumb-Sha256',
  mode: 'Plumb-Mode',
  confirm: 'Plumb-Confirm',
  dryRun: 'Plumb-Dry-Run',
  force: 'Plumb-Force',
  /** `source`: this is what the source of truth holds. Anything else was published manually and holds the device. */
  origin: 'Plumb-Origin',
  /** Name in the object store `<site>-bodies`, for a text above the server's max_payload. */
  object: 'Plumb-Object',
  encoding: 'Content-Encoding',
  errorCode: 'Nats-Service-Error-Code',
  error: 'Nats-Service-Error',
} as const;

const token = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '_') || '_';

export const subjects = {
  intent: (site: string, device: string) => `${site}.${device}.configure`,
  intents: (site: string) => `${site}.*.configure`,
  job: (site: string, device: string, job: string) => `${site}.${device}.job.${job}`,
  jobs: (site: string, device = '*') => `${site}.${device}.job.*`,
  /** @param day UTC, as `2025-11-30` */
  bgpDay: (site: string, device: string, day: string) => `${site}.${device}.bgp.${day}`,
  bgpDays: (site: string) => `${site}.*.bgp.*`,
  audit: (site: string) => `audit.${site}`,
  /** To the watcher: something was pushed, look now. */
  look: (site: string) => `look.${site}`,
  request: (site: string, device: string, verb: Verb) => `${site}.${device}.${verb}`,
  requests: (site: string, verb: Verb) => `${site}.*.${verb}`,
  /**
   * Where nats-server announces what a stream or bucket has just stored: for `configure`, only the headers. Nobody else
   * may publish there.
   */
  stored: (
    site: string,
    what: 'configure' | 'job' | 'bgp' | 'state' | 'inventory' | 'lease' | 'audit',
    ...rest: string[]
  ) => ['stored', site, what, ...rest].join('.'),
  /** Each line as it is said. A name becomes one subject token. */
  log: (site: string, role: LogRole, name: string) => `log.${site}.${role}.${token(name)}`,
  /** Where a process may publish: its lines, and the answers to queries. */
  logOf: (site: string, role: LogRole) => `log.${site}.${role}.>`,
  /** A query, for every process. Its answers go to a subject of each process, never to one that the sender names. */
  logRecent: (site: string) => `log.${site}.recent`,
  /** An answer to a query. */
  logAnswer: (site: string, role: LogRole, name: string, query: string) =>
    `${subjects.log(site, role, name)}.recent.${query}`,
  /** Everything that processes publish, lines and answers. */
  logs: (site: string) => `log.${site}.*.>`,
};

/**
 * Whether answers may be sent there: a client's inbox, or (`_R_`) nats-server's route back to one in another account.
 */
export const isInbox = (subject: string): boolean => /^(?:_INBOX[._]|_R_\.)/.test(subject);

/** The device of a subject of ours. */
export const deviceOf = (subject: string): string => subject.split('.')[1] ?? '';

export const streams = {
  intent: (site: string) => `${site}-intent`,
  jobs: (site: string) => `${site}-jobs`,
  /** How BGP sessions were. */
  bgp: (site: string) => `${site}-bgp`,
  /** What was asked of the API, by whom: core/audit.ts. */
  audit: (site: string) => `${site}-audit`,
};

export const buckets = {
  state: (site: string) => `${site}-state`,
  inventory: (site: string) => `${site}-inventory`,
  lease: (site: string) => `${site}-lease`,
  runners: (site: string) => `${site}-runners`,
  /** Who may use the API: core/access.ts. */
  api: (site: string) => `${site}-api`,
  /** Who is logged in to the API: core/access.ts. */
  sessions: (site: string) => `${site}-sessions`,
  /** Object store. */
  bodies: (site: string) => `${site}-bodies`,
};

export const limits = {
  runnerMs: 30_000,
  jobDays: 30,
  bgpDays: 7,
  /** The largest record of a day; the oldest states and counts make room. */
  bgpDayBytes: 256 * 1024,
  auditDays: 400,
  /** How long a login lasts, whether it is used or not. */
  sessionHours: 12,
  gzipAboveBytes: 256 * 1024,
  /** Cut for a diff or a result in a job record. */
  recordBytes: 256 * 1024,
  /** The largest file that is put on a device or fetched from one. */
  fileBytes,
  /**
   * The most a device may print in answer to one command: reading more would keep the runner's other devices waiting.
   */
  printedBytes,
  /** The largest configuration: read back it may take twice as much, with escapes and indentation, and must fit into one answer. */
  textBytes: printedBytes / 2,
  /** How many blocked texts are kept for a device. */
  blocked: 64,
  /** How often a text is tried when crashes cut the attempts off. */
  crashTries: 3,
  /** How many of its own lines a process keeps for later queries. */
  logLines: 2_000,
  logChars: 1024 * 1024,
} as const;
