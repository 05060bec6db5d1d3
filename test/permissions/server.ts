import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../../core/store/server/connect.ts';
import { startNatsServer } from '../../core/store/server/nats-server.ts';
import { natsAccounts, type Role, roles } from '../../core/store/server/permissions.ts';
import { openStore, type Store } from '../../core/store/store.ts';

export type User = Role | 'operator';

/** A real nats-server with the shipped accounts, users and permissions, and the streams of site dc1. */
export const restrictedNats = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-permissions-'));
  const users = (['operator', ...roles] as const).map((role) => ({
    role,
    user: role,
    password: randomBytes(12).toString('hex'),
  }));
  const server = await startNatsServer(folder, 0, natsAccounts('dc1', users));
  const connections: NatsConnection[] = [];
  const connect = async (user: User, role: User = user): Promise<NatsConnection> => {
    const { password } = users.find((one) => one.user === user) ?? {};
    const as = role === 'operator' ? {} : { role };
    const nc = await connectNats({ url: server.url, name: user, user, password: password ?? '', ...as });
    connections.push(nc);
    return nc;
  };
  return {
    url: server.url,
    /** @param role what the process is, where it is not what its user is for */
    connect,
    /** The store as a process of this role has it. */
    open: async (user: User): Promise<Store> => openStore(await connect(user), 'dc1'),
    [Symbol.asyncDispose]: async () => {
      for (const nc of connections) await nc.close();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
