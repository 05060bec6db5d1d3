import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { end, type Login, startSshd } from '../login/sshd.ts';

export type NetconfServer = AsyncDisposable & { login: Login };

// a confirmed commit goes back to backup-cfg.xml of the working directory or, whatever HOME says, of ~/.yuma: one file for
// all that run at once, had not each both of its own
const atHome = ['--mount', 'sh', '-c', 'mount --bind "$0" "$1" && shift && exec "$@"'];

/** netconfd (Yuma123) with the module ietf-system behind a real sshd. Needs the packages netconfd and openssh-server. */
export const startNetconfd = async (): Promise<NetconfServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-netconfd-'));
  const socket = join(folder, 'ncx.sock');
  const login = await startSshd({
    subsystem: (port) => `netconf "/usr/sbin/netconf-subsystem --ncxserver-sockname=${port}@${socket}"`,
  });
  const options = ['--no-startup', '--superuser=root', '--target=candidate', '--module=ietf-system'];
  const own = [`--port=${login.port}`, `--ncxserver-sockname=${socket}`, `--log=${join(folder, 'log')}`];
  const netconfd = ['/usr/sbin/netconfd', ...options, ...own];
  // it ends when its terminal goes: it gets none
  const child: ChildProcess = spawn('unshare', [...atHome, folder, userInfo().homedir, ...netconfd], {
    stdio: 'ignore',
    detached: true,
    cwd: folder,
  });
  for (const deadline = performance.now() + 60_000; !existsSync(socket); await wait(20)) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error('netconfd did not start');
  }
  return {
    login,
    [Symbol.asyncDispose]: async () => {
      await login[Symbol.asyncDispose]();
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
