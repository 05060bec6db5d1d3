import type { Job } from '../core/bus.ts';
import { getStoredJob, putJob } from '../core/store/jobs.ts';
import type { Store } from '../core/store/store.ts';

/** Stores a record over the one that is there, as whoever has begun the job does. */
export const storeJob = async (store: Store, job: Job): Promise<number> =>
  putJob(store, job, (await getStoredJob(store, job.id, job.device)).seq);
