import type { Outcome } from '../core/bus.ts';
import { PlumbError } from '../core/errors.ts';
import { sha256 } from '../core/payload.ts';
import { deploy } from './deploy.ts';
import type { Holding, UnderWay } from './holding.ts';
import { failure, type JobRecord } from './job-record.ts';

/**
 * Deploys what ran before a job, by the same lifecycle, and holds the device there.
 *
 * @param to the job to go to before; undefined: the last one that was applied
 * @returns how it ended; the record is finished
 */
export const rollback = async (
  holding: Holding,
  record: JobRecord,
  to: string | undefined,
  began: (underWay: UnderWay) => void,
): Promise<Outcome> => {
  const { device, driver, warm, lease, state, runner, signal } = holding;
  const job = record.job.id;
  const underWay: UnderWay = { job, abort: new AbortController() };
  began(underWay);
  record.set({ runner, epoch: lease.epoch, mode: 'replace' });
  try {
    await holding.recover();
    const text = await warm.use(async (session) => {
      const target = to ?? (await session.saved()).find(({ outcome }) => outcome === 'applied')?.job;
      if (target === undefined) {
        throw new PlumbError('unknown_job', `${device.name}: nothing was saved on the device that it could go back to`);
      }
      record.set({ source: `what ran before job ${target}` });
      return session.savedConfig(target);
    });
    const hash = sha256(text);
    const result = await deploy({
      device,
      driver,
      warm,
      lease,
      state,
      record,
      body: Buffer.from(text),
      sha256: hash,
      mode: 'replace',
      dryRun: false,
      force: `a rollback to what ran before${record.job.author ? `, asked for by ${record.job.author}` : ''}`,
      manual: false,
      approval: undefined,
      signal: AbortSignal.any([signal, underWay.abort.signal]),
      superseded: () => false,
    });
    if (result.kind === 'awaiting') throw new Error('a rollback never waits for an approval');
    const generation = { at: new Date().toISOString().replace('Z', '000000Z'), sha256: hash };
    const { intent } = state.value;
    await state
      .update({
        ...(intent
          ? { hold: { reason: 'rollback', since: generation.at, job, sha256: intent.generation.sha256 } }
          : {}),
        ...(result.runningSha256
          ? { applied: { generation, job, at: generation.at, runningSha256: result.runningSha256 } }
          : {}),
        lastJob: job,
      })
      .catch(() => {}); // kept in memory, and written when NATS is back
    await record.finish(result.outcome);
    return result.outcome;
  } catch (error) {
    const outcome = failure(error);
    await record.finish(outcome);
    return outcome;
  }
};
