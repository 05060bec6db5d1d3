import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runCommandLine } from '../../../cli/program.ts';

const inventory = `site: dc1
lab: true
defaults:
  platform: frr
  credentials: { username: admin, password: { literal: admin } }
devices:
  leaf1: { host: 127.0.0.1 }
  leaf2: { host: 127.0.0.2 }
`;

/** A repository of its own with two devices and their intended configurations, gone with its scope. */
export const repository = async (): Promise<AsyncDisposable & { folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-cli-'));
  await mkdir(join(folder, 'intended', 'configs'), { recursive: true });
  await writeFile(join(folder, 'inventory.yml'), inventory);
  for (const name of ['leaf1', 'leaf2']) {
    await writeFile(join(folder, 'intended', 'configs', `${name}.cfg`), `hostname ${name}\n`);
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
};

type Run = { code: number; out: string; err: string };
type Options = {
  nats?: string;
  tty?: boolean;
  errTty?: boolean;
  says?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Told of whatever is written to stderr, all of it so far. */
  onErr?: (err: string) => void;
};

/** Runs one command line as a process would, in this one. @param options.says what the person at the terminal types */
export const plumb = async (folder: string, argv: readonly string[], options: Options = {}): Promise<Run> => {
  const { nats, tty = false, errTty = false, says, env = {}, signal = new AbortController().signal } = options;
  const { onErr = () => {} } = options;
  let out = '';
  let err = '';
  const stdin = Object.assign(new PassThrough(), { isTTY: says !== undefined });
  if (says !== undefined) stdin.write(`${says}\n`);
  const code = await runCommandLine(argv, {
    env: { PLUMB_AUTHOR: 'ann', ...(nats ? { NATS_URL: nats } : {}), ...env },
    cwd: folder,
    signal,
    stdin,
    stdout: { isTTY: tty, write: (text) => (out += text) },
    stderr: {
      isTTY: errTty,
      write: (text) => {
        err += text;
        onErr(err);
      },
    },
  });
  return { code, out, err };
};
