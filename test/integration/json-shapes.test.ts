import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../../cli/shapes/shapes.ts';
import { loadInventory } from '../../core/inventory/inventory.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { startRunner } from '../../runners/main.ts';
import { stateWhen } from '../runner.ts';
import { siteForTest } from '../unit/cli/site.ts';
import { configOf, simOf } from '../unit/lab/sim/client.ts';

const ajv = new Ajv({ strict: false });
const scopes: AsyncDisposable[] = [];
let site: Awaited<ReturnType<typeof siteForTest>>;

/** leaf1 is a simulated switch that a real runner holds; leaf2 is away. */
beforeAll(async () => {
  const sim = await simOf('eos', { user: 'admin', password: 'admin' });
  site = await siteForTest(`site: dc1
lab: true
defaults:
  platform: eos
  transport: ssh
  credentials: { username: admin, password: { literal: admin } }
  policy: { firstDeployment: auto, maxLossPercent: 100 }
devices:
  leaf1: { host: 127.0.0.1, port: ${sim.ports.ssh} }
  leaf2: { host: 127.0.0.1, port: 1 }
`);
  await site.run(['trust', 'leaf1', '--yes']);
  await writeFile(join(site.folder, 'intended', 'configs', 'leaf1.cfg'), configOf('eos'));
  await writeFile(join(site.folder, 'checks.yml'), '- get_facts: {hostname: leaf1}\n');
  const runner = await startRunner({
    store: site.store,
    inventory: await loadInventory(join(site.folder, 'inventory.yml')),
    pool: { names: ['leaf1'] },
    driverFor,
    knownHosts: join(site.folder, '.plumb', 'known_hosts'),
    log: pino({ level: 'silent' }),
    version: 'test',
    settled: true,
  });
  scopes.push(runner, site, sim);
  await stateWhen(site.store, ({ session }) => session.state === 'connected');
}, 60_000);
afterAll(async () => {
  for (const scope of scopes) await scope[Symbol.asyncDispose]();
});

const read = async (verb: string, ...more: string[]) => {
  const [first = '', ...words] = verb.split(' ');
  const { out, err } = await site.run([first, ...words, '-o', 'json', ...more]);
  expect(out, err).not.toBe('');
  const value: unknown = JSON.parse(out);
  const schema = shapes[verb];
  if (!schema) throw new Error(`${verb}: no schema`);
  expect(ajv.validate(schema, value), `${JSON.stringify(ajv.errors)}\n${out.slice(0, 2000)}`).toBe(true);
  return value as { items: Record<string, unknown>[] };
};

describe('what a verb prints with -o json is what its schema says', () => {
  it.each([
    ['push', ['leaf1']],
    ['push --dry-run', ['leaf1', 'leaf2']],
    ['status', []],
    ['diff', ['leaf1', 'leaf2']],
    ['bgp', []],
    ['bgp --detail', ['leaf1']],
    ['facts', []],
    ['interfaces', []],
    ['run', ['leaf*', '--', 'show', 'version']],
    ['run', ['leaf1', '--query', 'modelName', '--', 'show version | json']],
    ['config', ['leaf1']],
    ['jobs', []],
    ['history', ['leaf1']],
    ['logs', ['--no-follow']],
    ['hold', ['leaf1', '--reason', 'works']],
    ['resume', ['leaf1']],
    ['retry', ['leaf1']],
    ['doctor', []],
    ['test', ['leaf1']],
    ['context list', []],
    ['platforms', []],
  ] as [string, string[]][])('%s %j', async (verb, more) => {
    await read(verb, ...more);
  });

  it('of doctor, which has the clock of the device from its runner', async () => {
    expect((await read('doctor', 'leaf1')).items).toContainEqual({
      check: 'clock',
      on: 'leaf1',
      result: 'ok',
      detail: "agrees with this machine's",
    });
  });

  it('of one job, of a validation, of a rollback', async () => {
    const { items } = await read('jobs', '--kind', 'deploy');
    expect(items.length).toBeGreaterThan(0);
    await read('job', String(items[0]?.id));
    await read('validate', join(site.folder, 'checks.yml'), 'leaf1');
    await read('rollback --dry-run', 'leaf1', 'leaf2');
    await read('rollback', 'leaf1');
  });
});

it('a schema is printed by its verb, and all of them without one', async () => {
  const { out } = await site.run(['schema']);
  expect(Object.keys(JSON.parse(out).$defs)).toEqual(Object.keys(shapes));
  expect(JSON.parse((await site.run(['schema', '--', 'bgp', '--detail'])).out)).toHaveProperty('properties.items');
  expect(await site.run(['schema', 'statsu'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean "status"'),
  });
});
