import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessRoles } from '../../../core/access.ts';
import { newJob } from '../../../core/store/jobs.ts';
import { putRecord } from '../../../core/store/records.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, type Call, type Harness, stateOf } from './harness.ts';

type Method = Parameters<Call>[0];
const docs = new URL('../../../docs/api.md', import.meta.url);
let api: Harness;
let operations: { path: string; url: string; method: Method }[];
const job = newJob('leaf1', 'deploy');

beforeAll(async () => {
  api = await apiForTest();
  await storeJob(api.store, job);
  await putRecord(api.store.state, 'leaf1', stateOf('leaf1'));
  const at = new Date().toISOString();
  const runner = {
    runner: 'r',
    version: '1',
    host: 'h',
    pid: 1,
    startedAt: at,
    devices: ['leaf1'],
    waiting: 0,
    jobs: 0,
  };
  await putRecord(api.store.runners, 'r', runner);
  const { paths } = (await api.app.inject({ url: '/openapi.json' })).json<{ paths: Record<string, object> }>();
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => {
      const url = path.replace('/devices/{name}', '/devices/leaf1').replace('{id}', job.id).replace('{name}', 'none');
      return { path, url, method: method.toUpperCase() as Method };
    }),
  );
});
afterAll(() => api[Symbol.asyncDispose]());

const denied = (status: number) => [401, 403].includes(status);

let addresses = 0;
/** Whether a caller is let in, and what he is told of leaf1 otherwise. */
const isLetIn = async (call: Call, { method, url }: { method: Method; url: string }) => {
  addresses += 1; // each from another address, or the wrong ones are slowed down
  const remoteAddress = `192.0.2.${addresses % 250}:${addresses}`;
  const reply = await call(method, url, { remoteAddress, payloadAsStream: true });
  const { statusCode, headers } = reply;
  let body = '';
  for await (const chunk of reply.stream()) {
    body += chunk;
    if (String(headers['content-type']).startsWith('text/event-stream')) break; // it goes on
  }
  const hidden = statusCode === 404 && body.includes('there is no job');
  return { may: !denied(statusCode) && !hidden, body };
};

describe('what a role may do', () => {
  it('is what docs/api.md says of each route, and no more', async () => {
    const nobody: Call = (method, url, more) => api.app.inject({ method, url, ...more });
    const roles = await Promise.all(
      accessRoles.map(async (role) => ({
        role,
        everywhere: await api.as({ role }),
        here: await api.as({ role, on: 'leaf1' }),
        elsewhere: await api.as({ role, on: '!leaf1' }),
      })),
    );
    const none = await api.as({ role: 'viewer', on: 'leaf2, !leaf2' }).catch(() => undefined);
    expect(none).toBeUndefined(); // a key that may do nothing at all cannot be made
    const rows: string[] = [];
    for (const operation of operations) {
      const { path } = operation;
      const open = (await isLetIn(nobody, operation)).may;
      const cells = [open];
      const scoped = new Set<string>();
      for (const { everywhere, here, elsewhere } of roles) {
        const { may } = await isLetIn(everywhere, operation);
        const on = await isLetIn(here, operation);
        const off = await isLetIn(elsewhere, operation);
        if (!open && off.may && path !== '/api/v1/session') expect(off.body).not.toContain('leaf1');
        if (!may) expect([on.may, off.may]).toEqual([false, false]);
        else scoped.add(open ? '' : off.may ? 'sees its own' : on.may ? 'on its own' : '–');
        cells.push(may);
      }
      expect(scoped.size).toBe(1);
      const words = cells.map((may) => (may ? 'yes' : '–'));
      rows.push(`| \`${operation.method} ${operation.path}\` | ${[...words, ...scoped].join(' | ')} |`);
    }
    const table = [
      `| route | nobody | ${accessRoles.join(' | ')} | with a scope |`,
      '|---|---|---|---|---|---|---|',
      ...rows,
    ];
    const text = readFileSync(docs, 'utf8');
    expect(text.slice(text.indexOf('| route | nobody |')).split('\n\n')[0]).toBe(table.join('\n'));
  });

  it('of one role on these and of another on those devices is both', async () => {
    const call = await api.as({ role: 'operator', on: 'leaf1' }, { role: 'viewer' });
    const deploy = async (device: string) => (await call('POST', `/api/v1/devices/${device}/configure`)).statusCode;
    expect(await deploy('leaf1')).toBe(400);
    expect(await deploy('leaf2')).toBe(403);
    expect((await call('GET', '/api/v1/devices')).json().items).toHaveLength(2);
  });

  it('is what one is told of oneself', async () => {
    const grants = [{ role: 'operator' as const, on: 'leaf1' }, { role: 'approver' as const }];
    const { name, ...told } = (await (await api.as(...grants))('GET', '/api/v1/session')).json();
    expect(name).toMatch(/^key:key-\d+$/);
    expect(told).toEqual({ grants, may: ['view', 'command', 'deploy', 'cancel', 'approve'] });
  });

  it('does not tell a device that there is not from one that is not seen', async () => {
    const call = await api.as({ role: 'viewer', on: 'leaf1' });
    const [unseen, unknown] = [await call('GET', '/api/v1/devices/leaf2'), await call('GET', '/api/v1/devices/leaf9')];
    expect(unseen.statusCode).toBe(403);
    expect(unseen.body.replaceAll('leaf2', 'X')).toBe(unknown.body.replaceAll('leaf9', 'X'));
    expect(unseen.json()).toMatchObject({ code: 'forbidden', hint: expect.stringContaining('/api/v1/session') });
    const selected = (select: string) => call('GET', `/api/v1/jobs?select=${select}`);
    expect((await selected('leaf2')).body).toBe((await selected('leaf9')).body.replaceAll('leaf9', 'leaf2'));
  });

  it('follows the inventory: a group that a device joins, or leaves', async () => {
    const call = await api.as({ role: 'viewer', on: 'group=leaves, !leaf2' });
    const names = async () =>
      (await call('GET', '/api/v1/devices')).json().items.map((one: { device: string }) => one.device);
    expect(await names()).toEqual(['leaf1']);
    const { entry } = await import('./harness.ts');
    await putRecord(api.store.inventory, 'leaf3', entry('leaf3'));
    expect(await names()).toEqual(['leaf1', 'leaf3']);
    await putRecord(api.store.inventory, 'leaf3', { ...entry('leaf3'), groups: [] });
    expect(await names()).toEqual(['leaf1']);
    await api.store.inventory.delete('leaf3');
  });

  it('is declared by every route: one that says nothing cannot be registered', async () => {
    const { refuseUndeclared } = await import('../../../api/auth/needs.ts');
    const { default: Fastify } = await import('fastify');
    const app = Fastify();
    refuseUndeclared(app as unknown as Parameters<typeof refuseUndeclared>[0]);
    app.get('/told', { config: { needs: 'nothing' } }, async () => 'x');
    expect(() => app.get('/untold', async () => 'x')).toThrow('GET /untold does not declare what it needs');
  });
});
