import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plumb, repository } from '../terminal.ts';

it('plumb file put refuses a file that is too large before it reads it or asks anybody', async () => {
  await using repo = await repository();
  const large = join(repo.folder, 'large');
  await writeFile(large, '');
  await truncate(large, 5_000_000_000); // more than Node reads at all; no block of it is on the disk
  const { code, err } = await plumb(repo.folder, ['file', 'put', 'leaf1', large, '/tmp/large']);
  expect(code).toBe(2);
  expect(err).toContain(`${large}: the file has 5000000000 bytes, more than the 33554432 that are sent`);
});
