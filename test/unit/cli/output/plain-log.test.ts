import { expect, it } from 'vitest';
import { plainLog } from '../../../../cli/output/plain-log.ts';
import { type Log, logTo } from '../../../../core/log.ts';
import { KeptLines } from '../../../../core/logs/kept-lines.ts';
import { newJob } from '../../../../core/store/jobs.ts';
import { JobRecord } from '../../../../runners/holding/job-record.ts';

/** A record of a deployment that ends so, written to that log and not published. */
const failed = async (log: Log, detail: string) => {
  const lease = { signal: AbortSignal.abort() };
  const context = { log, lease } as unknown as ConstructorParameters<typeof JobRecord>[0];
  await new JobRecord(context, newJob('leaf2', 'deploy'), 0).finish({ kind: 'failed', code: 'conflict', detail });
};

it('the log of a runner names the device of a failed deployment once', async () => {
  let line = '';
  const log = logTo((text) => (line += text));
  await failed(log, 'leaf2: not deployed: held by ann');
  expect(JSON.parse(line)).toMatchObject({
    device: 'leaf2',
    msg: expect.stringMatching(/^deploy failed: not deployed: /),
  });
});

it('the log of `plumb up` leaves a failed deployment to the line of its job, and tells what else is wrong', async () => {
  let said = '';
  const kept = new KeptLines();
  const log = plainLog({}, (text) => (said += text), kept);
  await failed(log, 'leaf2: not deployed: held by ann');
  expect(said).toBe('');
  log.warn({ device: 'leaf2' }, 'cannot read the device');
  log.info({ device: 'leaf2' }, 'held');
  expect(said).toBe('warning: leaf2: cannot read the device\n');
  const lines = kept.after(0).map(({ line }) => JSON.parse(line) as { msg: string });
  expect(lines.map(({ msg }) => msg.slice(0, 13))).toEqual(['deploy failed', 'cannot read t', 'held']);
});
