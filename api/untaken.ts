import { setTimeout as wait } from 'node:timers/promises';
import { explain } from '../core/errors.ts';
import { log } from '../core/log.ts';
import { neverTaken, untakenMs } from '../core/store/jobs.ts';
import type { Api } from './app.ts';
import type { JobSummary } from './http/schemas.ts';
import { endJob } from './routes/dispatch.ts';

/** `afterMs`: so long it was seen that nobody took it up; `everyMs`: how often that is looked for. */
export type UntakenPace = { afterMs?: number; everyMs?: number };

const isUntaken = ({ kind, text }: { kind: string; text: string }): boolean =>
  kind !== 'deploy' && (JSON.parse(text) as JobSummary).runner === undefined;

/**
 * Ends the records of work that somebody queued who died before asking a runner for it. A text's job is not among them:
 * the text itself may wait for a runner as long as it likes, and the job ends with it.
 *
 * @param signal ends the watch
 */
export const endUntakenJobs = async (api: Api, signal: AbortSignal, pace: UntakenPace = {}): Promise<void> => {
  const { afterMs = untakenMs, everyMs = 60_000 } = pace;
  const { jobs } = api.views;
  /** Since when each was seen like this, by our own clock: those of the others may go wrong. */
  let since = new Map<string, number>();
  while (!signal.aborted) {
    await wait(everyMs, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted) return;
    if (!jobs.mirror.current) {
      since.clear(); // NATS was away: for others, too
      continue;
    }
    const untaken = jobs.list({ state: 'queued', wanted: isUntaken, limit: Number.POSITIVE_INFINITY }).rows;
    const nowMs = performance.now();
    since = new Map(untaken.map(({ id }) => [id, since.get(id) ?? nowMs]));
    for (const { id, device } of untaken) {
      if (nowMs - (since.get(id) ?? nowMs) < afterMs) continue;
      await endJob(api, { id, device }, neverTaken(device, afterMs)).catch((error: unknown) => {
        log.warn({ device, job: id }, `the job stays open: ${explain(error)}`);
      });
    }
  }
};
