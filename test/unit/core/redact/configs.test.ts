import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../../core/redact/redact.ts';

const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

/** The secrets of each configuration. */
const configs: [string, readonly string[]][] = [
  ['test/drivers/eos/full.cfg', ['$6$abc$def', 'bm90IGEga2V5LCBidXQgaXQgbG9va3MgbGlrZSBvbmU=']],
  ['test/drivers/ios/full.cfg', ['$9$abc$def', '$9$abc$ghi']],
  ['test/drivers/iosxr/full.cfg', ['$6$abc$def']],
  ['test/drivers/junos/full.cfg', ['$6$abc$def', '$6$ghi$jkl', '$9$abc']],
  ['test/drivers/nxos/full.cfg', ['$5$abc$def', '0x4ac5f5f7c8b0b1d0b7d3a6e5f4c3b2a1']],
  [
    'examples/eos/intended/configs/leaf1.cfg',
    ['$6$plumb$w5sVb1kC3Qp0Nq8uW8m3mYv3k5o2bq0z7y1u9oWJQe0m3Xc4xkYlJb1m2S9q7uVQm0a4s8n6b5v3c2x1z0lkj.'],
  ],
];

describe('a whole configuration', () => {
  it.each(configs)('is shown but for its secrets: %s', (path, secrets) => {
    const before = read(path);
    for (const secret of secrets) expect(before).toContain(secret);
    const wanted = secrets.reduce((text, secret) => text.replaceAll(secret, '<secret>'), before);
    expect(redact(before).split('\n')).toEqual(wanted.split('\n'));
  });
});
