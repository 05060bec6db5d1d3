import { setTimeout as wait } from 'node:timers/promises';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { DeviceState, headers, type Request, subjects, type Verb } from '../bus.ts';
import { explain, type FailureCode, failureOf, isOutcome, PlumbError } from '../errors.ts';
import { beatMs, heardAgoMs, silentMs } from './leases/holders.ts';
import { decodeBody, encodeBody } from './payload.ts';
import { getRecord } from './records.ts';
import type { Store } from './store.ts';

type AskOptions = {
  timeoutMs?: number;
  job?: string;
  author?: string;
  /** A device whose inventory entry changed is released and taken again: how long that may take. */
  retakenMs?: number;
};

const everyMs = 200;

type LastHolder = { runner: string; heardMs: number };

/** The runner that held a device last, and how long ago it was last heard from; undefined if it has stopped. */
const lastHolder = async (store: Store, device: string): Promise<LastHolder | undefined> => {
  const runner = (await getRecord(store.state, DeviceState, device))?.value.runner;
  const heardMs = runner ? await heardAgoMs(store, runner) : undefined;
  return runner && heardMs !== undefined ? { runner, heardMs } : undefined;
};

/** Why nobody answers: a live runner takes the device again or logs why not; a dead one does neither. */
const whyNobody = (device: string, { runner, heardMs }: LastHolder, triedMs: number): { why: string; hint: string } => {
  const ago = `${(heardMs / 1000).toFixed(1)} s ago`;
  const status = `\`plumb status ${device}\` shows who holds it`;
  if (heardMs <= beatMs) {
    const why = `${runner} held it last, is up (last heard from ${ago}), and did not take it again within ${triedMs / 1000} s`;
    return { why, hint: `its log says why; ${status}` };
  }
  const why = `${runner} held it last and was last heard from ${ago}: it is dead or cut off from NATS`;
  const other = `another runner for this device takes it ${silentMs / 1000} s after that; try again then`;
  return {
    why,
    hint: `${heardMs < silentMs ? other : `start ${runner} or another runner for this device`}; ${status}`,
  };
};

/**
 * Asks the runner that holds a device; if the last holder was heard from just now but no longer holds it, waits until
 * it does. A request that nobody received can safely be sent again.
 *
 * @returns its JSON answer
 * @throws PlumbError `no_runner` when nobody holds the device, `timeout`, `nats_unavailable` when our NATS user may not
 * ask, `invalid_request` for more than fits into a message, or the runner's own failure
 */
export const ask = async <V extends Verb>(
  store: Store,
  device: string,
  verb: V,
  payload: Request<V>,
  options: AskOptions = {},
): Promise<unknown> => {
  const { retakenMs = 8_000 } = options;
  const startedMs = performance.now();
  for (;;) {
    try {
      return await askOnce(store, device, verb, payload, options);
    } catch (error) {
      if (!isOutcome(error, 'no_runner')) throw error;
      const last = await lastHolder(store, device).catch(() => undefined);
      if (!last) throw error;
      if (performance.now() - startedMs > retakenMs || last.heardMs > silentMs + retakenMs) {
        const { why, hint } = whyNobody(device, last, retakenMs);
        throw new PlumbError('no_runner', `${error.message}: ${why}`, { cause: error.cause, hint });
      }
      await wait(everyMs);
    }
  }
};

const askOnce = async <V extends Verb>(
  store: Store,
  device: string,
  verb: V,
  payload: Request<V>,
  options: AskOptions,
): Promise<unknown> => {
  const { timeoutMs = 30_000, job, author } = options;
  const to = natsHeaders();
  if (job) to.set(headers.job, job);
  if (author) to.set(headers.author, author);
  to.set(headers.wait, String(timeoutMs));
  const { bytes: body, encoding } = encodeBody(Buffer.from(JSON.stringify(payload)));
  if (encoding) to.set(headers.encoding, encoding);
  const room = (store.nc.info?.max_payload ?? 1024 * 1024) - 4096; // headers count too
  if (body.length > room) {
    const size = `${body.length} bytes compressed, and a message to a runner holds at most ${room}`;
    throw new PlumbError('invalid_request', `${device}: the request "${verb}" is too large: ${size}`, {
      hint: 'raise max_payload of nats-server; a deployment (`plumb push`) can be of any size',
    });
  }
  const reply = await store.nc
    .request(subjects.request(store.site, device, verb), body, { timeout: timeoutMs, headers: to })
    .catch((cause: Error) => {
      if (/no responders/i.test(`${cause.name} ${cause.message}`)) {
        throw new PlumbError('no_runner', `${device}: no runner holds it`, {
          cause,
          hint: 'is a runner up for this device? `plumb status` shows who holds what',
        });
      }
      if (/permissions violation/i.test(explain(cause))) {
        throw new PlumbError('nats_unavailable', `${device}: our NATS user may not ask for "${verb}"`, {
          cause,
          hint: 'connect as a user with the permissions of the role `api` (docs/subjects.md)',
        });
      }
      throw new PlumbError('timeout', `${device}: no answer to "${verb}" within ${timeoutMs / 1000} s`, { cause });
    });
  const code = reply.headers?.get(headers.errorCode);
  if (code) {
    const known = failureOf(code) ? (code as FailureCode) : 'invalid_request';
    throw new PlumbError(known, reply.headers?.get(headers.error) || reply.string());
  }
  const bytes = decodeBody(reply.data, reply.headers?.get(headers.encoding) || undefined);
  return JSON.parse(Buffer.from(bytes).toString());
};
