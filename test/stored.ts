import { vi } from 'vitest';
import type { Job } from '../core/bus.ts';
import { getStoredJob, putJob } from '../core/store/jobs.ts';
import type { Store } from '../core/store/store.ts';

/** Stores a record over the one that is there, as whoever has begun the job does. */
export const storeJob = async (store: Store, job: Job): Promise<number> =>
  putJob(store, job, (await getStoredJob(store, job.id, job.device)).seq);

/** From now on the server says of the record of a job that it was stored so much earlier. */
export const storedEarlier = ({ jsm }: Store, id: string, ms: number): void => {
  const get = jsm.streams.getMessage.bind(jsm.streams);
  vi.spyOn(jsm.streams, 'getMessage').mockImplementation(async (stream, query) => {
    const message = await get(stream, query);
    if (!message?.subject.endsWith(`.${id}`)) return message;
    return Object.create(message, { time: { value: new Date(message.time.getTime() - ms) } });
  });
};
