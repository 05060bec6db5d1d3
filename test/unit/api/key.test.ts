import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openApiKey } from '../../../api/http/key.ts';
import { startApi } from '../../../api/main.ts';
import { ApiKey } from '../../../core/bus.ts';
import { redact } from '../../../core/redact/redact.ts';
import { watchJob } from '../../../core/store/job-watch.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { getRecord, putRecord } from '../../../core/store/records.ts';
import { natsForTest } from '../../nats.ts';
import { entry } from './harness.ts';

let nats: Awaited<ReturnType<typeof natsForTest>>;
let said: string[] = [];
let round = 0;
const say = (text: string) => void said.push(text);
const file = (machine: string) => join(nats.folder, `machine-${round}-${machine}`, '.plumb', 'api-key');
const stored = async () => (await getRecord(nats.store.api, ApiKey, 'key'))?.value.sha256;

beforeAll(async () => {
  nats = await natsForTest();
});
afterAll(() => nats[Symbol.asyncDispose]());
beforeEach(async () => {
  said = [];
  round++;
  await nats.store.api.delete('key');
});

describe('the API key', () => {
  it('is made on the first start, shown once, kept for its owner only, and stored as a hash', async () => {
    const hash = await openApiKey(nats.store, file('a'), say, true);
    const key = (await readFile(file('a'), 'utf8')).trim();
    expect(hash).toBe(sha256(key));
    expect(await stored()).toBe(hash);
    expect((await stat(file('a'))).mode & 0o777).toBe(0o600);
    expect(said.join('')).toContain(key);
    const everything = await nats.store.api.get('key');
    expect(everything?.string()).not.toContain(key);
    expect(redact(`Authorization: Bearer ${key}`)).not.toContain(key);
    said = [];
    expect(await openApiKey(nats.store, file('a'), say, true)).toBe(hash);
    expect(said).toEqual([]);
  });

  it('is in no log: where nobody is at a terminal, the file alone is named', async () => {
    await openApiKey(nats.store, file('a'), say, false);
    const key = (await readFile(file('a'), 'utf8')).trim();
    expect(said.join('')).toContain(file('a'));
    expect(said.join('')).not.toContain(key);
  });

  it('is the same for instances on several machines that start at once', async () => {
    const machines = ['a', 'b', 'c', 'd'];
    const hashes = await Promise.all(machines.map((machine) => openApiKey(nats.store, file(machine), say, true)));
    expect(new Set(hashes)).toEqual(new Set([await stored()]));
    const kept = await Promise.all(machines.map((machine) => readFile(file(machine), 'utf8').catch(() => '')));
    expect(kept.filter((text) => text !== '').map((text) => sha256(text.trim()))).toEqual([await stored()]);
    expect(said).toHaveLength(1);
  });

  it('is the same for instances on one machine that start at once', async () => {
    const hashes = await Promise.all([1, 2, 3].map(() => openApiKey(nats.store, file('a'), say, true)));
    expect(new Set(hashes).size).toBe(1);
    expect(sha256((await readFile(file('a'), 'utf8')).trim())).toBe(hashes[0]);
  });

  it('outlives a store that was deleted', async () => {
    const hash = await openApiKey(nats.store, file('a'), say, true);
    await nats.store.api.delete('key');
    said = [];
    expect(await openApiKey(nats.store, file('a'), say, true)).toBe(hash);
    expect(await stored()).toBe(hash);
    expect(said).toEqual([]);
  });

  it('of the site wins over another one on this machine, which is told of', async () => {
    const hash = await openApiKey(nats.store, file('a'), say, true);
    await mkdir(join(file('b'), '..'), { recursive: true });
    await writeFile(file('b'), `${'x'.repeat(40)}\n`);
    expect(await openApiKey(nats.store, file('b'), say, true)).toBe(hash);
    expect(said.at(-1)).toMatch(/does not contain the API key of this site/);
  });

  it('is not made of a file that holds none', async () => {
    await mkdir(join(file('a'), '..'), { recursive: true });
    await writeFile(file('a'), 'short\n');
    await expect(openApiKey(nats.store, file('a'), say, true)).rejects.toMatchObject({
      code: 'credentials_unavailable',
    });
  });
});

describe('the API on a port', () => {
  it('answers with the key of its file until it is told to stop', async () => {
    const stop = new AbortController();
    const options = { store: nats.store, listen: '127.0.0.1', port: 0, signal: stop.signal, keyFile: file('a'), say };
    await using running = await startApi(options);
    const key = (await readFile(file('a'), 'utf8')).trim();
    const get = (authorization: string) => fetch(`${running.url}/api/v1/devices`, { headers: { authorization } });
    expect((await get(`Bearer ${key}`)).status).toBe(200);
    expect((await get('Bearer wrong')).status).toBe(401);
    const port = Number(new URL(running.url).port);
    await expect(startApi({ ...options, port })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    stop.abort();
    await expect
      .poll(() =>
        get(`Bearer ${key}`).then(
          () => 'up',
          () => 'down',
        ),
      )
      .toBe('down');
  });

  it('lets go at once of those who wait for a job when it stops', async () => {
    const stop = new AbortController();
    const options = { store: nats.store, listen: '127.0.0.1', port: 0, signal: stop.signal, keyFile: file('a'), say };
    await using running = await startApi(options);
    await putRecord(nats.store.inventory, 'leaf1', entry('leaf1'));
    const key = (await readFile(file('a'), 'utf8')).trim();
    const asked = fetch(`${running.url}/api/v1/devices/leaf1/configure?wait=60`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'text/plain' },
      body: 'hostname leaf1\n',
    });
    for await (const _ of watchJob(nats.store, '*', AbortSignal.timeout(60_000), 'leaf1')) break;
    stop.abort();
    expect((await asked).status).toBe(202);
  });
});
