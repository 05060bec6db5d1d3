import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { explain, PlumbError } from '../../errors.ts';

const run = promisify(execFile);

/** The environment in which nats-server is found: Debian installs it outside an ordinary user's PATH. */
export const serverEnv = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`,
});

/** Acknowledged messages are on disk, if the server supports that (2.10 and later). */
const syncLine = async (env: NodeJS.ProcessEnv): Promise<string> => {
  const { stdout } = await run('nats-server', ['--version'], { env }).catch(() => ({ stdout: '' }));
  const [, major = 0, minor = 0] = /v(\d+)\.(\d+)/.exec(stdout)?.map(Number) ?? [];
  return major > 2 || (major === 2 && minor >= 10) ? ', sync_interval: always' : '';
};

const stopMs = 5_000;

export type NatsServer = AsyncDisposable & { url: string; pid: number; exited: Promise<number | null> };

/**
 * Starts a nats-server with JetStream on loopback and waits until it listens.
 *
 * @param folder holds its configuration and its store
 * @param port 0: any free one
 * @param users the `accounts` block of its configuration; none: anyone who reaches the port
 * @throws PlumbError `nats_unavailable` with what the server printed
 */
export const startNatsServer = async (folder: string, port = 0, users = ''): Promise<NatsServer> => {
  const ports = join(folder, 'ports');
  await rm(ports, { recursive: true, force: true });
  await mkdir(ports, { recursive: true, mode: 0o700 });
  const config = join(folder, 'nats.conf');
  const env = serverEnv();
  const lines = [
    `listen: "127.0.0.1:${port === 0 ? -1 : port}"`,
    `ports_file_dir: ${JSON.stringify(ports)}`,
    `jetstream { store_dir: ${JSON.stringify(join(folder, 'jetstream'))}${await syncLine(env)} }`,
    'max_payload: 1MB',
    users,
  ];
  await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  // its own process group: a Ctrl-C in our terminal must not stop it before the runners have finished
  const child = spawn('nats-server', ['-c', config], { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed = (printed + text).slice(-4000);
  });
  let failure: unknown;
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', (error) => {
      failure = error;
      resolve(null);
    });
  });
  let gone = false;
  void exited.then(() => {
    gone = true;
  });
  const stop = async () => {
    if (!gone) child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), stopMs); // with a full disk it hangs
    await exited;
    clearTimeout(force);
  };
  for (let tries = 0; tries < 400 && !gone; tries++) {
    const url = await readFile(join(ports, `nats-server_${child.pid}.ports`), 'utf8')
      .then((text) => (JSON.parse(text) as { nats: string[] }).nats[0])
      .catch(() => undefined);
    if (url && child.pid) return { url, pid: child.pid, exited, [Symbol.asyncDispose]: stop };
    await wait(25); // the server reports its port only in this file
  }
  await stop();
  const why = failure ? explain(failure) : printed.trim().split('\n').slice(-3).join(' ');
  throw new PlumbError('nats_unavailable', `nats-server did not start: ${why || 'no answer within 10 s'}`, {
    hint: 'install nats-server 2.9.10 or newer, or name a running one with NATS_URL',
  });
};
