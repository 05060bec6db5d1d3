import type { Job } from '../../core/bus.ts';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import { publishUnder } from '../../core/store/publish.ts';
import type { Api } from '../app.ts';
import type { Caller } from '../auth/roles.ts';
import { HttpProblem } from '../http/problem.ts';
import type { ConfigureBody } from '../http/schemas.ts';
import { dispatch, endJob } from './dispatch.ts';

/** A dry run is asked of the runner and never published: the intent that the device has stays the newest one. */
const preview = async (api: Api, { name: author }: Caller, device: string, body: ConfigureBody): Promise<Job> => {
  const { store, bus } = api;
  const { config, mode, force } = body;
  if (force !== undefined) {
    throw new HttpProblem('invalid_request', `${device}: a dry run changes nothing, so there is nothing to force`);
  }
  const request = { config, ...(mode ? { mode } : {}) };
  const bytes = Buffer.byteLength(JSON.stringify(request));
  const room = (store.nc.info?.max_payload ?? 1024 * 1024) - 4096;
  if (bytes > room) {
    throw new HttpProblem('too_large', `${device}: a dry run takes ${room} bytes at most, this text has ${bytes}`);
  }
  const job: Job = { ...newJob(device, 'diff'), dryRun: true, author, mode: mode ?? 'replace' };
  await bus.reach(() => putJob(store, job));
  dispatch(api, job, 'diff', request);
  return job;
};

/** Publishes a whole intended configuration by hand, under a job that can be looked at at once. */
export const configure = async (api: Api, caller: Caller, device: string, body: ConfigureBody): Promise<Job> => {
  const { store, bus } = api;
  const { config, dryRun, mode, confirmSeconds, force, commit } = body;
  if (dryRun) return preview(api, caller, device, body);
  const { name: author } = caller;
  const given = {
    ...(mode ? { mode } : {}),
    ...(confirmSeconds ? { confirmSeconds } : {}),
    ...(commit ? { commit } : {}),
    author,
  };
  const job: Job = { ...newJob(device, 'deploy'), ...given, claimed: true, ...(force ? { forced: force } : {}) };
  const meta = { ...given, ...(force ? { force } : {}) };
  try {
    await bus.reach(() => publishUnder(store, job, config, meta));
  } catch (error) {
    if (!isOutcome(error)) throw error;
    if (error.code !== 'nats_unavailable') await endJob(api, job, error);
    throw new PlumbError(error.code, `${device}: whether the configuration was published is not known`, {
      cause: error,
      hint: `GET /api/v1/jobs/${job.id} tells as soon as NATS is back`,
    });
  }
  return job;
};
