import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startApi } from '../../api/main.ts';
import type { InventoryEntry, Job } from '../../core/bus.ts';
import { getJob } from '../../core/store/jobs.ts';
import { sha256 } from '../../core/store/payload.ts';
import { putRecord } from '../../core/store/records.ts';
import { describeLab } from '../lab.ts';
import { plumbLab } from '../plumb-lab.ts';
import { labRepository } from '../runner-process.ts';

const run = promisify(execFile);
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

describeLab('a deployment to a real router that REST started', () => {
  it('is the same job by REST, on the command line and on the bus; without the key nothing is done', async () => {
    await using plumb = await plumbLab();
    const { lab, store, texts, nats } = plumb;
    const folder = await labRepository(lab);
    const { host, platform, groups, policy } = lab.device('leaf1');
    const intended = { sha256: sha256(texts.leaf1), path: 'intended/configs/leaf1.cfg' };
    // what a watcher says of the device: the API knows no other
    await putRecord(store.inventory, 'leaf1', {
      device: 'leaf1',
      host,
      platform,
      groups: [...groups],
      policy,
      intended,
    } satisfies InventoryEntry);
    const keyFile = join(folder, '.plumb', 'api-key');
    await using api = await startApi({
      store,
      listen: '127.0.0.1',
      port: 0,
      signal: new AbortController().signal,
      keyFile,
      say: () => {},
    });
    const key = (await readFile(keyFile, 'utf8')).trim();
    const config = texts.leaf1.replace(/^ description loopback.*$/m, ' description loopback by REST');
    const configure = (headers: Record<string, string>) =>
      fetch(`${api.url}/api/v1/devices/leaf1/configure?wait=30`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ config }),
      });
    for (const headers of [{}, { authorization: 'Bearer wrong' }] as Record<string, string>[]) {
      expect((await configure(headers)).status).toBe(401);
    }
    expect(await lab.runningConfig('leaf1')).not.toContain('by REST');

    const answer = await configure({ authorization: `Bearer ${key}` });
    const job = (await answer.json()) as Job;
    expect(job).toMatchObject({ state: 'finished', outcome: { kind: 'applied' }, author: 'key:api-key' });
    expect(await lab.runningConfig('leaf1')).toContain('by REST');

    const byRest = await fetch(`${api.url}/api/v1/jobs/${job.id}`, { headers: { authorization: `Bearer ${key}` } });
    const byCli = await run(process.execPath, [main, 'job', job.id, '-o', 'json', '--folder', folder], {
      env: { ...process.env, NATS_URL: nats.url },
    });
    expect(await byRest.json()).toEqual(job);
    expect(JSON.parse(byCli.stdout)).toEqual(job);
    expect(await getJob(store, job.id)).toEqual(job);

    const cli = async (...words: string[]) => {
      const args = [main, ...words, 'leaf1', '-o', 'json', '--folder', folder];
      const { stdout } = await run(process.execPath, args, { env: { ...process.env, NATS_URL: nats.url } });
      const { device, ...found } = (JSON.parse(stdout) as { items: Record<string, unknown>[] }).items[0] ?? {};
      expect(device).toBe('leaf1');
      return Object.values(found)[0];
    };
    const rest = async (verb: string) => {
      const url = `${api.url}/api/v1/devices/leaf1/${verb}?wait=30`;
      const read = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${key}` } });
      return ((await read.json()) as { result: Record<string, unknown> }).result[verb];
    };
    expect(await rest('interfaces-ip')).toMatchObject({ lo: { ipv4: { '10.255.0.21': { prefix_length: 32 } } } });
    expect(await cli('interfaces')).toEqual(await rest('interfaces-ip'));
    expect(await rest('facts')).toMatchObject({ hostname: 'leaf1', vendor: 'FRRouting' });
    expect(await cli('facts')).toMatchObject({ hostname: 'leaf1', vendor: 'FRRouting' });
    const peer = expect.objectContaining({ remote_address: '10.0.0.0', local_as: 65001 });
    const session = { global: { 65000: expect.arrayContaining([peer]) } };
    expect(await rest('bgp-detail')).toMatchObject(session);
    expect(await cli('bgp', '--detail')).toMatchObject(session);
  });
});
