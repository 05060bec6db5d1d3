import { afterAll, beforeAll, expect, it } from 'vitest';
import { newJobId } from '../../../core/store/jobs.ts';
import { apiForTest, type Harness } from './harness.ts';

type Schema = { type?: string; minimum?: number; maximum?: number };
type Parameter = { name: string; in: string; schema: Schema };
type Operation = { parameters?: Parameter[]; requestBody?: object };

let api: Harness;
beforeAll(async () => {
  api = await apiForTest();
});
afterAll(() => api[Symbol.asyncDispose]());

const isNumber = ({ schema: { type, minimum, maximum } }: Parameter) =>
  type === 'integer' || type === 'number' || minimum !== undefined || maximum !== undefined;

/** Every number that a query or a path takes, of the OpenAPI document. */
const numbers = async () => {
  const { paths } = (await api.call('GET', '/openapi.json')).json<{
    paths: Record<string, Record<string, Operation>>;
  }>();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [], requestBody }]) =>
      parameters.filter(isNumber).map((parameter) => ({ path, method, requestBody, parameter })),
    ),
  );
};

/** A body that is right, so that the query is looked at. */
const bodies: Record<string, object> = {
  configure: { config: 'hostname leaf1\n' },
  command: { command: 'show version' },
  rollback: { to: 'last' },
  hold: { reason: 'maintenance' },
  config: { from: 'running' },
  approve: { intent: 'a'.repeat(64), running: 'b'.repeat(64) },
};

it('a number in a query is a whole one within bounds, and nothing else is taken for it, on any route', async () => {
  const found = await numbers();
  expect(found.map(({ method, path, parameter }) => `${method} ${path} ${parameter.name}`)).toEqual(
    expect.arrayContaining(['get /api/v1/jobs limit', 'post /api/v1/devices/{name}/configure wait']),
  );
  for (const { path, method, requestBody, parameter } of found) {
    const { minimum, maximum, type } = parameter.schema;
    expect({ path, parameter: parameter.name, type, minimum, maximum }).toMatchObject({
      type: 'integer',
      minimum: expect.any(Number),
      maximum: expect.any(Number),
    });
    const bad = ['1.5', '1.0', '1e1', '0x1', '-1', '+1', ' 1', '', 'NaN', 'Infinity', '1,0', `${(maximum ?? 0) + 1}`];
    if (minimum) bad.push(`${minimum - 1}`);
    const asked = path.replace('{name}', 'leaf1').replace('{id}', newJobId());
    const payload = bodies[path.split('/').at(-1) ?? ''];
    const body = requestBody && payload ? { payload } : {};
    for (const query of [...bad.map(encodeURIComponent), `1&${parameter.name}=2`]) {
      const url = `${asked}?${parameter.name}=${query}`;
      const reply = await api.call(method.toUpperCase() as 'GET', url, body);
      expect({ url, ...reply.json() }).toMatchObject({
        url,
        status: 400,
        code: 'invalid_request',
        errors: [{ in: 'query', pointer: `/${parameter.name}` }],
      });
    }
  }
});
