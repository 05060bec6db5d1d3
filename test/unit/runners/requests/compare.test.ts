import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../../../core/store/ask.ts';
import { getJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import type { RunnerHandle } from '../../../../runners/main.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, runnerForTest } from '../../../runner.ts';

const text = (password: string, more = '') =>
  `hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.1 remote-as 65000\n neighbor 10.0.0.1 password ${password}\n${more}`;
const first = text('Anfang1234');
const second = text('Mitte12345', 'ip route 192.0.2.0/24 Null0\n');
const third = text('Mitte12345', 'ip route 198.51.100.0/24 Null0\n');

let nats: Awaited<ReturnType<typeof natsForTest>>;
let runner: RunnerHandle;
let device: FakeDevice;
let jobs: string[];
type Answered = { diff: string; job: string; to?: string };
const diff = async (request: object) => (await ask(nats.store, 'leaf1', 'diff', request)) as Answered;

beforeAll(async () => {
  nats = await natsForTest();
  device = new FakeDevice(first);
  runner = await runnerForTest(nats.store, device);
  jobs = [(await deployForTest(nats.store, second)).id, (await deployForTest(nats.store, third)).id];
});
afterAll(async () => {
  await runner?.[Symbol.asyncDispose]();
  await nats?.[Symbol.asyncDispose]();
});

describe('what a device has kept', () => {
  it('is compared as it is, so that a secret that changed shows as a masked line that changed', async () => {
    const [before, after] = jobs;
    const found = await diff({ before, after });
    expect(found.diff).toContain(`--- ${before}\n+++ ${after}\n@@ `);
    const changed = found.diff.split('\n').filter((line) => /^[-+] neighbor/.test(line));
    expect(changed).toHaveLength(2);
    expect(found.diff).not.toMatch(/Anfang|Mitte/);
    expect(found.diff).toContain('+ip route 192.0.2.0/24 Null0');
    expect(await getJob(nats.store, found.job)).toMatchObject({
      kind: 'diff',
      outcome: { kind: 'previewed' },
      request: { before, after },
      result: { diff: found.diff },
    });
  });

  it('is compared with what runs and what boots', async () => {
    const { diff: between } = await diff({ before: jobs[1], after: 'running' });
    expect(between).toMatch(/^-ip route 192\.0\.2\.0.*\n\+ip route 198\.51\.100\.0/m);
    expect((await diff({ before: 'running', after: 'startup' })).diff).toBe('');
  });

  it('is what a rollback would deploy: the device shows the difference, and nothing is changed', async () => {
    const commits = device.commits.length;
    const { diff: preview, job } = await diff({ to: jobs[0] });
    expect(preview).toMatch(/^-hostname leaf1\n/); // as this device tells differences
    expect(preview).toMatch(/^\+hostname leaf1\n/m);
    expect([device.commits.length, device.candidates, device.running]).toEqual([commits, 0, third]);
    expect(await getJob(nats.store, job)).toMatchObject({ request: { to: jobs[0] }, outcome: { kind: 'previewed' } });
  });

  it('is that before the last deployment where no job is named, and the answer says which one that was', async () => {
    const commits = device.commits.length;
    const { to, job, diff: preview } = await diff({ to: 'last' });
    expect(to).toBe(jobs[1]);
    expect(preview).toBe((await diff({ to: jobs[1] })).diff);
    expect(preview).toMatch(/^\+hostname leaf1\n[^+]*ip route 192\.0\.2\.0/m); // as this device tells differences
    expect([device.commits.length, device.candidates, device.running]).toEqual([commits, 0, third]);
    expect(await getJob(nats.store, job)).toMatchObject({ request: { to: 'last' }, result: { to, diff: preview } });
  });

  it('is asked for without a doubt, and where nothing is kept, that is said', async () => {
    const [to] = jobs;
    const code = (code: string) => expect.objectContaining({ code });
    await expect(diff({ to, config: first })).rejects.toEqual(code('invalid_request'));
    await expect(diff({ before: to })).rejects.toEqual(code('invalid_request'));
    await expect(diff({ before: to, after: 'running', mode: 'merge' })).rejects.toEqual(code('invalid_request'));
    await expect(diff({ to: 'x'.repeat(24) })).rejects.toEqual(code('unknown_job'));
    await expect(diff({ before: 'x'.repeat(24), after: 'running' })).rejects.toEqual(code('unknown_job'));
  });

  it('is told from the text of somebody in the record of a dry run', async () => {
    const { job } = await diff({ config: second });
    expect(await getJob(nats.store, job)).toMatchObject({
      request: { config: `SHA-256 ${sha256(Buffer.from(second))}` },
    });
  });
});
