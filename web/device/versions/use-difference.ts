import { useEffect, useState } from 'preact/hooks';
import { Refusal } from '../../data/refusal.ts';
import type { Job } from '../../data/types.ts';
import { readNow } from '../../data/use-reading.ts';

/** Two configurations of a device, or what a rollback to before a job would change. */
type Between = { before: string; after: string } | { to: string };

type Found = {
  /** The finished job; its result is the difference. */
  job?: Job;
  diff?: string;
  /** What was known of the device when it was asked. */
  stamp?: string;
  failed?: Refusal;
};

/** Has the device compare, and again whenever something else is asked for. @param stamp of what is known of the device */
export const useDifference = (device: string, between: Between, stamp = ''): Found & { again: () => void } => {
  const asked = JSON.stringify(between);
  const [turn, setTurn] = useState(0);
  const [found, setFound] = useState<Found & { of?: string }>({});
  const of = `${asked} ${turn}`;
  useEffect(() => {
    let isOver = false;
    const settle = (next: Found) => {
      if (!isOver) setFound({ ...next, of });
    };
    readNow(device, 'diff', JSON.parse(asked)).then(
      (job) => {
        const { diff } = (job.result ?? {}) as { diff?: unknown };
        const lost = new Refusal('closed', `job ${job.id} holds no difference: it was too large to store`);
        settle(typeof diff === 'string' ? { job, diff, stamp } : { failed: lost });
      },
      (error: unknown) => settle({ failed: error instanceof Refusal ? error : new Refusal('internal', String(error)) }),
    );
    return () => {
      isOver = true;
    };
  }, [device, of]);
  return { ...(found.of === of ? found : {}), again: () => setTurn(turn + 1) };
};
