import type { Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type PublicKeyAuthContext, type ServerChannel } from 'ssh2';
import { newSshKey } from '../../ssh-key.ts';
import type { Device, Login } from '../device.ts';
import { Link } from '../link.ts';
import type { Box } from '../platform.ts';
import { runOnce, runShell } from '../terminal/shell.ts';
import { serveNetconf } from './netconf/netconf.ts';
import { serveScp } from './scp.ts';
import { serveSftp } from './sftp.ts';

const { Server, utils } = ssh2; // a CommonJS package

/** A fresh ed25519 host key in OpenSSH format. */
export const newHostKey = (): string => newSshKey().private;

/** The public half of a host key as known_hosts has it: `ssh-ed25519 AAAA…`. */
export const publicKey = (hostKey: string): string => {
  const parsed = utils.parseKey(hostKey);
  if (parsed instanceof Error) throw parsed;
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
};

/** How users log in. */
export type Access = {
  user: string;
  password: string;
  methods: readonly ('password' | 'keyboard-interactive')[];
  /** Public keys of the user, as lines of authorized_keys. */
  keys?: readonly string[];
};

/** Whether a key is one of the user's and, once the client has signed with it, whether it holds it. */
const isKeyOf = (access: Access, { key, blob, signature, hashAlgo }: PublicKeyAuthContext): boolean =>
  (access.keys ?? []).some((line) => {
    const known = utils.parseKey(line);
    if (known instanceof Error || Array.isArray(known) || !known.getPublicSSH().equals(key.data)) return false;
    return signature === undefined || blob === undefined || known.verify(blob, signature, hashAlgo) === true;
  });

const authenticate = (context: AuthContext, access: Access): void => {
  const methods = [...(access.keys?.length ? (['publickey'] as const) : []), ...access.methods];
  const decide = (password: string) => {
    if (context.username === access.user && password === access.password) context.accept();
    else context.reject(methods);
  };
  if (context.method === 'publickey' && context.username === access.user && isKeyOf(access, context)) context.accept();
  else if (context.method === 'password' && methods.includes('password')) decide(context.password);
  else if (context.method === 'keyboard-interactive' && methods.includes('keyboard-interactive'))
    context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => decide(answers[0] ?? ''));
  else context.reject(methods);
};

const serveExec = async (channel: ServerChannel, device: Device, box: Box, login: Login, command: string) => {
  if (/^scp /.test(command)) {
    await serveScp(channel, device, box, command);
    device.logins.delete(login);
    return;
  }
  const output = await runOnce(device, box, login, command);
  channel.write(output);
  channel.exit(0);
  channel.end();
};

/** Serves SSH on a connection: shells, single commands, SCP and NETCONF. */
export const serveSsh = (
  socket: Socket,
  device: Device,
  box: Box,
  options: { hostKey: string; access: Access; shells: boolean },
): void => {
  const link = new Link(socket, device.plan);
  device.links.add(link);
  link.once('close', () => device.links.delete(link));
  const banner = box.banner();
  const server = new Server({ hostKeys: [options.hostKey], ...(banner === '' ? {} : { banner }) });
  server.on('connection', (client: Connection) => {
    let user = '';
    client.on('error', () => link.destroy());
    client.on('authentication', (context) => {
      user = context.username;
      authenticate(context, options.access);
    });
    client.on('session', (accept) => {
      const session = accept();
      const login = (via: Login['via']) => device.login(user, via, link);
      session.on('pty', (acceptPty) => acceptPty?.());
      session.on('window-change', (acceptChange) => acceptChange?.());
      session.on('env', (acceptEnv) => acceptEnv?.());
      if (options.shells) {
        session.on('shell', (acceptShell) => {
          const channel = acceptShell();
          void runShell(channel, device, box, login('ssh')).finally(() => channel.close());
        });
        session.on('exec', (acceptExec, _, { command }) => {
          void serveExec(acceptExec(), device, box, login('ssh'), command);
        });
      }
      session.on('sftp', (acceptSftp, reject) => {
        if (!options.shells || box.file?.('/', 'sftp') === undefined) return reject?.();
        const here = login('ssh');
        const sftp = acceptSftp();
        sftp.on('close', () => device.logins.delete(here));
        serveSftp(sftp, device, box);
      });
      session.on('subsystem', (acceptSubsystem, reject, { name }) => {
        if (name !== 'netconf' || !box.netconf) {
          reject?.();
          return;
        }
        void serveNetconf(acceptSubsystem(), device, box.netconf.bind(box), login('netconf'));
      });
    });
  });
  server.injectSocket(link as unknown as Socket); // it only reads, writes and asks for the remote address
};
