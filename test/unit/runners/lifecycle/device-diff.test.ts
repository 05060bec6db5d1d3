import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../../../core/store/ask.ts';
import type { RunnerHandle } from '../../../../runners/main.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, runnerForTest } from '../../../runner.ts';

const text = (word: string, more = '') =>
  `hostname leaf1\nrouter hsrp\n interface Te0/0/0/1\n  hsrp 1\n   authentication ${word}\n${more}`;

/** What differs, without the block around it: an IOS-XR device that shows what was added and what is gone. */
const linesAlone = (before: string, after: string): string => {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const marked = (mark: string, lines: string[], others: string[]) =>
    lines.filter((line) => !others.includes(line)).map((line) => `${mark}${line}\n`);
  return [...marked('-', old, now), ...marked('+', now, old)].join('');
};
const masked = '-   authentication <secret>\n+   authentication <secret>\n';

let nats: Awaited<ReturnType<typeof natsForTest>>;
let runner: RunnerHandle | undefined;
let device: FakeDevice;

beforeAll(async () => {
  nats = await natsForTest();
  device = new FakeDevice('');
  device.tells = linesAlone;
  runner = await runnerForTest(nats.store, device, {
    pollSeconds: 3_600,
    probes: [{ command: 'show x', contains: 'x' }],
  });
});
beforeEach(() => {
  device.running = text('Sommer1');
  device.startup = device.running;
  device.on = () => {};
});
afterAll(async () => {
  await runner?.[Symbol.asyncDispose]();
  await nats?.[Symbol.asyncDispose]();
});

describe('a secret that is one only by the block around it, which the device leaves out of its difference', () => {
  it('is masked in the record of a deployment', async () => {
    const job = await deployForTest(nats.store, text('Winter2'));
    expect(job).toMatchObject({ outcome: { kind: 'applied' }, diff: masked });
  });

  it('is masked in the answer to who asks what a text would change', async () => {
    expect(await ask(nats.store, 'leaf1', 'diff', { config: text('Herbst3') })).toMatchObject({ diff: masked });
  });

  it('is masked in what the device still differs in', async () => {
    device.on = (operation) => {
      if (operation === 'confirm') device.running = text('Anders4');
    };
    const job = await deployForTest(nats.store, text('Herbst3'));
    expect(job.outcome).toMatchObject({ code: 'not_converged' });
    expect(JSON.stringify(job)).not.toMatch(/Sommer|Herbst|Anders/);
  });

  it('is masked in what somebody typed meanwhile', async () => {
    device.on = (operation) => {
      if (operation === 'run' && device.trial) device.running = text('Anders4', 'ntp server 192.0.2.9\n');
    };
    const job = await deployForTest(nats.store, text('Schnee5'));
    expect(JSON.stringify(job)).toContain('+ntp server 192.0.2.9');
    expect(JSON.stringify(job)).not.toMatch(/Sommer|Schnee|Anders/);
  });
});
