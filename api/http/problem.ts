import { type Static, Type } from 'typebox';
import { defined } from '../../core/defined.ts';
import { explain, type FailureCode, failures, PlumbError } from '../../core/errors.ts';
import { log } from '../../core/log.ts';
import { redact } from '../../core/redact/redact.ts';

/** What is wrong with a request itself, beside the codes that everything shares. */
const httpCodes = {
  not_authenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  too_large: 413,
  unsupported_media_type: 415,
  unmet_expectation: 417,
  key_reused: 422,
  too_many_requests: 429,
  header_too_large: 431,
  unknown_method: 501,
  stopping: 503,
  unknown_version: 505,
  loading: 503,
} as const;
type HttpCode = keyof typeof httpCodes;
type Code = FailureCode | HttpCode;

/** One thing that is wrong in a request: where, as a JSON pointer, and what. */
export const Flaw = Type.Object({ in: Type.String(), pointer: Type.String(), detail: Type.String() });
export type Flaw = Static<typeof Flaw>;

/** RFC 9457. `code` is the stable word that scripts should look at. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: '`urn:plumbline:problem:` followed by the code' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String({ description: 'the requested path' }),
    code: Type.Unsafe<Code>(Type.Enum([...Object.keys(failures), ...Object.keys(httpCodes)])),
    hint: Type.Optional(Type.String({ description: 'what to do next' })),
    line: Type.Optional(Type.Integer({ description: 'line of the submitted configuration, from 1' })),
    errors: Type.Optional(Type.Array(Flaw)),
  },
  { $id: 'Problem' },
);
export type Problem = Static<typeof Problem>;

type More = { headers?: Record<string, string>; errors?: Flaw[]; hint?: string };

/** A request that is answered with a status of HTTP's own. */
export class HttpProblem extends Error {
  readonly code: Code;
  readonly headers: Record<string, string>;
  readonly errors: Flaw[] | undefined;
  /** What to do next. */
  readonly hint: string | undefined;

  constructor(code: Code, message: string, options: More = {}) {
    super(message);
    this.code = code;
    this.headers = options.headers ?? {};
    this.errors = options.errors;
    this.hint = options.hint;
  }
}

const byStatus: Record<number, Code> = {
  404: 'not_found',
  413: 'too_large',
  415: 'unsupported_media_type',
};

const describe = (error: unknown): { code: Code; status: number; detail: string; more: Partial<Problem> } => {
  if (error instanceof HttpProblem) {
    const { code, message, errors, hint } = error;
    const status = code in httpCodes ? httpCodes[code as HttpCode] : failures[code as FailureCode].http;
    return { code, status, detail: message, more: defined({ errors, hint }) };
  }
  if (error instanceof PlumbError) {
    const { code, hint, line } = error;
    const more = defined({ hint: hint && redact(hint), line });
    return { code, status: failures[code].http, detail: redact(explain(error)), more };
  }
  // fastify's own: a body that is no JSON, too large, of another type
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { code: byStatus[status] ?? 'invalid_request', status, detail: explain(error), more: {} };
  }
  log.error(`REST: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return { code: 'internal', status: 500, detail: 'this is a bug in plumb; see its log', more: {} };
};

/** The problem document for anything that a route threw. */
export const toProblem = (error: unknown, url: string): Problem => {
  const { code, status, detail, more } = describe(error);
  const words = code.replaceAll('_', ' ');
  return {
    type: `urn:plumbline:problem:${code}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status,
    detail,
    instance: url.split('?')[0] ?? url,
    code,
    ...more,
  };
};
