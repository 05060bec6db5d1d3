import { Ajv2020 } from 'ajv/dist/2020.js';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failures } from '../../core/errors.ts';
import { newJob } from '../../core/store/jobs.ts';
import { storeJob } from '../stored.ts';
import { apiForTest, type Harness } from '../unit/api/harness.ts';

type Schema = { [key: string]: unknown };
type Parameter = { name: string; in: 'query' | 'path' | 'header'; required?: boolean; schema: Schema };
type Content = Record<string, { schema: Schema }>;
type Operation = {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};
type Document = { paths: Record<string, Record<string, Operation>>; components: object };

const seconds = Number(process.env.PLUMB_FUZZ_SECONDS ?? 45);
const seed = Number(process.env.PLUMB_FUZZ_SEED ?? Date.now() % 1_000_000);

/** mulberry32: the same numbers for the same seed. */
let state = seed;
const random = (): number => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
const below = (limit: number): number => Math.floor(random() * limit);
const oneOf = <T>(list: readonly T[]): T => list[below(list.length)] as T;

const nasty = [
  '',
  ' ',
  '0',
  '-1',
  'null',
  '../..',
  '%00',
  '\u0000',
  '\u202e',
  'ä'.normalize('NFD'),
  '😀',
  '\ud800',
  '*',
  '>',
  'a.b',
  '$SYS',
  '__proto__',
  'constructor',
  '[object Object]',
  "'; --",
  '{{7*7}}',
  '<script>',
  '9'.repeat(400),
  'x'.repeat(5_000),
  '\r\nx: y',
  'role=leaf, !leaf1',
  '((',
  '!',
  'leaf1',
  '1e309',
  '2026-02-30',
  '99999d',
];
let job: string;
const known = () => ['leaf1', 'leaf2', job, 'last', 'running', 'a'.repeat(64), 'viewer'];

/** A value that a schema takes, mostly; one time in four another one. */
const valueFor = (schema: Schema, document: Document, depth = 0): unknown => {
  if (random() < 0.25 || depth > 4)
    return oneOf<unknown>([...nasty, ...known(), null, true, 0, -1, 1.5, 2 ** 53, [], {}, [[]], { '': 1 }]);
  const {
    $ref,
    anyOf,
    enum: words,
    const: only,
    type,
    properties,
    items,
    required = [],
  } = schema as {
    $ref?: string;
    anyOf?: Schema[];
    enum?: unknown[];
    const?: unknown;
    type?: string;
    properties?: Record<string, Schema>;
    items?: Schema;
    required?: string[];
  };
  if ($ref) return {};
  if (anyOf) return valueFor(oneOf(anyOf), document, depth);
  if (words) return oneOf(words);
  if (only !== undefined) return only;
  switch (type) {
    case 'object': {
      const kept = Object.entries(properties ?? {}).filter(([name]) => required.includes(name) || random() < 0.5);
      const made = kept.map(([name, each]) => [name, valueFor(each, document, depth + 1)]);
      return Object.fromEntries(random() < 0.05 ? [...made, [oneOf(nasty), 1]] : made);
    }
    case 'array':
      return Array.from({ length: below(4) }, () => valueFor(items ?? {}, document, depth + 1));
    case 'integer':
      return oneOf([0, 1, 2, 50, 200, -1, 10_000]);
    case 'boolean':
      return random() < 0.5;
    default:
      return random() < 0.6 ? oneOf(known()) : oneOf(nasty);
  }
};

const text = (value: unknown): string => (typeof value === 'string' ? value : String(JSON.stringify(value)));
/** As it may stand in an address; half a character, which may not, as another one. */
const encoded = (value: unknown): string => encodeURIComponent(Buffer.from(text(value)).toString());

let api: Harness;
let document: Document;
let ajv: Ajv2020;
beforeAll(async () => {
  api = await apiForTest({ gitHookSecret: 'secret-of-the-git-server' });
  const stored = newJob('leaf1', 'deploy');
  job = stored.id;
  await storeJob(api.store, stored);
  document = (await api.app.inject({ url: '/openapi.json' })).json();
  ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'doc', ...document });
});
afterAll(() => api[Symbol.asyncDispose]());

const escaped = (path: string): string =>
  path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');

