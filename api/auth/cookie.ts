import type { FastifyReply, FastifyRequest } from 'fastify';
import { loginMs, sessionMs } from './sessions.ts';

/** `__Host-`: browsers keep it only from this very host, over TLS or loopback, and send it nowhere else. */
const name = '__Host-plumb';
const rules = 'Path=/; HttpOnly; Secure; SameSite=Strict';

/** Of a login that is under way at an identity provider: Lax, since the way back begins on the provider's page. */
const loginName = '__Host-plumb-login';

/** Cookies of one name that are looked at: each costs a look into the store. */
const mostOfOneName = 4;

const cookies = ({ headers }: FastifyRequest, wanted: string): string[] => {
  const all = (headers.cookie ?? '').split(';').map((each) => /^\s*([\w-]+)=([\w-]+)\s*$/.exec(each));
  return all.flatMap((each) => (each?.[1] === wanted && each[2] ? [each[2]] : [])).slice(0, mostOfOneName);
};

/** What may be the secret of a session. Browsers send one; a proxy or a program may add another, which has ended. */
export const sessionsOf = (request: FastifyRequest): string[] => cookies(request, name);
export const loginOf = (request: FastifyRequest): string | undefined => cookies(request, loginName)[0];

export const giveLoginCookie = (reply: FastifyReply, secret: string): void =>
  void reply.header(
    'set-cookie',
    `${loginName}=${secret}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=${loginMs / 1000}`,
  );

export const giveCookie = (reply: FastifyReply, secret: string): void =>
  void reply.header('set-cookie', `${name}=${secret}; ${rules}; Max-Age=${sessionMs / 1000}`);

export const takeCookie = (reply: FastifyReply): void =>
  void reply.header('set-cookie', `${name}=; ${rules}; Max-Age=0`);

const isOwn = (origin: string, host: string | undefined): boolean => {
  try {
    return new URL(origin).host === host;
  } catch {
    return false; // "null", of a frame in a sandbox
  }
};

/** Whether a browser says that another site's page sent this. */
export const isFromElsewhere = ({ headers }: FastifyRequest): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && !isOwn(headers.origin, headers.host);
};

/** Whether a browser says that our own page sent this: what a cookie may change it may change by that alone. */
export const isFromOurPage = (request: FastifyRequest): boolean => {
  const { headers } = request;
  if (headers['sec-fetch-site'] !== undefined) return headers['sec-fetch-site'] === 'same-origin';
  return headers.origin !== undefined && isOwn(headers.origin, headers.host);
};
