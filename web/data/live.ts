import { signal } from '@preact/signals';
import { key, session } from '../session.ts';
import { serverNow } from './clock.ts';
import { setDevices } from './devices.ts';
import { ask } from './http.ts';
import { Refusal } from './refusal.ts';
import type { Device } from './types.ts';

/** Whether what is shown is kept up to date. Times are the server's, in milliseconds. */
export type Connection =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'lost'; since: number; why: string; code: string; nextTry: number };

export const connection = signal<Connection>({ kind: 'connecting' });

/** When the devices were last read; 0: never. */
export const heardAt = signal(0);

const pollMs = 2_000;
const firstRetryMs = 1_000;
const lastRetryMs = 8_000;

let wake = () => {};
const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', wake, { once: true });
  });

/** Asks at once instead of at the next time. */
export const tryNow = (): void => wake();

const lose = (error: unknown, retryMs: number): void => {
  const { code, message } = error instanceof Refusal ? error : { code: 'internal', message: String(error) };
  const before = connection.peek();
  const since = before.kind === 'lost' ? before.since : serverNow();
  connection.value = { kind: 'lost', since, why: message, code, nextTry: serverNow() + retryMs };
};

/** Reads all devices again and again until the signal aborts. */
const poll = async (signal: AbortSignal): Promise<void> => {
  let retryMs = firstRetryMs;
  while (!signal.aborted) {
    try {
      const { items } = await ask<{ items: Device[] }>('GET', '/api/v1/devices', { signal });
      setDevices(items);
      heardAt.value = serverNow();
      connection.value = { kind: 'live' };
      retryMs = firstRetryMs;
    } catch (error) {
      if (signal.aborted || !key.peek()) return;
      lose(error, retryMs);
      await pause(retryMs, signal);
      retryMs = Math.min(lastRetryMs, retryMs * 2);
      continue;
    }
    await pause(pollMs, signal);
  }
};

/** Learns who we are; what cannot be learned now is asked for with the next key. */
const askWho = async (signal: AbortSignal): Promise<void> => {
  session.value = await ask<typeof session.value>('GET', '/api/v1/session', { signal });
};

/** Keeps the devices up to date for as long as there is a key. */
export const startLive = (): void => {
  let stop = new AbortController();
  key.subscribe((given) => {
    stop.abort();
    stop = new AbortController();
    connection.value = { kind: 'connecting' };
    if (!given) return;
    askWho(stop.signal).catch(() => {}); // the same fault is told by the devices
    void poll(stop.signal);
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) tryNow();
  });
};
