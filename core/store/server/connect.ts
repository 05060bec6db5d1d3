import { readFile } from 'node:fs/promises';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { defined } from '../../defined.ts';
import { explain, PlumbError } from '../../errors.ts';
import { bridgeElections } from './leaderless.ts';
import { inboxPrefix, type Role } from './permissions.ts';

export type NatsOptions = {
  /** One or more, comma separated. */
  url: string;
  user?: string | undefined;
  password?: string | undefined;
  /** Path of a .creds file. */
  creds?: string | undefined;
  /** Path of a CA certificate. */
  ca?: string | undefined;
  name: string;
  /** Of the streams that are created; default: 1. */
  replicas?: number | undefined;
  /** The role of the process: it decides where answers arrive. */
  role?: Role | undefined;
};

/** Read before connecting: a missing file is not the server's fault. */
const fileOf = (what: string, path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${cause.code})`;
    throw new PlumbError('credentials_unavailable', `${path}, the ${what} for NATS: ${why}`, {
      cause,
      hint: 'put it there, or name another with `plumb context set`, in plumbline.yml, or with NATS_CREDS and NATS_CA',
    });
  });

/** A server that stands still, or a line that is cut, is left for another one after three of these at most. */
const pingMs = 3_000;
/** A server that accepts a connection and then says nothing for so long is passed over. */
const connectMs = 5_000;

/**
 * Connects and keeps reconnecting for ever.
 *
 * @throws PlumbError `nats_unavailable` when the first try fails, `credentials_unavailable` where a file cannot be read
 */
export const connectNats = async (options: NatsOptions): Promise<NatsConnection> => {
  const { url, user, password, creds, ca, name, role = 'api' } = options;
  const authenticator = creds ? credsAuthenticator(Buffer.from(await fileOf('.creds file', creds))) : undefined;
  const tls = ca ? { ca: await fileOf('CA certificate', ca) } : undefined;
  try {
    const nc = await connect({
      servers: url.split(','),
      name,
      inboxPrefix: inboxPrefix(role),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      pingInterval: pingMs,
      maxPingOut: 2,
      timeout: connectMs,
      ...(user ? { user, pass: password ?? '' } : {}),
      ...defined({ authenticator, tls }),
    });
    return bridgeElections(nc);
  } catch (cause) {
    throw new PlumbError(
      'nats_unavailable',
      `cannot connect to NATS at ${url.replace(/\/\/[^@/]*@/g, '//')}: ${explain(cause)}`,
      {
        cause,
        hint: 'is nats-server running there, and are the user and password right? `plumb doctor` checks',
      },
    );
  }
};
