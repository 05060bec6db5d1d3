import { signal } from '@preact/signals';
import { logOut, person } from '../session.ts';
import { heardTime, serverNow } from './clock.ts';
import { setDevice, setDevices } from './devices.ts';
import { eventsOf, type ServerEvent } from './event-stream.ts';
import { ask, refusalOf } from './http.ts';
import { tellJob } from './job-news.ts';
import { Refusal } from './refusal.ts';
import type { Device, JobSummary } from './types.ts';

/** Whether what is shown is kept up to date. Times are the server's, in milliseconds. */
type Connection =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'lost'; since: number; why: string; nextTry: number };

export const connection = signal<Connection>({ kind: 'connecting' });

/** When the server was last heard; 0: never. */
export const heardAt = signal(0);

const firstRetryMs = 1_000;
const lastRetryMs = 8_000;
/** The server sends a sign of life every 15 s. */
const silentMs = 20_000;

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

/** Connects at once instead of at the next time. */
export const tryNow = (): void => wake();

const lose = (why: string, retryMs: number): void => {
  const before = connection.peek();
  const since = before.kind === 'lost' ? before.since : serverNow();
  connection.value = { kind: 'lost', since, why, nextTry: serverNow() + retryMs };
};

const readAll = async (signal: AbortSignal): Promise<void> => {
  const { items } = await ask<{ items: Device[] }>('GET', '/api/v1/devices', { signal });
  setDevices(items);
};

/** The id of the last event that was taken; '' where nothing is known of what came after. */
let lastId = '';

const take = async ({ name, data }: ServerEvent, signal: AbortSignal): Promise<void> => {
  const told = JSON.parse(data) as unknown;
  switch (name) {
    case 'device':
      return setDevice((told as Device).device, told as Device);
    case 'job':
      return tellJob(told as JobSummary);
    case 'removed': {
      const { device, job } = told as { device: string; job?: string };
      return job === undefined ? setDevice(device, undefined) : undefined;
    }
    case 'reset':
      return readAll(signal);
    case 'start':
      return lastId === '' ? readAll(signal) : undefined;
    case 'bus': {
      const { up } = told as { up: boolean };
      if (up) connection.value = { kind: 'live' };
      else lose('NATS does not answer the server', silentMs);
    }
  }
};

/** Listens until the connection ends. @throws Refusal where it cannot be had, or is silent for too long */
const listen = async (stop: AbortSignal): Promise<void> => {
  const silent = new AbortController();
  const signal = AbortSignal.any([stop, silent.signal]);
  let timer = setTimeout(() => silent.abort(), silentMs);
  try {
    const headers: Record<string, string> = lastId === '' ? {} : { 'last-event-id': lastId };
    const reply = await fetch('/api/v1/events', { headers, signal, cache: 'no-store' });
    heardTime(reply.headers.get('date'));
    if (!reply.ok || !reply.body) {
      const refused = await refusalOf(reply);
      if (reply.status === 401) logOut(refused.message);
      throw refused;
    }
    for await (const events of eventsOf(reply.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), silentMs);
      heardAt.value = serverNow();
      for (const event of events) {
        await take(event, signal);
        if (event.id !== '') lastId = event.id;
        if (event.name === 'start') connection.value = { kind: 'live' };
      }
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('no_connection', silent.signal.aborted ? 'Plumbline is silent' : 'Plumbline does not answer');
  } finally {
    clearTimeout(timer);
  }
};

/** Keeps the devices up to date until the signal aborts. */
const stayLive = async (signal: AbortSignal): Promise<void> => {
  lastId = '';
  let retryMs = firstRetryMs;
  while (!signal.aborted) {
    const heard = heardAt.peek();
    const why = await listen(signal).then(
      () => '', // the server ends a connection after some minutes: it is taken up where it ended
      (error: Refusal) => error.message,
    );
    if (signal.aborted) return;
    if (heardAt.peek() > heard) retryMs = firstRetryMs;
    if (why === '') continue;
    lose(why, retryMs);
    await pause(retryMs, signal);
    retryMs = Math.min(lastRetryMs, retryMs * 2);
  }
};

/** Keeps everything up to date for as long as somebody is logged in. */
export const startLive = (): void => {
  let stop = new AbortController();
  const begin = () => {
    stop.abort();
    stop = new AbortController();
    if (person.peek()) void stayLive(stop.signal);
  };
  person.subscribe(() => {
    connection.value = { kind: 'connecting' };
    begin();
  });
  addEventListener('offline', begin);
  addEventListener('online', tryNow);
};
