import type { Job } from '../../core/bus.ts';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { fetchMessage } from '../../core/store/intents.ts';
import { newJob } from '../../core/store/jobs.ts';
import { publishUnder } from '../../core/store/publish.ts';
import type { Api } from '../app.ts';
import { HttpProblem } from '../http/problem.ts';
import type { ConfigureBody } from '../http/schemas.ts';
import type { Asked } from '../once/once.ts';
import { dispatch, endJob, record } from './dispatch.ts';

/** A dry run is asked of the runner and never published: the intent that the device has stays the newest one. */
const preview = async (
  api: Api,
  { caller, work, resumed }: Asked,
  device: string,
  body: ConfigureBody,
): Promise<Job> => {
  const { store } = api;
  const { config, mode, force } = body;
  const { name: author } = caller;
  if (force !== undefined) {
    throw new HttpProblem('invalid_request', `${device}: a dry run changes nothing, so there is nothing to force`);
  }
  const request = { config, ...(mode ? { mode } : {}) };
  const bytes = Buffer.byteLength(JSON.stringify(request));
  const room = (store.nc.info?.max_payload ?? 1024 * 1024) - 4096;
  if (bytes > room) {
    throw new HttpProblem('too_large', `${device}: a dry run accepts at most ${room} bytes, this text has ${bytes}`);
  }
  const job: Job = { ...newJob(device, 'diff', work), dryRun: true, author, mode: mode ?? 'replace' };
  await record(api, job, resumed);
  dispatch(api, job, 'diff', request);
  return job;
};

/** Publishes a whole intended configuration by hand, under a job that can be looked at at once. */
export const configure = async (api: Api, asked: Asked, device: string, body: ConfigureBody): Promise<Job> => {
  const { store, bus } = api;
  const { config, dryRun, mode, confirmSeconds, force, commit } = body;
  if (dryRun) return preview(api, asked, device, body);
  const { name: author } = asked.caller;
  const given = {
    ...(mode ? { mode } : {}),
    ...(confirmSeconds ? { confirmSeconds } : {}),
    ...(commit ? { commit } : {}),
    author,
  };
  const job: Job = {
    ...newJob(device, 'deploy', asked.work),
    ...given,
    claimed: true,
    ...(force ? { forced: force } : {}),
  };
  const meta = { ...given, ...(force ? { force } : {}) };
  try {
    const head = asked.resumed ? await bus.reach(() => fetchMessage(store, device)) : undefined;
    if (head?.meta.job === job.id) return job; // it was published, and the answer never came
    await bus.reach(() => publishUnder(store, job, config, meta));
  } catch (error) {
    if (!isOutcome(error)) throw error;
    if (error.code !== 'nats_unavailable') await endJob(api, job, error);
    throw new PlumbError(error.code, `${device}: it is not known whether the configuration was published`, {
      cause: error,
      hint: `GET /api/v1/jobs/${job.id} shows it as soon as NATS is back`,
    });
  }
  return job;
};
