import {
  headers,
  type Msg,
  type NatsConnection,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bridgeElections } from '../../../../../core/store/server/leaderless.ts';

const info = '$JS.API.STREAM.INFO.dc1-intent';
const answer = { subject: 'answer' } as Msg;
const over = headers();
over.set('Nats-Expected-Last-Subject-Sequence', '7');

/** A connection to a server of a cluster that answers so, request by request; what is not said is silence until the timeout. */
const connection = (answers: readonly (Msg | Error | undefined)[], cluster: string | undefined) => {
  const asked: { subject: string; atMs: number; timeout: number }[] = [];
  const startedMs = performance.now();
  const request = (subject: string, _payload?: unknown, options?: { timeout: number }): Promise<Msg> => {
    const { timeout = 0 } = options ?? {};
    const said = answers[asked.length];
    asked.push({ subject, atMs: Math.round(performance.now() - startedMs), timeout: Math.round(timeout) });
    if (said instanceof Error) return Promise.reject(said);
    if (said) return Promise.resolve(said);
    return new Promise((_, reject) => setTimeout(() => reject(new TimeoutError()), timeout));
  };
  const nc = bridgeElections({ info: { cluster }, request } as unknown as NatsConnection);
  return { nc, asked };
};

const nobody = () => new RequestError('no responders', { cause: new NoRespondersError('x') });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How it ended, once the fake clock has gone on for so long. */
const ended = async (work: Promise<Msg>, ms: number) => {
  const end = work.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(ms);
  return end;
};

describe('while a stream of a cluster has no leader', () => {
  it('a read is asked again after a second and after three, and the first answer is the answer', async () => {
    const { nc, asked } = connection([undefined, undefined, answer], 'c');
    expect(await ended(nc.request(info, '', { timeout: 5_000 }), 3_000)).toBe(answer);
    expect(asked).toEqual([
      { subject: info, atMs: 0, timeout: 5_000 },
      { subject: info, atMs: 1_000, timeout: 4_000 },
      { subject: info, atMs: 3_000, timeout: 2_000 },
    ]);
  });

  it('a read that nobody answers ends when it would have ended', async () => {
    const { nc, asked } = connection([], 'c');
    expect(await ended(nc.request(info, '', { timeout: 5_000 }), 5_000)).toBeInstanceOf(TimeoutError);
    expect(asked).toHaveLength(3);
  });

  it('a read that is answered is asked once', async () => {
    const { nc, asked } = connection([answer], 'c');
    expect(await ended(nc.request(info, '', { timeout: 5_000 }), 10_000)).toBe(answer);
    expect(asked).toHaveLength(1);
  });

  it('a write that nobody took is sent again until somebody does', async () => {
    const { nc, asked } = connection([nobody(), nobody(), answer], 'c');
    expect(await ended(nc.request('$KV.dc1-state.leaf1', '', { timeout: 5_000, headers: over }), 600)).toBe(answer);
    expect(asked.map(({ atMs }) => atMs)).toEqual([0, 250, 500]);
  });

  it('a write that somebody may have taken is not', async () => {
    const { nc, asked } = connection([], 'c');
    const end = await ended(nc.request('$KV.dc1-state.leaf1', '', { timeout: 5_000, headers: over }), 6_000);
    expect(end).toBeInstanceOf(TimeoutError);
    expect(asked).toHaveLength(1);
  });

  it('a request to a runner is sent once: nobody holds the device', async () => {
    const { nc, asked } = connection([nobody()], 'c');
    expect(await ended(nc.request('dc1.leaf1.ping', '', { timeout: 5_000 }), 6_000)).toBeInstanceOf(RequestError);
    expect(asked).toHaveLength(1);
  });
});

it('a server on its own chooses no leader: whatever is asked of it is asked once', async () => {
  const { nc, asked } = connection([], undefined);
  expect(await ended(nc.request(info, '', { timeout: 5_000 }), 5_000)).toBeInstanceOf(TimeoutError);
  expect(asked).toHaveLength(1);
});
