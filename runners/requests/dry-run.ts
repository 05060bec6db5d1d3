import type { Request } from '../../core/bus.ts';
import { explain, isOutcome, PlumbError } from '../../core/errors.ts';
import { refuseUnclear } from '../../core/intent/meta.ts';
import { maskValues, secretsIn } from '../../core/redact/redact-learn.ts';
import { fetchIntent } from '../../core/store/intents.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { JobRecord } from '../holding/job-record.ts';
import type { Turn } from '../holding/turn.ts';
import { guardText } from '../lifecycle/guards.ts';
import { modeFor } from '../lifecycle/mode.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';
import type { Answer } from './recorded.ts';

/** What a deployment would change, by the device's own diff; the candidate is discarded. @throws PlumbError as `Session.load` */
export const dryRun = async (
  loop: DeviceLoop,
  request: Request<'diff'>,
  record: JobRecord,
  turn: Turn,
): Promise<Answer> => {
  const { store, device, driver, warm, lease } = loop.context;
  const intent = request.config === undefined ? await fetchIntent(store, device.name) : undefined;
  if (intent) refuseUnclear(device.name, intent.meta);
  const body = request.config === undefined ? intent?.body : Buffer.from(request.config);
  if (!body)
    throw new PlumbError('invalid_request', `${device.name}: there is no intent to compare, and no text was given`);
  const mode = modeFor(device, request.mode ?? intent?.meta.mode);
  const { policy, name } = device;
  const text = guardText({
    body,
    device: name,
    hostnames: [],
    policy,
    mode,
    keepsBytes: driver.keepsBytes ?? false,
    hostnameOf: driver.hostname,
  });
  const loaded = warm.use(async (session) => {
    await using candidate = await session.load(text, mode, {
      job: record.job.id,
      epoch: lease.epoch,
      sha256: sha256(body),
    });
    return await candidate.diff();
  }, turn);
  const diff = await loaded.catch((error: unknown) => {
    if (!isOutcome(error)) throw error;
    // what the device repeats of a refused line may be a secret after a mistyped keyword
    const { code, line, hint } = error;
    throw new PlumbError(code, maskValues(explain(error), secretsIn(text)), { hint, line });
  });
  return { diff };
};
