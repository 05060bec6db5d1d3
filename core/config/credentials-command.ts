import { spawn } from 'node:child_process';

const timeoutMs = 10_000;
const maxBytes = 1024 * 1024;

/**
 * Runs a program without a shell and returns what it printed.
 *
 * @throws Error saying why there is nothing; never with what the program may have found
 */
export const outputOf = async (argv: readonly string[], folder: string): Promise<string> => {
  const [program = '', ...args] = argv;
  // its own process group: what it started must end with it
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const output = { stdout: '', stderr: '' };
  let why = '';
  const stop = (reason: string) => {
    why ||= reason;
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it ended by itself
    }
  };
  const timer = setTimeout(() => stop(`it did not end within ${timeoutMs / 1000} s`), timeoutMs);
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      output[name] += part;
      if (output[name].length > maxBytes) stop('it printed more than 1 MiB');
    });
  }
  const code = await new Promise<number | null>((done) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      why ||= error.code === 'ENOENT' ? 'there is no such program' : `it cannot be run (${error.code})`;
      done(null);
    });
    child.on('close', done);
  });
  clearTimeout(timer);
  if (why) throw new Error(why);
  if (code === 0) return output.stdout;
  const found = output.stdout.trim();
  const line = output.stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  const complaint = line && !(found && line.includes(found)) ? `: ${line}` : '';
  throw new Error(`it ended with ${code ?? 'a signal'}${complaint}`);
};
