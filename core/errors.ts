/** What follows from a failure; docs/failures.md has the same for people. */
type Failure = {
  /** The status with which the API answers. */
  http: number;
  /**
   * When the same text is tried again: `soon`, automatically, since time may fix it; `mended`, likewise, since a person
   * fixes the way to the device; `look`, when the device is next read; `never`, until someone asks for it.
   */
  again: 'soon' | 'mended' | 'look' | 'never';
  /** The connection: `lost` on the way, or `refused` at the login, where trying again would lock the account. */
  connection?: 'lost' | 'refused';
  /** Something of ours may still be on the device. */
  left?: true;
  /** What became of a commit: `undone`, or `stays` as far as we know. */
  committed?: 'undone' | 'stays';
  /** Wrong use, or no way to the bus: nothing was done to any device, and `plumb` ends with 2. */
  misuse?: true;
};

const table = {
  // what came in from outside
  invalid_inventory: { http: 422, again: 'never', misuse: true },
  invalid_request: { http: 400, again: 'never', misuse: true },
  template_failed: { http: 422, again: 'look' },
  source_failed: { http: 409, again: 'look' },
  unknown_device: { http: 404, again: 'look', misuse: true },
  unknown_job: { http: 404, again: 'look', misuse: true },
  credentials_unavailable: { http: 503, again: 'mended', misuse: true },
  // the bus
  nats_unavailable: { http: 503, again: 'soon', misuse: true },
  no_runner: { http: 503, again: 'look', misuse: true },
  conflict: { http: 409, again: 'soon' },
  // getting to the device
  unreachable: { http: 504, again: 'soon', connection: 'lost', left: true },
  unauthorized: { http: 502, again: 'never', connection: 'refused' },
  host_key_unknown: { http: 502, again: 'mended', connection: 'refused' },
  host_key_changed: { http: 502, again: 'mended', connection: 'refused' },
  closed: { http: 502, again: 'soon', connection: 'lost', left: true },
  timeout: { http: 504, again: 'soon', connection: 'lost', left: true },
  unsupported: { http: 501, again: 'never' },
  parse_failed: { http: 502, again: 'never' },
  // a deployment
  refused: { http: 422, again: 'never' },
  rejected: { http: 422, again: 'never' },
  locked: { http: 409, again: 'soon', left: true },
  commit_failed: { http: 502, again: 'never', left: true, committed: 'undone' },
  check_failed: { http: 502, again: 'never', committed: 'undone' },
  undo_failed: { http: 502, again: 'never', left: true, committed: 'stays' },
  not_converged: { http: 502, again: 'never', committed: 'stays' },
  stale_intent: { http: 409, again: 'look' },
  superseded: { http: 409, again: 'look' },
  cancelled: { http: 409, again: 'never' },
  expired: { http: 409, again: 'never' },
  lease_lost: { http: 409, again: 'look' },
  abandoned: { http: 409, again: 'never' },
  // a fault in Plumbline itself
  internal: { http: 500, again: 'look' },
} as const satisfies Record<string, Failure>;

/** Why something ended badly. Stable words: scripts, the API's problem documents and the tests rely on them. */
export type FailureCode = keyof typeof table;

/** The one table of failures. */
export const failures: Readonly<Record<FailureCode, Failure>> = table;

/** What follows from an outcome of that name; undefined where it is no failure. */
export const failureOf = (outcome: string): Failure | undefined =>
  Object.hasOwn(failures, outcome) ? failures[outcome as FailureCode] : undefined;

/** What is known besides the message; undefined counts as absent. */
export type ErrorDetails = ErrorOptions & { hint?: string | undefined; line?: number | undefined };

/** What an operator must expect to happen. Anything else that is thrown is a bug. */
export class PlumbError extends Error {
  override readonly name = 'PlumbError';
  readonly code: FailureCode;
  /** What to do next, one sentence. */
  readonly hint: string | undefined;
  /** The line of the operator's own file, from 1, where there is one. */
  readonly line: number | undefined;

  constructor(code: FailureCode, message: string, options: ErrorDetails = {}) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
    this.line = options.line;
  }
}

/** Whether it is an outcome, of one of these codes where any are named. Anything else that is thrown is a bug. */
export const isOutcome = (error: unknown, ...codes: readonly FailureCode[]): error is PlumbError =>
  error instanceof PlumbError && (codes.length === 0 || codes.includes(error.code));

const bugs = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Whether it is certainly a bug, best explained by its stack; what a library throws need not be one. */
export const isBug = (error: unknown): error is Error => bugs.some((bug) => error instanceof bug);

/** Whether, after it, the state of the connection is no longer known. */
export const isLost = (error: unknown): boolean =>
  error instanceof PlumbError && failures[error.code].connection === 'lost';

const diskFaults: readonly (readonly [RegExp, string])[] = [
  [/read-only file system/i, 'is read-only'],
  [/no space left on device|disk quota exceeded/i, 'is full'],
  [/input\/output error/i, 'has I/O errors'],
];

/** Why NATS can no longer store anything: the error of its disk, and where; undefined for any other error. */
export const whyNotStored = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || error.name !== 'JetStreamApiError') return undefined;
  const [, what] = diskFaults.find(([said]) => said.test(error.message)) ?? [];
  const path = error.message.split(/[\s"]/).find((word) => word.startsWith('/') && word.includes('/jetstream/'));
  const folder = path?.slice(0, path.indexOf('/jetstream/') + '/jetstream'.length);
  return what && `NATS cannot store anything: the file system${folder ? ` of ${folder} on its host` : ''} ${what}`;
};

/** What to do if NATS cannot store anything. */
export const storeRepair =
  'stop nats-server, repair its disk (`dmesg` on its host says why) and start it again: everything else continues by itself';

/** The client takes every subject that nobody listens on for a server without JetStream: mostly an election is under way. */
const whyNobody = (error: Error): string | undefined => {
  if (error.name !== 'JetStreamNotEnabled') return undefined;
  const [, subject] = /no responders: '([^']+)'/.exec(explain(error.cause)) ?? [];
  if (subject === undefined || subject.startsWith('$JS.')) return undefined; // of JetStream itself
  return `no responders: the stream of '${subject}' has no leader right now, or is gone`;
};

/** The one-line text of anything that was thrown, with its causes. */
export const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const nobody = whyNobody(error);
  if (nobody !== undefined) return nobody;
  if (error.name === 'TimeoutError' && error.message === 'timeout') return 'no answer from NATS in time';
  const unstored = whyNotStored(error);
  if (unstored !== undefined) return unstored;
  const told = error.cause instanceof Error || typeof error.cause === 'string'; // a library's object is no text
  const cause = told ? `: ${explain(error.cause)}` : '';
  return error.message.includes(cause.slice(2)) ? error.message : error.message + cause;
};
