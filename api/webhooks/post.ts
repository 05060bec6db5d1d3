import { createHmac } from 'node:crypto';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { CloudEvent } from '../../core/config/webhooks.ts';
import { explain } from '../../core/errors.ts';
import { checkedLookup, checkLiteral } from './addresses.ts';
import { bodyOf } from './formats.ts';
import type { Hook } from './hooks.ts';

/** For a whole try. */
const timeoutMs = 15_000;

/** What came of a try. `never`: the receiver, or we ourselves, refuse it: trying again is of no use. */
export type Posted = { kind: 'sent' | 'later' | 'never'; said: string; retryAfterMs?: number };

/** As https://www.standardwebhooks.com says: over the id, the time in seconds and the body. */
const signature = (secret: Buffer, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`;

const again = new Set([408, 425, 429]);

const verdict = ({ statusCode = 0, headers }: IncomingMessage): Posted => {
  const said = `HTTP ${statusCode}`;
  if (statusCode >= 200 && statusCode < 300) return { kind: 'sent', said };
  if (statusCode >= 300 && statusCode < 400) return { kind: 'never', said: `${said}: redirects are not followed` };
  const wait = Number(headers['retry-after']);
  const retryAfterMs = Number.isFinite(wait) && wait > 0 ? Math.min(wait, 86_400) * 1_000 : undefined;
  const kind = statusCode >= 500 || again.has(statusCode) ? 'later' : 'never';
  return { kind, said, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
};

/** Posts an event, once. The connection goes to the addresses that were checked, and follows no redirect. */
export const post = async (hook: Hook, event: CloudEvent, stop: AbortSignal): Promise<Posted> => {
  const { url, secret, allow } = hook;
  const { type, body } = bodyOf(event, hook.format);
  const seconds = Math.floor(Date.now() / 1000);
  const plain = url.protocol === 'http:';
  try {
    checkLiteral(url, allow);
    return await new Promise<Posted>((resolve, reject) => {
      const sent = (plain ? plainRequest : tlsRequest)(url, {
        method: 'POST',
        agent: false, // a connection that was kept may lead to where the name led before
        lookup: checkedLookup(plain, allow),
        signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
        headers: {
          'content-type': type,
          'content-length': Buffer.byteLength(body),
          'user-agent': 'plumbline',
          'webhook-id': event.id,
          'webhook-timestamp': String(seconds),
          ...(secret ? { 'webhook-signature': signature(secret, event.id, seconds, body) } : {}),
        },
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        resolve(verdict(response));
        response.destroy(); // nobody reads what it says
      });
      sent.end(body);
    });
  } catch (error) {
    const refused = (error as { code?: unknown }).code === 'refused';
    const late = (error as Error).name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : undefined;
    return { kind: refused ? 'never' : 'later', said: late ?? explain(error) };
  }
};
