import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, accountPassword } from '../../../lab/login/accounts.ts';
import type { Login, startSshd } from '../../../lab/login/sshd.ts';
import type { SshOptions } from '../../../runners/transports/ssh/ssh.ts';

type Server = NonNullable<Parameters<typeof startSshd>[0]>;

/** What nobody need notice. */
export const harmless: readonly (readonly string[])[] = [
  ['RekeyLimit 16K 1'],
  ['ClientAliveInterval 1', 'ClientAliveCountMax 1'],
  ['Banner /etc/passwd', 'VersionAddendum hello', 'Compression yes', 'DisableForwarding yes', 'PermitTTY no'],
  ['PrintMotd yes', 'PrintLastLog yes', 'UsePAM yes'],
];

/** One option of sshd_config that keeps us out: what we say, and what mends it as the hint says. */
export type Row = {
  /** As docs/logins.md names it. */
  option: string;
  server: Server;
  /** Before the login, on the server's side. */
  prepare?: (login: Login) => undefined | Disposable | Promise<Disposable>;
  /** What is wanted of it; `facts` of a Linux server where it is left out. */
  want?: 'terminal' | 'netconf';
  as?: (login: Login) => Partial<SshOptions>;
  code: string;
  message: RegExp;
  hint: RegExp;
  /** The hint, followed: another server, or other credentials and options. */
  mended: { server: Server } | ((login: Login) => Partial<SshOptions>) | 'wait';
};

export const noc: Account = { name: 'noc', password: 'secret' };
export const asNoc = (): Partial<SshOptions> => ({ username: 'noc', password: accountPassword });
export const withKey = ({ key }: Login): Partial<SshOptions> => ({ username: 'noc', key });

export const lines = (...config: string[]): Server => ({ lines: config });
export const plain: Server = {};
export const forNoc = (...config: string[]): Server => ({ accounts: [noc], lines: config });
export const withShell = (shell: string): Server => ({ accounts: [{ ...noc, shell }] });

export const pam = (account: string, session: string): Server => ({
  ...forNoc('UsePAM yes'),
  pam: `auth required pam_unix.so\naccount required ${account}\nsession required ${session}\n`,
});

/** Keys of all types, and a certificate: made before the first row, for whoever waits for one stops all the others. */
const keys = { folder: join(tmpdir(), `plumb-host-keys-${randomUUID()}`) };
export const hostKey = (type: string): string => join(keys.folder, type);
export const makeHostKeys = (): void => {
  mkdirSync(keys.folder, { mode: 0o700 });
  for (const type of ['rsa', 'dsa', 'ed25519'])
    execFileSync('ssh-keygen', ['-q', '-N', '', '-C', '', '-t', type, '-f', hostKey(type)]);
  execFileSync('ssh-keygen', ['-q', '-s', hostKey('ed25519'), '-I', 'r1', '-h', `${hostKey('ed25519')}.pub`]);
};

/** The one that may log in is of RSA. */
export const rsaUser = ({ folder }: Login): undefined => {
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(`${hostKey('rsa')}.pub`));
};
export const withRsa = (): Partial<SshOptions> => ({ key: readFileSync(hostKey('rsa'), 'utf8') });

export const dropHostKeys = (): void => rmSync(keys.folder, { recursive: true, force: true });
export const pinned =
  (type: string) =>
  ({ port, knownHosts }: Login): undefined => {
    appendFileSync(knownHosts, `[127.0.0.1]:${port} ${readFileSync(`${hostKey(type)}.pub`, 'utf8')}`);
  };

/** Somebody who connects and does not log in. */
export const lingers = async ({ port }: Login): Promise<Disposable> => {
  for (;;) {
    const socket = connect({ host: '127.0.0.1', port }).on('error', () => {});
    const [greeting] = await once(socket, 'data');
    // sshd has greeted, and so counted it; what it says else is that it counts another one, who looked whether it listens
    if (String(greeting).startsWith('SSH-')) return { [Symbol.dispose]: () => socket.destroy() };
    socket.destroy();
  }
};

export const legacy = () => ({ legacyAlgorithms: true });
export const allows = (name: string) =>
  new RegExp(`legacyAlgorithms: true}\` of r1 in the inventory allows ${name}: weak`);

const refusedKey = { code: 'unauthorized', message: /refused the login of root: it refused the key; it takes / };
export const refused = { ...refusedKey, hint: /the server's log gives the reason/ };
export const noScript = { code: 'unauthorized', hint: /`ForceCommand` or a `nologin`/, as: asNoc };
export const unanswered = {
  code: 'unauthorized',
  message: /ended the login of noc \(it closed the connection\): it did not answer to the password$/,
  hint: /the account may be locked or expired, or its authentication .* too slow/,
  as: asNoc,
};
export const noSsh = (what: string) => ({ code: 'unreachable', message: new RegExp(`it offers ${what} only$`) });
