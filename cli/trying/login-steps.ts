import { lookup } from 'node:dns/promises';
import { resolveCredentials } from '../../core/config/credentials.ts';
import { explain, isOutcome, PlumbError } from '../../core/errors.ts';
import type { Device } from '../../core/inventory/schema.ts';
import { newJobId } from '../../core/store/jobs.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { Session } from '../../runners/driver.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { inTime } from '../../runners/holding/login-time.ts';
import { jumpOf } from '../../runners/transports/ssh/target.ts';
import { dial } from '../../runners/transports/tcp.ts';
import type { Context } from '../context.ts';
import { pinsInForce } from '../inventory/run-file.ts';
import { wayIn } from '../inventory/way-in.ts';
import { findCertificate } from '../trust/certificate.ts';
import { findHostKey } from '../trust/host-key.ts';

/** One step on the way to a device. */
export type Step = {
  step: string;
  result: 'ok' | 'failed' | 'skipped';
  ms: number;
  detail: string;
  hint?: string;
};

const stepMs = 20_000;

const timed = async (step: string, work: () => Promise<string>): Promise<Step> => {
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  try {
    return { step, result: 'ok', detail: await work(), ms: ms() };
  } catch (error) {
    const hint = error instanceof PlumbError && error.hint ? { hint: error.hint } : {};
    const result = isOutcome(error, 'unsupported') ? 'skipped' : 'failed';
    return { step, result, detail: explain(error), ...hint, ms: ms() };
  }
};

const showsKey = async (context: Context, device: Device, transport: string, port: number): Promise<string> => {
  if (transport === 'telnet' || (transport === 'eapi' && device.options.http === true))
    throw new PlumbError('unsupported', `${transport} shows none: nothing proves who answers`);
  const found =
    transport === 'eapi' ? await findCertificate(context, device) : await findHostKey(context, device, port, false);
  if (found.state === 'pinned') return `${found.what} ${found.fingerprint}, pinned in ${found.file}`;
  const code = found.state === 'new' ? 'host_key_unknown' : 'host_key_changed';
  const what = found.state === 'new' ? 'is not pinned' : `is not the one pinned: ${found.pinned.join(', ')}`;
  throw new PlumbError(code, `${found.what} ${found.fingerprint} ${what}`, { hint: `plumb trust ${device.name}` });
};

/** The device's own configuration, loaded as a candidate and discarded: nothing changes. */
const mayConfigure = async (session: Session, running: string): Promise<string> => {
  const trial = await session.pending();
  if (trial) throw new PlumbError('unsupported', `not tried: a trial of ${trial.owner} is pending on the device`);
  const name = { job: newJobId(), epoch: 0, sha256: sha256(running) };
  await using candidate = await session.load(running, 'replace', name);
  await candidate.diff();
  return 'its own configuration was loaded, compared and discarded';
};

/**
 * Tests the way to a device step by step, over separate connections; the first step that fails is the last one.
 *
 * @param askRunner the dry run of the runner that holds the device: two candidates at once would interfere
 */
export async function* loginSteps(
  from: Context,
  device: Device,
  askRunner: (() => Promise<string>) | undefined,
): AsyncGenerator<Step> {
  const knownHosts = await pinsInForce(from.config);
  const context: Context = { ...from, config: { ...from.config, knownHosts } };
  const { transport, port } = await wayIn(device);
  const jump = jumpOf(device);
  const to = jump ?? { host: device.host, port };
  const whose = jump ? ' of the jump host' : '';
  const limit = () => AbortSignal.any([context.signal, AbortSignal.timeout(stepMs)]);

  const address = await timed(`address${whose}`, async () => {
    const found = await lookup(to.host, { all: true });
    const all = found.map((one) => one.address).join(', ');
    return all === to.host ? all : `${to.host} is ${all}`;
  });
  yield address;
  if (address.result === 'failed') return;

  const tcp = await timed(`tcp${whose}`, async () => {
    const socket = await dial(to.host, to.port, limit());
    socket.destroy();
    return `${to.host}:${to.port} answers`;
  });
  yield tcp;
  if (tcp.result === 'failed') return;

  const key = await timed('key', () => showsKey(context, device, transport, port));
  yield key;
  if (key.result === 'failed') return;

  let session: Session | undefined;
  const driver = driverFor(device.platform);
  yield await timed('login', async () => {
    const credentials = await resolveCredentials(await context.inventory(), device);
    session = await inTime(device.name, limit(), (end) => driver.open({ device, credentials, knownHosts }, end));
    return `as ${credentials.username} by ${transport}: prompt and privilege reached`;
  });
  if (!session) return;
  await using opened: Session = session;
  yield await timed('version', async () => {
    const { vendor, model, os_version } = await opened.facts();
    return [vendor, model, os_version].filter(Boolean).join(' ') || 'it reports none';
  });
  let running = '';
  yield await timed('config', async () => {
    running = await opened.config('running');
    return `${running.split('\n').length - 1} lines can be read`;
  });
  if (running !== '') yield await timed('rights', askRunner ?? (() => mayConfigure(opened, running)));
}
