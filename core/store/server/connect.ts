import { readFile } from 'node:fs/promises';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { explain, PlumbError } from '../../errors.ts';
import { inboxPrefix, type Role } from './permissions.ts';

export type NatsOptions = {
  /** One or more, comma separated. */
  url: string;
  user?: string;
  password?: string;
  /** Path of a .creds file. */
  creds?: string;
  /** Path of a CA certificate. */
  ca?: string;
  name: string;
  /** Of the streams that are made; 1 where it is not given. */
  replicas?: number;
  /** What the process is: it decides where answers come to. */
  role?: Role;
};

/** Connects and keeps reconnecting for ever. @throws PlumbError `nats_unavailable` when the first try fails */
export const connectNats = async (options: NatsOptions): Promise<NatsConnection> => {
  const { url, user, password, creds, ca, name, role = 'api' } = options;
  try {
    return await connect({
      servers: url.split(','),
      name,
      inboxPrefix: inboxPrefix(role),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      pingInterval: 10_000,
      ...(user ? { user, pass: password ?? '' } : {}),
      ...(creds ? { authenticator: credsAuthenticator(await readFile(creds)) } : {}),
      ...(ca ? { tls: { caFile: ca } } : {}),
    });
  } catch (cause) {
    throw new PlumbError(
      'nats_unavailable',
      `cannot connect to NATS at ${url.replace(/\/\/[^@/]*@/g, '//')}: ${explain(cause)}`,
      {
        cause,
        hint: 'is nats-server running there, and are the user and password right? `plumb doctor` tells',
      },
    );
  }
};
