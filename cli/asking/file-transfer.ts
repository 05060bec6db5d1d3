import { createHash } from 'node:crypto';
import { type Job, type JobKind, limits, type Request, type Verb } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { ask } from '../../core/store/ask.ts';
import { endUntaken } from '../../core/store/jobs.ts';
import type { Context } from '../context.ts';
import type { Progress } from '../output/progress.ts';
import { author, queueJob, untilStopped } from './follow-job.ts';

type Fetched = { path: string; content: Buffer; sha256: string; mode: string; owner: string; job: string };
type Placed = { path: string; size: number; sha256: string; mode: string; owner: string; job: string };

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const partMs = 30_000;
/** On the device: reading or writing a large file over a slow line. */
const wholeMs = 330_000;

type Asking = { context: Context; device: string; progress: Progress };

/** Starts a job, does the work under it, and ends the job if the runner never got all of the work. */
const underJob = async <T>(
  { context, device }: Asking,
  kind: JobKind,
  request: Job['request'],
  work: (job: string) => Promise<T>,
): Promise<T> => {
  const queued = await queueJob(context, device, kind, { request });
  try {
    return await untilStopped(context.signal, work(queued.id), `${kind} on ${device}`);
  } catch (error) {
    if (error instanceof PlumbError && error.code !== 'cancelled')
      await endUntaken(await context.store(), queued, error);
    throw error;
  }
};

const asker = async <V extends Verb>({ context, device }: Asking, verb: V, job: string) => {
  const store = await context.store();
  return (payload: Request<V>, timeoutMs: number) =>
    ask(store, device, verb, payload, { timeoutMs, job, author: author(context.env) });
};

/** @throws PlumbError `invalid_request` for a file that is too large to send */
export const refuseLarge = (path: string, size: number): void => {
  if (size <= limits.fileBytes) return;
  const what = `${path}: the file has ${size} bytes, more than the ${limits.fileBytes} that are sent`;
  throw new PlumbError('invalid_request', what);
};

const percent = (done: number, size: number): string => `${Math.floor((100 * done) / Math.max(size, 1))} %`;

/** Fetches a file part by part. @throws PlumbError `parse_failed` when it is not what the device read */
export const fetchFile = (asking: Asking, path: string): Promise<Fetched> =>
  underJob(asking, 'file-get', { path }, async (job) => {
    const { device, progress } = asking;
    const get = await asker(asking, 'file-get', job);
    progress.set(device, `reading ${path}`);
    const { size, content: first, ...told } = (await get({ path }, wholeMs)) as Placed & { content: string };
    const parts = [Buffer.from(first, 'base64')];
    for (let offset = parts[0]?.length ?? 0; offset < size; ) {
      progress.set(device, `fetching ${path}, ${percent(offset, size)}`);
      const { content } = (await get({ path, offset }, partMs)) as { content: string };
      const part = Buffer.from(content, 'base64');
      if (part.length === 0) break;
      parts.push(part);
      offset += part.length;
    }
    const content = Buffer.concat(parts);
    if (content.length === size && sha256(content) === told.sha256) return { ...told, content };
    throw new PlumbError('parse_failed', `${device}: ${path}: what arrived is not the file the device read`, {
      hint: 'try again',
    });
  });

/** Sends a file part by part; the device replaces the old one once all of it has arrived. */
export const placeFile = (asking: Asking, path: string, content: Buffer, mode: string | undefined): Promise<Placed> => {
  const { context, device, progress } = asking;
  const size = content.length;
  const whole = { path, size, sha256: sha256(content), ...(mode ? { mode } : {}) };
  refuseLarge(path, size);
  return underJob(asking, 'file-put', whole, async (job) => {
    const put = await asker(asking, 'file-put', job);
    const most = Math.floor(((await context.store()).nc.info?.max_payload ?? 1024 * 1024) / 2);
    for (let offset = 0; ; offset += most) {
      const part = content.subarray(offset, offset + most);
      const last = offset + most >= size;
      progress.set(device, last ? `writing ${path}` : `sending ${path}, ${percent(offset, size)}`);
      const answer = await put({ ...whole, offset, content: part.toString('base64') }, last ? wholeMs : partMs);
      if (last) return answer as Placed;
    }
  });
};
