import { useCallback, useEffect, useState } from 'preact/hooks';
import { ask } from './http.ts';
import { Refusal } from './refusal.ts';
import type { Job, JobSummary } from './types.ts';

export type Reading = {
  /** The last job that read it, with its `result`; undefined: not read within the last 30 days, or not known yet. */
  job?: Job;
  /** Known to be read never, or not. */
  looked: boolean;
  busy: boolean;
  failed?: Refusal;
  /** Reads it on the device, now. */
  again: () => void;
};

const waitSeconds = 30;

/** The last job of a kind on a device that went well; undefined where there is none. */
const lastOf = async (device: string, kind: string): Promise<Job | undefined> => {
  const path = `/api/v1/jobs?select=${device}&kind=${kind}&state=finished&limit=5`;
  const { items } = await ask<{ items: JobSummary[] }>('GET', path);
  const done = items.find(({ outcome }) => outcome?.kind === 'done');
  return done && ask<Job>('GET', `/api/v1/jobs/${done.id}`);
};

/** Asks a device for something, as a job. @throws Refusal also where the job failed */
export const readNow = async (device: string, kind: string, body: unknown = {}): Promise<Job> => {
  const path = `/api/v1/devices/${device}/${kind}?wait=${waitSeconds}`;
  const job = await ask<Job>('POST', path, { body, timeoutMs: (waitSeconds + 10) * 1000 });
  const { outcome } = job;
  if (outcome?.kind === 'failed') throw new Refusal(outcome.code, outcome.detail, outcome.hint);
  if (job.state !== 'finished') throw new Refusal('timeout', `job ${job.id} has not finished after ${waitSeconds} s`);
  return job;
};

/** What was read of a device last, and a way to read it again. */
export const useReading = (device: string, kind: 'bgp' | 'facts' | 'diff'): Reading => {
  const [state, setState] = useState<Omit<Reading, 'again'>>({ looked: false, busy: false });
  const settle = useCallback((work: Promise<Job | undefined>) => {
    setState((before) => ({ ...before, busy: true }));
    work.then(
      (job) => setState({ looked: true, busy: false, ...(job ? { job } : {}) }),
      (error: unknown) => {
        const failed = error instanceof Refusal ? error : new Refusal('internal', String(error));
        setState((before) => ({ ...before, looked: true, busy: false, failed }));
      },
    );
  }, []);
  useEffect(() => {
    if (kind !== 'diff') settle(lastOf(device, kind));
  }, [device, kind]);
  return { ...state, again: () => settle(readNow(device, kind)) };
};
