import { logOut, person } from '../session.ts';
import { heardTime } from './clock.ts';
import { Refusal } from './refusal.ts';

/** What the API said where it refused. */
export const refusalOf = async (reply: Response): Promise<Refusal> => {
  const said = (await reply.json().catch(() => ({}))) as { code?: string; detail?: string; hint?: string };
  return new Refusal(said.code ?? `http_${reply.status}`, said.detail ?? `the API answered ${reply.status}`, said.hint);
};

type Options = { body?: unknown; signal?: AbortSignal; timeoutMs?: number };

/**
 * Asks the API.
 *
 * @throws Refusal where it refuses, or no answer comes in time
 */
export const ask = async <T>(method: 'GET' | 'POST' | 'DELETE', path: string, options: Options = {}): Promise<T> => {
  const { body, signal, timeoutMs = 15_000 } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const who = person.peek();
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = { method, headers, signal: signal ? AbortSignal.any([signal, deadline]) : deadline };
  const reply = await fetch(path, body === undefined ? sent : { ...sent, body: JSON.stringify(body) }).catch(() => {
    if (signal?.aborted) throw signal.reason;
    const late = deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : 'Plumbline does not answer';
    throw new Refusal('no_connection', late);
  });
  heardTime(reply.headers.get('date'));
  if (reply.status === 204) return undefined as T;
  if (reply.ok) return (await reply.json()) as T;
  const refusal = await refusalOf(reply);
  if (reply.status === 401 && who !== undefined && who === person.peek()) logOut(refusal.message);
  throw refusal;
};