/** What is wrong with an answer: a fault of ours, a status or a type that is not in the document, or another form. */
const flawOf = (
  path: string,
  method: string,
  { responses }: Operation,
  reply: LightMyRequestResponse,
): string | undefined => {
  const { statusCode: status, headers, body } = reply;
  const type = String(headers['content-type'] ?? '').split(';')[0] ?? '';
  const code = type === 'application/problem+json' ? reply.json<{ code: string }>().code : '';
  const ofDevice = code in failures && code !== 'internal' && failures[code as keyof typeof failures].http === status;
  if (status >= 500 && !ofDevice && code !== 'loading') return `a fault: ${status} ${body.slice(0, 300)}`;
  const at = [`${status}`, `${Math.floor(status / 100)}XX`].find((each) => responses[each]);
  if (!at) return `${status} is not in the document`;
  const content = responses[at]?.content;
  if (!content || status === 204 || status === 304) return body === '' ? undefined : `${status} with a body`;
  if (!content[type]) return `${status}: ${type} is not in the document`;
  if (!type.endsWith('json')) return undefined;
  const pointer = ['paths', path, method, 'responses', at, 'content', type, 'schema'].map(escaped).join('/');
  const check = ajv.getSchema(`doc#/${pointer}`) ?? ajv.compile({ $ref: `doc#/${pointer}` });
  return check(JSON.parse(body)) ? undefined : `${status}: ${ajv.errorsText(check.errors)}: ${body.slice(0, 300)}`;
};

it(
  `every route answers whatever it is sent as its document says, without a fault (seed ${seed})`,
  async () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    const until = performance.now() + seconds * 1000;
    const counts = new Map<string, number>();
    const flaws = new Map<string, string>();
    const statuses = new Map<number, number>();
    for (let at = 0; performance.now() < until; at += 1) {
      const { path, method, operation } = operations[at % operations.length] as (typeof operations)[number];
      const { parameters = [], requestBody, operationId } = operation;
      if (operationId === 'events') continue; // it goes on; test/long/events.test.ts
      const isWait = (name: string) => name === 'wait';
      const url = parameters
        .filter((each) => each.in === 'path')
        .reduce((so, { name, schema }) => so.replace(`{${name}}`, encoded(valueFor(schema, document)) || 'x'), path);
      const query = parameters
        .filter((each) => each.in === 'query' && (each.required || random() < 0.4))
        .map(
          ({ name, schema }) =>
            `${name}=${isWait(name) ? oneOf(['0', 'x', '61']) : encoded(valueFor(schema, document))}`,
        );
      const types = Object.keys(requestBody?.content ?? {});
      const type =
        random() < 0.9 && types.length > 0 ? oneOf(types) : oneOf(['application/json', 'text/plain', 'x/y', '']);
      const body = valueFor(requestBody?.content[type]?.schema ?? {}, document);
      const sent = method === 'get' ? {} : { payload: random() < 0.05 ? '{"a":' : text(body) };
      const headers = {
        ...(method !== 'get' && type !== '' ? { 'content-type': type } : {}),
        ...(random() < 0.2 ? { 'idempotency-key': oneOf(['a', 'b', 'c d', '1'.repeat(300)]) } : {}),
        ...(random() < 0.2 ? { 'if-none-match': oneOf(['*', 'W/"x"', '"']) } : {}),
      };
      const asked = `${url}${query.length > 0 ? `?${query.join('&')}` : ''}`;
      const remoteAddress = `192.0.2.${at % 250}`;
      const reply = await api.call(method.toUpperCase() as 'GET', asked, { ...sent, headers, remoteAddress });
      counts.set(operationId, (counts.get(operationId) ?? 0) + 1);
      statuses.set(reply.statusCode, (statuses.get(reply.statusCode) ?? 0) + 1);
      const flaw = flawOf(path, method, operation, reply);
      if (flaw)
        flaws.set(
          `${operationId} ${flaw.slice(0, 60)}`,
          `${method} ${asked} ${JSON.stringify(sent).slice(0, 400)}: ${flaw}`,
        );
    }
    expect([...flaws.values()].slice(0, 20)).toEqual([]);
    expect(Math.min(...counts.values())).toBeGreaterThan(5);
    for (const status of [200, 202, 400, 404]) expect(statuses.get(status) ?? 0).toBeGreaterThan(5);
  },
  (seconds + 60) * 1000,
);
