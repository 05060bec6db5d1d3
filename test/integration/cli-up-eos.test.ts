import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist', 'cli', 'main.js');
const templates = join(root, 'test', 'textfsm');

let folder: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-up-eos-'));
  await cp(join(root, 'examples', 'eos'), folder, { recursive: true });
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

/** A `plumb` of its own in the folder, as a user without any right would start it. */
const start = (...args: string[]) => {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { ...process.env, NATS_URL: '' } });
  started.push(child);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  const says = (pattern: RegExp, timeout = 60_000) =>
    vi.waitFor(() => expect(out + err).toMatch(pattern), { timeout, interval: 50 });
  return { child, ended, says };
};

const names = ['leaf1', 'leaf2', 'leaf3', 'spine1'];
const table = /DEVICE +PLATFORM +SYNC +COMMIT +BGP +AGE\n(?:\w+ +eos +in_sync .*\n){4}/;

describe('plumb up --lab eos', () => {
  it('deploys to four simulated switches, and with --once ends with 0 and leaves nothing behind', async () => {
    const { code, out, err } = await start('up', '--lab', 'eos', '--once').ended;
    expect(err).toContain('leaf1, leaf2, leaf3: simulated Arista EOS switches');
    expect(err).not.toContain('warning');
    for (const name of names) expect(out).toMatch(new RegExp(`^${name}: applied in `, 'm'));
    expect(out).toMatch(table);
    expect(out).toMatch(/^spine1 .* 3\/3 /m);
    expect(code).toBe(0);
    expect(await readdir(join(folder, '.plumb')).catch(() => [])).toEqual([]);
  });

  it('ends --once with 1 where a switch refuses a line, which is named', async () => {
    const path = join(folder, 'intended', 'configs', 'leaf2.cfg');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/^router bgp/m, 'rooter bgp'));
    const line = text.split('\n').findIndex((each) => each.startsWith('router bgp')) + 1;
    const { code, out } = await start('up', '--lab', 'eos', '--once').ended;
    expect(out).toMatch(new RegExp(`^leaf2: rejected in .*line ${line}.*rooter bgp`, 'm'));
    expect(code).toBe(1);
  });

  it('answers with records, addresses and reports on what the switches run', async () => {
    const up = start('up', '--lab', 'eos');
    await up.says(/watching intended\//);

    const command = ['run', 'leaf1', 'show ip bgp summary', '--parse', '--templates', templates];
    const records = JSON.parse((await start(...command, '-o', 'json').ended).out) as Record<string, string>[];
    expect(records).toContainEqual(expect.objectContaining({ bgp_neigh: '10.1.1.0', neigh_as: '65100' }));
    const asked = await start('run', 'leaf1', 'show version | json', '--query', 'modelName').ended;
    expect(asked.out).toMatch(/^\S+\n$/);

    const rules = `
- get_facts: {hostname: leaf1}
- get_interfaces_ip: {Loopback0: {ipv4: {10.255.0.11: {prefix_length: 32}}}}
- get_bgp_neighbors_detail: {global: {'65100': {list: [{remote_address: 10.1.1.0, up: true}]}}}
- get_bgp_neighbors: {global: {router_id: 10.255.0.11, peers: {10.1.1.0: {is_up: true}}}}
`;
    await writeFile(join(folder, 'checks.yml'), rules);
    const report = await start('validate', 'checks.yml', 'leaf1').ended;
    expect(report.out).toMatch(/DEVICE .*\n(?:leaf1 +get_\w+ +yes.*\n){4}$/);
    expect(report.code).toBe(0);
    const other = await start('validate', 'checks.yml', 'leaf2').ended;
    expect(other.out).toMatch(/^leaf2 +get_interfaces_ip +no +.*10\.255\.0\.11/m);
    expect(other.code).toBe(1);

    up.child.kill('SIGINT');
    expect((await up.ended).code).toBe(0);
  });
});
