import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { ask } from '../../../../core/store/ask.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { runnerForTest, stateWhen } from '../../../runner.ts';

it('a dry run takes a text that is larger than a message, and says so of one that is too large', async () => {
  await using nats = await natsForTest();
  await using _runner = await runnerForTest(nats.store, new FakeDevice('hostname leaf1\nold\n'));
  await stateWhen(nats.store, ({ session }) => session.state === 'connected');
  const lines = Array.from({ length: 60_000 }, (_, n) => `interface Loopback${n}\n description number ${n}\n`);
  const text = `hostname leaf1\n${lines.join('')}`;
  expect(text.length).toBeGreaterThan(2_000_000);
  expect(await ask(nats.store, 'leaf1', 'diff', { config: text })).toMatchObject({ diff: expect.any(String) });
  const noise = randomBytes(2_000_000).toString('base64');
  await expect(ask(nats.store, 'leaf1', 'diff', { config: noise })).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringMatching(/^leaf1: what is asked with "diff" is too large: \d+ bytes, compressed/),
  });
});
