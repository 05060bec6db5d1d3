import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { natsForTest } from '../../../nats.ts';
import { holderOf } from '../holder.ts';
import { plumb, repository } from '../terminal.ts';

const templates = fileURLToPath(new URL('../../../textfsm', import.meta.url));
const command = 'show ip bgp summary';
const printed = `BGP summary information for VRF default
Router identifier 10.255.0.11, local AS number 65101
Neighbor Status Codes: m - Under maintenance
  Neighbor  V AS           MsgRcvd   MsgSent  InQ OutQ  Up/Down State   PfxRcd PfxAcc
  10.1.1.0  4 65100            187       191    0    0 02:49:40 Estab   7      6
  10.1.2.0  4 65100              0         0    0    0    3d01h Active
`;

let nats: Awaited<ReturnType<typeof natsForTest>>;
let repo: Awaited<ReturnType<typeof repository>>;
let holder: AsyncDisposable | undefined;

beforeAll(async () => {
  nats = await natsForTest();
});
afterAll(() => nats[Symbol.asyncDispose]());
beforeEach(async () => {
  repo = await repository();
  const inventory = 'site: dc1\ndefaults: {platform: eos}\ndevices: {leaf1: {host: 127.0.0.1}}\n';
  await writeFile(join(repo.folder, 'inventory.yml'), inventory);
});
afterEach(async () => {
  await holder?.[Symbol.asyncDispose]();
  holder = undefined;
  await repo[Symbol.asyncDispose]();
});

/** leaf1 prints this, whatever it is asked. */
const prints = async (output: string) => {
  holder = await holderOf(nats.store, ['leaf1'], { command: ({ job }) => ({ output, job }) });
};
const run = (argv: string[], env: NodeJS.ProcessEnv = {}) =>
  plumb(repo.folder, ['run', 'leaf1', ...argv.slice(1), '--', argv[0] ?? ''], { nats: nats.url, env });

describe('plumb run --parse', () => {
  it('prints the records that a template finds, as a table or as data', async () => {
    await prints(printed);
    const asTable = await run([command, '--parse', '--templates', templates]);
    expect(asTable.code).toBe(0);
    expect(asTable.out).toMatch(/^VRF +ROUTER_ID +LOCAL_AS +BGP_NEIGH .*STATE/);
    const { out } = await run([command, '--parse', '--templates', templates, '-o', 'json']);
    const records = JSON.parse(out).items[0].data as Record<string, string>[];
    expect(records).toMatchObject([
      { router_id: '10.255.0.11', bgp_neigh: '10.1.1.0', state: 'Estab', prefixes: '7' },
      { local_as: '65101', bgp_neigh: '10.1.2.0', state: 'Active', prefixes: '' },
    ]);
    expect(asTable.out.trimEnd().split('\n')).toHaveLength(records.length + 1);
    const query = '[].bgp_neigh';
    const picked = await run([command, '--parse', '--templates', templates, '--query', query]);
    expect(picked.out).toBe(records.map((record) => `${record.bgp_neigh}\n`).join(''));
  });

  it('knows the folder of the templates from plumbline.yml and from the environment', async () => {
    await prints(printed);
    expect((await run([command, '--parse'], { PLUMB_TEXTFSM: templates })).code).toBe(0);
    expect(await run([command, '--parse'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--parse needs a folder of TextFSM templates\n {2}→ .*--templates/),
    });
    await writeFile(join(repo.folder, 'plumbline.yml'), `textfsm: ${templates}\n`);
    expect((await run([command, '--parse'])).code).toBe(0);
  });

  it('says so when a template found nothing', async () => {
    await prints('BGP summary information for VRF default\n');
    const { code, out, err } = await run([command, '--parse', '--templates', templates, '-o', 'json']);
    expect(err).toContain('leaf1: the template found nothing in the output of "show ip bgp summary"');
    expect({ code, records: JSON.parse(out).items[0].data }).toEqual({ code: 0, records: [] });
  });

  it('says which command no template is for', async () => {
    await prints('anything\n');
    const { code, err } = await run(['show moon', '--parse', '--templates', templates]);
    expect(err).toContain('no template is for "show moon" on eos');
    expect(code).not.toBe(0);
  });
});

describe('plumb run --query', () => {
  it('picks from what the device printed as JSON', async () => {
    await prints(
      '{"vrfs": {"default": {"peers": {"10.0.0.1": {"state": "Idle"}, "10.0.0.2": {"state": "Active"}}}}}\n',
    );
    const json = 'show bgp summary | json';
    expect((await run([json, '--query', 'vrfs.*.peers[].*.state[]'])).out).toBe('Idle\nActive\n');
    const data = JSON.parse((await run([json, '--query', 'vrfs.default', '-o', 'json'])).out);
    expect(data.items[0].data).toHaveProperty('peers');
    expect((await run([json, '--query', 'vrfs.['])).err).toContain('query "vrfs.["');
  });

  it('says how to get JSON where the device printed text', async () => {
    await prints('Neighbor  State\n');
    const { code, err } = await run([command, '--query', 'a']);
    expect(err).toMatch(/leaf1: "show ip bgp summary" printed no JSON to query\n {2}→ .*--parse/);
    expect(code).not.toBe(0);
  });
});
