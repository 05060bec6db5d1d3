import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../../cli/program.ts';
import { streams, subjects } from '../../../../core/bus.ts';
import { siteForTest } from '../site.ts';

let site: Awaited<ReturnType<typeof siteForTest>>;
beforeAll(async () => {
  site = await siteForTest();
  for (const name of ['one', 'two']) await site.run(['key', 'create', name, '--role', 'viewer']);
  await site.run(['key', 'revoke', 'one']);
});
afterAll(() => site[Symbol.asyncDispose]());

describe('plumb audit', () => {
  it('shows a row for each request, and every record as JSON', async () => {
    const { out } = await site.run(['audit']);
    expect(out.split('\n')[0]).toMatch(/^TIME +WHO +FROM +WHAT +ON +OUTCOME$/);
    expect(out.match(/createKey|revokeKey/g)).toEqual(['createKey', 'createKey', 'revokeKey']);
    expect(out).toMatch(/claimed:\S+ .*createKey +one +answered/);
    const { items } = JSON.parse((await site.run(['audit', '-o', 'json', '--limit', '4'])).out);
    expect(items.map(({ n }: { n: number }) => n)).toEqual([3, 4, 5, 6]);
  });

  it('exports every record, a line each', async () => {
    const lines = (await site.run(['audit', 'export'])).out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).n)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('goes on with what comes', async () => {
    const stop = new AbortController();
    const said = (out: string) =>
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).n);
    let out = '';
    let begun = () => {};
    const first = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const write = (text: string) => {
      out += text;
      begun();
      if (said(out).length === 3) stop.abort();
    };
    const following = runCommandLine(['audit', '--follow', '--limit', '1', '-o', 'json'], {
      env: { NATS_URL: site.store.nc.getServer() },
      cwd: site.folder,
      signal: stop.signal,
      stdin: new PassThrough(),
      stdout: { write },
      stderr: { write: () => true },
    });
    await first;
    await site.run(['key', 'create', 'three', '--role', 'viewer']);
    await following;
    expect(said(out)).toEqual([6, 7, 8]);
  });

  it('verifies, prints an anchor, and ends with 1 where somebody took a record out', async () => {
    const { code, out, err } = await site.run(['audit', 'verify']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^8:[0-9a-f]{64}\n$/) });
    expect(err).toContain('8 records, unbroken; no anchor was given');
    expect(await site.run(['audit', 'verify', '--anchor', out])).toMatchObject({
      code: 0,
      err: '8 records, unbroken; the anchor holds\n',
    });
    const lines = (await site.run(['audit', 'export'])).out.trim().split('\n');
    await site.store.jsm.streams.delete(streams.audit('dc1'));
    await site.store.ensure();
    for (const line of lines.filter((_, at) => at !== 4)) await site.store.js.publish(subjects.audit('dc1'), line);
    expect(await site.run(['audit', 'verify'])).toMatchObject({
      code: 1,
      out: '',
      err: 'plumb: record 5 was removed\n',
    });
    expect((await site.run(['audit', 'verify', '--anchor', 'x'])).code).toBe(2);
  });
});
