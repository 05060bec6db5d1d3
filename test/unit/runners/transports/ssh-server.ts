import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection, type ServerChannel, type ServerConfig } from 'ssh2';
import { newSshKey } from '../../../../lab/ssh-key.ts';
import { knownHostsLine } from '../../../../runners/transports/ssh/known-hosts.ts';
import type { SshOptions } from '../../../../runners/transports/ssh/ssh.ts';

export type TestServer = AsyncDisposable & {
  port: number;
  hostKey: Buffer;
  /** Every attempt to log in: its method, and the password where it was one. */
  attempts: { method: string; password?: string }[];
  connections: Set<Connection>;
  options: SshOptions;
};

type Handlers = {
  config?: Partial<ServerConfig>;
  auth?: (attempt: AuthContext) => boolean | 'interactive';
  exec?: (command: string, channel: ServerChannel) => void;
  /** A prompt and nothing more when left out. */
  shell?: (channel: ServerChannel) => void;
  connection?: (connection: Connection) => void;
};

/** An SSH server in this process, pinned in a known_hosts file of its own. */
export const sshServer = async (handlers: Handlers = {}): Promise<TestServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-ssh-'));
  const key = newSshKey();
  const hostKey = Buffer.from(key.public.split(' ')[1] ?? '', 'base64');
  const attempts: TestServer['attempts'] = [];
  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [key.private], ...handlers.config }, (connection) => {
    connections.add(connection);
    handlers.connection?.(connection);
    connection.on('error', () => {}).once('close', () => connections.delete(connection));
    connection.on('authentication', (attempt) => {
      attempts.push({
        method: attempt.method,
        ...(attempt.method === 'password' ? { password: attempt.password } : {}),
      });
      const allowed = (handlers.auth ?? (() => true))(attempt);
      if (allowed === true) attempt.accept();
      else if (allowed === false) attempt.reject(['password', 'publickey', 'keyboard-interactive']);
    });
    connection.on('session', (accept) => {
      const session = accept();
      session.on('exec', (acceptExec, _reject, { command }) => handlers.exec?.(command, acceptExec()));
      session.on('pty', (acceptPty) => acceptPty?.());
      session.on('shell', (acceptShell) => (handlers.shell ?? ((channel) => channel.write('leaf1# ')))(acceptShell()));
      session.on('subsystem', (acceptSubsystem, reject, { name }) =>
        name === 'netconf' ? acceptSubsystem().write('hello') : reject(),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, `${knownHostsLine('127.0.0.1', port, hostKey)}\n`);
  return {
    port,
    hostKey,
    attempts,
    connections,
    options: { name: 'leaf1', host: '127.0.0.1', port, username: 'admin', password: 'canary', knownHosts },
    [Symbol.asyncDispose]: async () => {
      for (const connection of connections) connection.end();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
};
