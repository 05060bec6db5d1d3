import { expect, it } from 'vitest';
import { natsForTest } from '../nats.ts';
import { deployForTest, stateWhen } from '../runner.ts';
import { held } from './held.ts';

const ports = Array.from({ length: 9 }, (_, port) => `interface Ethernet${port + 1}\n   mtu 9000\n!\n`).join('');
const text = (secret: string) => `hostname leaf1\n!\nusername alice privilege 15 secret ${secret}\n!\n${ports}end\n`;

it('a secret in plain text that changes alone is committed once for each text, and again over drift', async () => {
  await using nats = await natsForTest();
  const what = { platform: 'eos', config: `hostname leaf1\n!\n${ports}` } as const;
  const how = { options: { plainSecrets: true }, policy: { pollSeconds: 1 } };
  await using device = await held(nats.store, 'ssh', what, how);
  const { sim } = device;
  const stored = () => /^username alice .*$/m.exec(sim.running)?.[0];
  expect((await deployForTest(nats.store, text('one'))).outcome).toEqual({ kind: 'applied' });
  const one = stored();
  expect(one).toContain('secret sha512 ');
  const job = await deployForTest(nats.store, text('two'));
  expect(job.outcome).toEqual({ kind: 'applied' });
  expect(job.warnings.join()).toContain('cannot be compared');
  expect(JSON.stringify(job)).not.toMatch(/secret (?:one|two)/);
  const two = stored();
  expect(two).not.toBe(one);
  expect(sim.startup).toContain(two);
  // the same text again: the device is as we left it
  expect((await deployForTest(nats.store, text('two'))).outcome).toEqual({ kind: 'unchanged' });
  expect(stored()).toBe(two);
  // somebody sets another one by hand
  const line = sim.device.running.children.find((child) => child.text.startsWith('username alice'));
  if (line) line.text = line.text.replace(/sha512 .*/, 'sha512 $6$other$xyz');
  await stateWhen(nats.store, ({ sync }) => sync === 'out_of_sync');
  expect((await deployForTest(nats.store, text('two'))).outcome).toEqual({ kind: 'applied' });
  expect(stored()).not.toContain('$6$other$xyz');
  await stateWhen(nats.store, ({ sync }) => sync === 'in_sync');
});
