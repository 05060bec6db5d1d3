import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { folderOfAll } from '../../folder.ts';

const supply = fileURLToPath(new URL('../../../.ci/supply', import.meta.url));
const folder = folderOfAll('supply');

it.each([
  ['verified 3', 0, { status: 0, line: 'verified 3' }],
  ['npm error code ENOTFOUND', 1, { status: 0, line: 'supply: signatures were not verified: code ENOTFOUND' }],
  [
    '1 package has an invalid registry signature',
    1,
    { status: 1, line: '1 package has an invalid registry signature' },
  ],
])('the CI part that verifies signatures makes of "%s" what it is', (says, code, { status, line }) => {
  const npm = `#!/bin/sh\nif [ "$1" = sbom ]; then echo '{"metadata": {"component": {"bom-ref": "x"}}}'; else echo '${says}' >&2; exit ${code}; fi\n`;
  writeFileSync(join(folder, 'npm'), npm, { mode: 0o755 });
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const done = spawnSync(supply, [join(folder, 'sbom.json')], { encoding: 'utf8', env });
  expect({ status: done.status, out: done.stdout }).toMatchObject({
    status,
    out: expect.stringMatching(new RegExp(`^supply: 1 parts in .*\\n${line}\\n$`)),
  });
});
