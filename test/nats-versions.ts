import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { explain } from '../core/errors.ts';

const run = promisify(execFile);
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline');
const path = process.env.PATH ?? '';

const versionOf = async (program: string): Promise<string | undefined> => {
  const { stdout } = await run(program, ['--version']).catch(() => ({ stdout: '' }));
  return /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
};

export type NatsVersion = {
  /** What it calls itself. */
  version: string;
  program: string;
  /** Has every nats-server that is started from here on be this one. */
  use(): void;
};

/**
 * The oldest nats-server that the docs allow, or the newest there is: the installed one, the one in this user's cache, or
 * one that the Go toolchain makes there, which takes two minutes.
 *
 * @returns why it cannot be had, where it cannot
 */
export const natsVersion = async (wanted: '2.9.10' | 'latest'): Promise<NatsVersion | string> => {
  const folder = join(cache, `nats-server-${wanted}`);
  const own = join(folder, 'nats-server');
  const found = (program: string, version: string, PATH: string): NatsVersion => {
    return { version, program, use: () => void Object.assign(process.env, { PATH }) };
  };
  if ((await versionOf('nats-server')) === wanted) return found('nats-server', wanted, path);
  if (!existsSync(own)) {
    const go =
      ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find((one) => one === 'go' || existsSync(one)) ?? 'go';
    await mkdir(folder, { recursive: true });
    const what = `github.com/nats-io/nats-server/v2@${wanted === 'latest' ? wanted : `v${wanted}`}`;
    const why = await run(go, ['install', what], { env: { ...process.env, GOBIN: folder }, timeout: 500_000 }).then(
      () => undefined,
      (error: unknown) => `nats-server ${wanted} is not here, and \`go install ${what}\` failed: ${explain(error)}`,
    );
    if (why) return why.split('\n')[0] ?? why;
  }
  const version = (await versionOf(own)) ?? '';
  return found(own, version, `${folder}${delimiter}${path}`);
};
