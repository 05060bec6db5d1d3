import { setTimeout as wait } from 'node:timers/promises';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { DeviceState, headers, type Request, Runner, subjects, type Verb } from '../bus.ts';
import { explain, type FailureCode, failureOf, isOutcome, PlumbError } from '../errors.ts';
import { decodeBody, encodeBody } from './payload.ts';
import { getRecord } from './records.ts';
import type { Store } from './store.ts';

export type AskOptions = {
  timeoutMs?: number;
  job?: string;
  author?: string;
  /** A device whose entry in the inventory changed is let go and taken again: so long may that take. */
  retakenMs?: number;
};

const everyMs = 200;

/** The runner that held a device last, where that is up: it takes the device again, or says why not. */
const lastHolder = async (store: Store, device: string): Promise<string | undefined> => {
  const last = (await getRecord(store.state, DeviceState, device))?.value.runner;
  return last && (await getRecord(store.runners, Runner, last)) ? last : undefined;
};

/**
 * Asks the runner that holds a device; where the one that held it last is up and holds it no longer, once it does again.
 * What nobody received is sent again without harm.
 *
 * @returns its JSON answer
 * @throws PlumbError `no_runner` when nobody holds the device, `timeout`, `nats_unavailable` when our NATS user may not
 *   ask, `invalid_request` for more than a message may hold, or the runner's own failure
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
      if (performance.now() - startedMs > retakenMs) {
        const what = `${error.message}: ${last} held it last, is up, and has not taken it again within ${retakenMs / 1000} s`;
        const hint = `its log says why; \`plumb status ${device}\` shows who holds it`;
        throw new PlumbError('no_runner', what, { cause: error.cause, hint });
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
  const { bytes: body, encoding } = encodeBody(Buffer.from(JSON.stringify(payload)));
  if (encoding) to.set(headers.encoding, encoding);
  const room = (store.nc.info?.max_payload ?? 1024 * 1024) - 4096; // headers count too
  if (body.length > room) {
    const size = `${body.length} bytes, compressed, and a message to a runner takes ${room}`;
    throw new PlumbError('invalid_request', `${device}: what is asked with "${verb}" is too large: ${size}`, {
      hint: 'a larger max_payload of nats-server lets it through; a deployment (`plumb push`) takes any size',
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
