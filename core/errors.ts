/**
 * Why something ended badly. Stable words: scripts, the API's problem documents and the tests rely on them.
 * The value is the HTTP status with which the API answers.
 */
export const failureCodes = {
  // what came in from outside
  invalid_inventory: 422,
  invalid_request: 400,
  template_failed: 422,
  source_failed: 409,
  unknown_device: 404,
  unknown_job: 404,
  credentials_unavailable: 503,
  // the bus
  nats_unavailable: 503,
  no_runner: 503,
  conflict: 409,
  // getting to the device
  unreachable: 504,
  unauthorized: 502,
  host_key_unknown: 502,
  host_key_changed: 502,
  closed: 502,
  timeout: 504,
  unsupported: 501,
  parse_failed: 502,
  // a deployment
  refused: 422,
  rejected: 422,
  locked: 409,
  commit_failed: 502,
  check_failed: 502,
  undo_failed: 502,
  not_converged: 502,
  stale_intent: 409,
  superseded: 409,
  cancelled: 409,
  expired: 409,
  lease_lost: 409,
  abandoned: 409,
  // a fault of Plumbline's own
  internal: 500,
} as const satisfies Record<string, number>;

export type FailureCode = keyof typeof failureCodes;

/** What an operator must expect to happen. Anything else that is thrown is a bug. */
export class PlumbError extends Error {
  override readonly name = 'PlumbError';
  readonly code: FailureCode;
  /** What to do next, one sentence. */
  readonly hint: string | undefined;
  /** The line of the operator's own file, from 1, where there is one. */
  readonly line: number | undefined;

  constructor(code: FailureCode, message: string, options: ErrorOptions & { hint?: string; line?: number } = {}) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
    this.line = options.line;
  }
}

/** The one-line text of anything that was thrown, with its causes. */
export const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError' && error.message === 'timeout') return 'no answer from NATS in time';
  const cause = error.cause === undefined ? '' : `: ${explain(error.cause)}`;
  return error.message.includes(cause.slice(2)) ? error.message : error.message + cause;
};
