import { expect, it } from 'vitest';
import { PlumbError } from '../../../../core/errors.ts';
import type { JobRecord } from '../../../../runners/holding/job-record.ts';
import type { DeviceLoop } from '../../../../runners/loop/device-loop.ts';
import { dryRun } from '../../../../runners/requests/dry-run.ts';

it('a dry run during a trial of this site names the job and how to end it, not what to type on the device', async () => {
  const hint = 'let its owner confirm it (`configure session plumb-x commit`)';
  const locked = new PlumbError('locked', 'leaf1: session "plumb-x" of Plumbline is waiting for its confirm', { hint });
  const policy = { allow: [], protect: [], maxLossPercent: 30, maxBytes: 1000 };
  const context = {
    device: { name: 'leaf1', policy, platform: 'eos', mode: 'replace', options: {} },
    driver: { capabilities: { modes: ['replace'] } },
    lease: { epoch: 1 },
    state: { value: { trial: { job: '0mx1', name: 'plumb-x', expiresAt: '2026-01-31T09:01:00Z' } } },
    warm: { use: () => Promise.reject(locked) },
  };
  const asked = dryRun(
    { context } as unknown as DeviceLoop,
    { config: 'hostname leaf1\nrouter bgp 1\n' },
    { job: { id: '0mx2' } } as JobRecord,
    {} as never,
  );
  const error = await asked.catch((thrown: unknown) => thrown as PlumbError);
  expect(error).toMatchObject({
    code: 'locked',
    message:
      'leaf1: job 0mx1 is on trial there until 2026-01-31T09:01:00Z at most; until it ends, nothing can be compared',
    hint: 'wait for it: `plumb job 0mx1`; `plumb cancel 0mx1` takes it back',
  });
});
