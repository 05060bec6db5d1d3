import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { ask } from '../../../../core/store/ask.ts';
import { getJob, newJob } from '../../../../core/store/jobs.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { runnerForTest, stateWhen } from '../../../runner.ts';

it('a dry run takes a text that is larger than a message, and says so of one that is too large', async () => {
  await using nats = await natsForTest();
  await using _runner = await runnerForTest(nats.store, new FakeDevice('hostname leaf1\nold\n'));
  await stateWhen(nats.store, ({ session }) => session.state === 'connected');
  const lines = Array.from({ length: 25_000 }, (_, n) => `interface Loopback${n}\n description number ${n}\n`);
  const text = `hostname leaf1\n${lines.join('')}`;
  expect(text.length).toBeGreaterThan(1024 * 1024);
  expect(await ask(nats.store, 'leaf1', 'diff', { config: text })).toMatchObject({ diff: expect.any(String) });
  const noise = randomBytes(2_000_000).toString('base64');
  await expect(ask(nats.store, 'leaf1', 'diff', { config: noise })).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringMatching(/^leaf1: the request "diff" is too large: \d+ bytes compressed/),
  });
});

it('says that a command was run whose answer is too large to be handed over, and keeps its job', async () => {
  await using nats = await natsForTest();
  const noise = new Uint16Array(randomBytes(1_400_000).buffer);
  const han = [...noise].map((each) => String.fromCharCode(0x4e00 + (each % 16_384))).join('');
  const words = (han.match(/.{1,12}/g) ?? []).join('\n'); // none of ASCII: none looks like a key
  class Talkative extends FakeDevice {
    override session() {
      return { ...super.session(), run: async () => words };
    }
  }
  await using _runner = await runnerForTest(nats.store, new Talkative('hostname leaf1\n'));
  await stateWhen(nats.store, ({ session }) => session.state === 'connected');
  const job = newJob('leaf1', 'command');
  const why = `\\d+ bytes, compressed, and a message takes \\d+; the work is done, as job ${job.id}; ask for less of it`;
  await expect(ask(nats.store, 'leaf1', 'command', { command: 'show' }, { job: job.id })).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(new RegExp(why)),
  });
  expect(await getJob(nats.store, job.id)).toMatchObject({ state: 'finished', outcome: { kind: 'done' } });
});
