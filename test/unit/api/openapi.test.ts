import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newJob, putJob } from '../../../core/store/jobs.ts';
import { putRecord } from '../../../core/store/records.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, type Harness, stateOf } from './harness.ts';

type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  security?: object[];
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
};

let api: Harness;
let document: Document;
let operations: { path: string; method: string; operation: Operation }[];

beforeAll(async () => {
  api = await apiForTest();
  document = (await api.app.inject({ url: '/openapi.json' })).json();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
});
afterAll(() => api[Symbol.asyncDispose]());

/** Every `$ref` below a value. */
const refs = (value: unknown): string[] =>
  Object.entries((value ?? {}) as object).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : typeof inner === 'object' ? refs(inner) : [],
  );

/** Checks a value against a schema of the document, its references included. */
const problemsOf = (name: string, value: unknown) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: 'doc', ...document });
  const check = ajv.compile({ $ref: `doc#/components/schemas/${name}` });
  return check(value) ? [] : check.errors;
};

describe('the OpenAPI document', () => {
  it('names itself, its version and how to authenticate', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info).toMatchObject({ title: 'Plumbline', version: '1.2.3' });
    expect(document).toMatchObject({
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }, { session: [] }],
    });
  });

  it('describes every route, and which ones are open', () => {
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'delete /api/v1/jobs/{id}',
      'delete /api/v1/keys/{name}',
      'delete /api/v1/session',
      'get /api/v1/audit',
      'get /api/v1/bulk/{id}',
      'get /api/v1/devices',
      'get /api/v1/devices/{name}',
      'get /api/v1/devices/{name}/bgp',
      'get /api/v1/devices/{name}/bgp/history',
      'get /api/v1/devices/{name}/config',
      'get /api/v1/devices/{name}/diff',
      'get /api/v1/devices/{name}/history',
      'get /api/v1/events',
      'get /api/v1/jobs',
      'get /api/v1/jobs/{id}',
      'get /api/v1/keys',
      'get /api/v1/login',
      'get /api/v1/runners',
      'get /api/v1/session',
      'get /api/v1/webhooks',
      'get /api/v1/webhooks/deliveries',
      'get /health',
      'get /metrics',
      'get /ready',
      'post /api/v1/bulk',
      'post /api/v1/devices/{name}/bgp',
      'post /api/v1/devices/{name}/bgp-detail',
      'post /api/v1/devices/{name}/command',
      'post /api/v1/devices/{name}/config',
      'post /api/v1/devices/{name}/configure',
      'post /api/v1/devices/{name}/diff',
      'post /api/v1/devices/{name}/facts',
      'post /api/v1/devices/{name}/hold',
      'post /api/v1/devices/{name}/interfaces-ip',
      'post /api/v1/devices/{name}/resume',
      'post /api/v1/devices/{name}/rollback',
      'post /api/v1/devices/{name}/test',
      'post /api/v1/jobs/{id}/approve',
      'post /api/v1/keys',
      'post /api/v1/session',
      'post /api/v1/webhooks/resend',
      'post /hooks/git',
    ]);
    const open = operations.filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(({ path }) => path)).toEqual([
      '/health',
      '/ready',
      '/api/v1/session',
      '/api/v1/login',
      '/hooks/git',
    ]);
  });

  it('is sound: names are unique, parameters are declared, references lead somewhere, failures are problems', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every(({ required }) => required)).toBe(true);
      expect(operation.summary).not.toBe('');
      expect(operation.responses['4XX']?.content['application/problem+json']?.schema).toEqual({
        $ref: '#/components/schemas/Problem',
      });
      expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
      for (const response of Object.values(operation.responses)) expect(response.description).toBeTypeOf('string');
    }
    for (const ref of refs(document)) {
      expect(ref).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(document.components.schemas).toHaveProperty(ref.split('/').at(-1) ?? '');
    }
  });

  it('describes the bodies that work takes', () => {
    const configure = document.paths['/api/v1/devices/{name}/configure']?.post;
    expect(Object.keys(configure?.requestBody?.content ?? {})).toEqual(['application/json', 'text/plain']);
    expect(configure?.requestBody?.content['application/json']?.schema).toMatchObject({ required: ['config'] });
  });

  it('is true of the answers', async () => {
    await putRecord(api.store.state, 'leaf1', stateOf('leaf1'));
    const job = newJob('leaf1', 'deploy');
    await storeJob(api.store, job);
    const get = async (url: string) => (await api.call('GET', url)).json();
    expect(problemsOf('Device', await get('/api/v1/devices/leaf1'))).toEqual([]);
    expect(problemsOf('Job', await get(`/api/v1/jobs/${job.id}`))).toEqual([]);
    expect(problemsOf('JobSummary', (await get('/api/v1/jobs')).items[0])).toEqual([]);
    expect(problemsOf('Problem', await get('/api/v1/devices/nope'))).toEqual([]);
    expect(problemsOf('Problem', await get('/api/v1/devices?x=1'))).toEqual([]);
    expect(problemsOf('Device', { device: 'leaf1' })).not.toEqual([]);
  });

  it('has the command of a job in its summary, without secrets', async () => {
    const request = { command: 'neighbor 10.1.1.1 password examplepw', change: true, reason: 'CHG-1' };
    const job = { ...newJob('leaf2', 'command'), request, change: 'CHG-1' };
    await putJob(api.store, job);
    const [listed] = (await api.call('GET', '/api/v1/jobs?device=leaf2&limit=1')).json().items;
    expect(listed).toMatchObject({ id: job.id, command: 'neighbor 10.1.1.1 password <secret>' });
    expect(listed).not.toHaveProperty('request');
    expect(problemsOf('JobSummary', listed)).toEqual([]);
    const [picked] = (await api.call('GET', '/api/v1/jobs?device=leaf2&limit=1&fields=command')).json().items;
    expect(picked).toEqual({ command: 'neighbor 10.1.1.1 password <secret>' });
  });
});
