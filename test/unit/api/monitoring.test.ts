import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { syncs } from '../../../core/bus.ts';
import { failures } from '../../../core/errors.ts';
import { newJob } from '../../../core/store/jobs.ts';
import { putRecord } from '../../../core/store/records.ts';
import { storeJob } from '../../stored.ts';
import { apiForTest, type Harness, keepForTest, stateOf } from './harness.ts';

const folder = new URL('../../../examples/monitoring/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

let api: Harness;
let metrics: string;
/** The labels of each metric that the API tells. */
const told = new Map<string, Set<string>>();

beforeAll(async () => {
  api = await apiForTest();
  await using _keeps = await keepForTest(api.store, 'r', ['leaf1']);
  await putRecord(api.store.state, 'leaf1', stateOf('leaf1'));
  await storeJob(api.store, { ...newJob('leaf1', 'deploy'), state: 'finished', outcome: { kind: 'applied' } });
  metrics = (await api.call('GET', '/metrics')).body;
  for (const [, name = '', labels = ''] of metrics.matchAll(/^(plumb_\w+)(?:\{(.*)\})? /gm))
    told.set(name, new Set([...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label)));
});
afterAll(() => api[Symbol.asyncDispose]());

type Rules = { groups: { rules: { alert: string; expr: string }[] }[] };
type Dashboard = { panels: { title: string; targets: { expr: string }[] }[] };

/** Each expression of the examples, with what it is of. */
const expressions = (): [where: string, expr: string][] => {
  const rules = (parse(read('rules.yml')) as Rules).groups.flatMap((group) => group.rules);
  const { panels } = JSON.parse(read('dashboard.json')) as Dashboard;
  return [
    ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr])),
  ];
};

describe('examples/monitoring', () => {
  it('names metrics, labels and words that there are', () => {
    const outcomes = ['applied', 'unchanged', 'previewed', 'done', ...Object.keys(failures)];
    const words: Record<string, readonly string[]> = { sync: syncs, outcome: outcomes, kind: ['deploy'] };
    expect(expressions().length).toBeGreaterThan(15);
    for (const [where, expr] of expressions()) {
      const used = [...expr.matchAll(/(plumb_\w+)(?:\{([^}]*)\})?/g)];
      expect(used.length, where).toBeGreaterThan(0);
      for (const [, name = '', matchers = ''] of used) {
        expect([...told.keys()], where).toContain(name);
        for (const [, label = '', value = ''] of matchers.matchAll(/(\w+)\s*[=!]~?"([^"]*)"/g)) {
          expect([...(told.get(name) ?? [])], where).toContain(label);
          for (const word of value.split('|')) expect(words[label], where).toContain(word);
        }
      }
      const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
      const labels = new Set(used.flatMap(([, name = '']) => [...(told.get(name) ?? [])]));
      for (const label of grouped) expect([...labels], where).toContain(label);
    }
  });

  it('shows every metric that the API tells', () => {
    const all = readdirSync(folder).map(read).join('\n');
    for (const name of told.keys()) expect(all).toContain(name);
  });
});

/** Debian's prometheus has it, which takes 96 MB: the set-up does not install it. */
const isHere = spawnSync('promtool', ['--version']).status === 0;
const leftOut = () => console.log('left out: promtool is not on this machine');

describe('promtool, where it is', () => {
  const promtool = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: api.folder, encoding: 'utf8', input });
    return { status, said: `${stdout}${stderr}` };
  };
  const fine = { status: 0, said: expect.not.stringContaining('FAILED') };

  it('takes the configuration, the rules, and the expressions of the dashboard', () => {
    if (!isHere) return leftOut();
    cpSync(folder, api.folder, { recursive: true });
    writeFileSync(join(api.folder, 'prometheus.key'), 'plumb_key');
    const rules = expressions().map(([, expr], at) => ({ record: `expression:${at}`, expr }));
    writeFileSync(join(api.folder, 'dashboard.yml'), stringify({ groups: [{ name: 'dashboard', rules }] }));
    expect(promtool(['check', 'config', 'prometheus.yml'])).toEqual(fine);
    expect(promtool(['check', 'rules', 'dashboard.yml'])).toEqual(fine);
  });

  it('sees each alert fire when it should, and then alone', () => {
    if (!isHere) return leftOut();
    cpSync(folder, api.folder, { recursive: true });
    expect(promtool(['test', 'rules', 'rules-tests.yml'])).toEqual(fine);
    const { groups } = parse(read('rules.yml')) as Rules;
    const { tests } = parse(read('rules-tests.yml')) as { tests: { alert_rule_test: { alertname: string }[] }[] };
    const tried = new Set(tests.flatMap((test) => test.alert_rule_test.map(({ alertname }) => alertname)));
    expect([...tried].sort()).toEqual(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)).sort());
  });

  it('finds no fault in the metrics of the API', () => {
    if (!isHere) return leftOut();
    expect(promtool(['check', 'metrics'], metrics)).toEqual({ status: 0, said: '' });
  });
});
