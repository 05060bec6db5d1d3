import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../core/bus.ts';
import { nothing, upForTest } from '../plumb-up.ts';

const templates = fileURLToPath(new URL('../textfsm', import.meta.url));

const { folder, cfg, start, edit, left } = upForTest('examples/eos', ['inventory.yml', 'intended']);
const names = ['leaf1', 'leaf2', 'leaf3', 'spine1'];
const table = /DEVICE +PLATFORM +SYNC +COMMIT +BGP +AGE\n(?:\w+ +eos +in_sync .*\n){4}/;

describe('plumb up --lab eos', () => {
  it('deploys to four simulated switches, one of them by eAPI, and with --once ends with 0 and leaves nothing behind', async () => {
    const inventory = join(folder(), 'inventory.yml');
    const text = await readFile(inventory, 'utf8');
    expect(text).toContain('leaf2: { host');
    await writeFile(inventory, text.replace('leaf2: { host', 'leaf2: { transport: eapi, host'));
    const { code, out, err } = await start('up', '--lab', 'eos', '--once').ended;
    expect(err).toContain('leaf1, leaf2, leaf3: simulated Arista EOS switches');
    expect(err).not.toContain('warning');
    for (const name of names) expect(out).toMatch(new RegExp(`^${name}: applied in `, 'm'));
    expect(out).toMatch(table);
    expect(out).toMatch(/^spine1 .* 3\/3 /m);
    expect(code).toBe(0);
    expect(await left()).toEqual(nothing);
  });

  it('ends --once with 1 where a switch refuses a line, which is named', async () => {
    await edit('leaf2', /^router bgp/m, 'rooter bgp');
    const text = await readFile(cfg('leaf2'), 'utf8');
    const line = text.split('\n').findIndex((each) => each.startsWith('rooter bgp')) + 1;
    const { code, out } = await start('up', '--lab', 'eos', '--once').ended;
    expect(out).toMatch(new RegExp(`^leaf2: rejected in .*line ${line}.*rooter bgp`, 'm'));
    expect(code).toBe(1);
  });

  it('answers with records, addresses and reports on what the switches run', async () => {
    const up = start('up', '--lab', 'eos');
    await up.says(/watching intended\/; Ctrl-C/);

    const command = ['run', 'leaf1', '--parse', '--templates', templates, '-o', 'json', '--', 'show ip bgp summary'];
    const [first] = JSON.parse((await start(...command).ended).out).items as { data: Record<string, string>[] }[];
    expect(first?.data).toContainEqual(expect.objectContaining({ bgp_neigh: '10.1.1.0', neigh_as: '65100' }));
    const asked = await start('run', 'leaf1', '--query', 'modelName', '--', 'show version | json').ended;
    expect(asked.out).toMatch(/^\S+\n$/);

    const rules = `
- get_facts: {hostname: leaf1}
- get_interfaces_ip: {Loopback0: {ipv4: {10.255.0.11: {prefix_length: 32}}}}
- get_bgp_neighbors_detail: {global: {'65100': {list: [{remote_address: 10.1.1.0, up: true}]}}}
- get_bgp_neighbors: {global: {router_id: 10.255.0.11, peers: {10.1.1.0: {is_up: true}}}}
`;
    await writeFile(join(folder(), 'checks.yml'), rules);
    const report = await start('validate', 'checks.yml', 'leaf1').ended;
    expect(report.out).toMatch(/DEVICE .*\n(?:leaf1 +get_\w+ +yes.*\n){4}$/);
    expect(report.code).toBe(0);
    const other = await start('validate', 'checks.yml', 'leaf2').ended;
    expect(other.out).toMatch(/^leaf2 +get_interfaces_ip +no +.*10\.255\.0\.11/m);
    expect(other.code).toBe(1);

    // asked again: who does not answer within a second is not waited for
    const said = async () => {
      const logs = (await start('logs', '--no-follow', '--tail', 'all', '-o', 'json').ended).out;
      return (JSON.parse(logs).items as LogLine[]).map(({ role, device, msg }) => `${role} ${device} ${msg}`);
    };
    const wanted = ['watcher leaf1 published intended/configs/leaf1.cfg', 'runner leaf1 held'];
    await expect.poll(said, { timeout: 60_000 }).toEqual(expect.arrayContaining(wanted));

    up.child.kill('SIGINT');
    expect((await up.ended).code).toBe(0);
  });
});
