import { afterEach, expect, it, vi } from 'vitest';
import { natsForTest } from '../../../nats.ts';

afterEach(() => vi.unstubAllEnvs());

it('a nats-server is found by a plain user, whose PATH does not look where Debian has it', async () => {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => !folder.endsWith('/sbin'));
  vi.stubEnv('PATH', folders.join(':'));
  await using nats = await natsForTest();
  expect(nats.store.nc.getServer()).toContain('127.0.0.1');
});
