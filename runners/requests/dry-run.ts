import type { DeviceState, Request, Version } from '../../core/bus.ts';
import { maskedAsIn, maskedDiff } from '../../core/diff/masked.ts';
import { explain, isOutcome, PlumbError } from '../../core/errors.ts';
import { refuseUnclear } from '../../core/intent/meta.ts';
import { maskValues, secretsIn } from '../../core/redact/redact-learn.ts';
import { fetchIntent } from '../../core/store/intents.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { Session } from '../driver.ts';
import type { JobRecord } from '../holding/job-record.ts';
import { person } from '../holding/person.ts';
import type { Turn } from '../holding/turn.ts';
import { guardText, textOf } from '../lifecycle/guards.ts';
import { modeFor } from '../lifecycle/mode.ts';
import { textBefore } from '../lifecycle/rollback.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';
import type { Answer } from './recorded.ts';

/** What a dry run was of, as its record tells it: of a text that somebody gave, its hash. */
export const told = ({ config, ...request }: Request<'diff'>): Request<'diff'> =>
  config === undefined ? request : { ...request, config: `SHA-256 ${sha256(Buffer.from(config))}` };

/** The text that was given, or the current intent. @throws PlumbError `refused`, `invalid_request` */
const textToLoad = async ({ context }: DeviceLoop, request: Request<'diff'>) => {
  const { store, device, driver } = context;
  const intent = request.config === undefined ? await fetchIntent(store, device.name) : undefined;
  if (intent) refuseUnclear(device.name, intent.meta);
  const body = request.config === undefined ? intent?.body : Buffer.from(request.config);
  if (!body)
    throw new PlumbError('invalid_request', `${device.name}: there is no intent to compare, and no text was given`);
  const mode = modeFor(device, request.mode ?? intent?.meta.mode);
  const { policy, name } = device;
  const { keepsBytes = false, hostname: hostnameOf } = driver;
  const text = guardText({ body, device: name, hostnames: [], policy, mode, keepsBytes, hostnameOf });
  return { text, mode, hash: sha256(body) };
};

/** What a rollback would go back to, and from which job, as of when it was asked for: past the guards. */
const textToGoBackTo = (loop: DeviceLoop, to: string, who: ReturnType<typeof person>) => {
  const { context, underWay } = loop;
  const asked = { who, ...(underWay?.sha256 === undefined ? {} : { underWay: underWay.job }) };
  return async (session: Session) => {
    const { target, text } = await textBefore(context, session, to === 'last' ? undefined : to, asked);
    const saved = Buffer.from(text);
    const hash = sha256(saved);
    return { text: textOf(saved, context.driver.keepsBytes ?? false), mode: 'replace', hash, to: target } as const;
  };
};

/**
 * What a deployment, or a rollback, would change, by the device's own diff; the candidate is discarded.
 *
 * @returns of a rollback also `to`, the job before which it would go back
 * @throws PlumbError as `Session.load`; `unknown_job` where the device keeps nothing from before job `to`, `conflict`
 *   where it keeps nothing at all
 */
export const dryRun = async (
  loop: DeviceLoop,
  request: Request<'diff'>,
  record: JobRecord,
  turn: Turn,
): Promise<Answer> => {
  const { device, warm, lease } = loop.context;
  const { to, config, mode } = request;
  if (to !== undefined && (config !== undefined || mode !== undefined))
    throw new PlumbError('invalid_request', `${device.name}: "to" excludes "config" and "mode"`);
  const given =
    to === undefined
      ? await textToLoad(loop, request)
      : textToGoBackTo(loop, to, person({ author: undefined, ...record.job }));
  let text = '';
  const loaded = warm.use(async (session) => {
    const wanted = typeof given === 'function' ? await given(session) : given;
    text = wanted.text;
    const name = { job: record.job.id, epoch: lease.epoch, sha256: wanted.hash };
    await using candidate = await session.load(text, wanted.mode, name);
    const told = await candidate.diff();
    const diff = told === '' ? '' : await maskedAsIn(told, [await session.config('running'), text]);
    return { diff, ...('to' in wanted ? { to: wanted.to } : {}) };
  }, turn);
  return loaded.catch((error: unknown) => {
    if (!isOutcome(error)) throw error;
    const { trial } = loop.context.state.value;
    if (error.code === 'locked' && trial) throw onTrial(device.name, trial, error);
    // what the device repeats of a refused line may be a secret after a mistyped keyword
    const { code, line, hint } = error;
    throw new PlumbError(code, maskValues(explain(error), secretsIn(text)), { hint, line });
  });
};

/** Nobody is told how to end by hand what this site itself has on trial. */
const onTrial = (device: string, { job, expiresAt }: NonNullable<DeviceState['trial']>, cause: PlumbError) =>
  new PlumbError(
    'locked',
    `${device}: job ${job} is on trial there until ${expiresAt} at most; until it ends, nothing can be compared`,
    {
      cause,
      hint: `wait for it: \`plumb job ${job}\`; \`plumb cancel ${job}\` takes it back`,
    },
  );

const read = (session: Session, version: Version): Promise<string> =>
  version === 'running' || version === 'startup' ? session.config(version) : session.savedConfig(version);

/**
 * The difference of two texts that the device has. It is made here, of the whole texts as they are: of two masked ones, a
 * secret that changed would not show.
 *
 * @throws PlumbError `invalid_request`, `unknown_job` where the device keeps no such text
 */
export const compare = async (
  { context: { device, warm } }: DeviceLoop,
  { before, after, ...others }: Request<'diff'>,
  turn: Turn,
): Promise<Answer> => {
  if (before === undefined || after === undefined || Object.keys(others).length > 0)
    throw new PlumbError('invalid_request', `${device.name}: "before" and "after" are needed both, and nothing else`);
  const texts = await warm.use(
    async (session) => [await read(session, before), await read(session, after)] as const,
    turn,
  );
  return { diff: await maskedDiff(...texts, { before, after }) };
};
