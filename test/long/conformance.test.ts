import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const conformance = fileURLToPath(new URL('../../bin/conformance.mjs', import.meta.url));

describe('clients that people use are content with the simulated', () => {
  it.for(['eos', 'ios', 'nxos', 'iosxr', 'junos'])('%s', { timeout: 600_000 }, async (platform, { skip }) => {
    const child = spawn(process.execPath, [conformance, platform], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    expect(code, out + err).toBe(0);
    const skipped = /^skipped: (.+)/m.exec(out)?.[1];
    if (skipped) skip(skipped);
  });
});
