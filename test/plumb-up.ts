import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, vi } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist', 'cli', 'main.js');

/**
 * Gives each test of a file a repository of its own, and ends what it started there.
 *
 * @param from the folder of this project that is copied
 * @param names what is copied of it
 */
export const upForTest = (from: string, names: readonly string[]) => {
  let folder = '';
  const started: ChildProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-up-'));
    for (const name of names) await cp(join(root, from, name), join(folder, name), { recursive: true });
  });
  afterEach(async () => {
    for (const child of started.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  });
  const run = (program: string, args: readonly string[]) => {
    const child = spawn(program, args, { cwd: folder, env: { ...process.env, NATS_URL: '' } });
    started.push(child);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
    /** Waits until both streams together hold this, for as long as a trial may take: the test's own time is the limit. */
    const says = (pattern: RegExp, timeout = 180_000) =>
      vi.waitFor(() => expect(out + err).toMatch(pattern), { timeout, interval: 50 });
    return { child, ended, says, printed: () => out + err };
  };
  const cfg = (device: string) => join(folder, 'intended', 'configs', `${device}.cfg`);
  return {
    folder: () => folder,
    cfg,
    /** Runs `plumb` in the repository. */
    start: (...args: string[]) => run(process.execPath, [main, ...args]),
    /** The same on a terminal of its own, whose keyboard is its stdin. A shell that stayed would end with 130 at Ctrl-C. */
    startOnTerminal: (...args: string[]) =>
      run('script', ['-qfec', ['exec', process.execPath, main, ...args].join(' '), '/dev/null']),
    edit: async (device: string, was: string | RegExp, is: string) => {
      const text = await readFile(cfg(device), 'utf8');
      expect(text).toMatch(was);
      await writeFile(cfg(device), text.replace(was, is));
    },
    /** Our labs and servers, by what is left of them on this machine. */
    left: async () => {
      const claims = await readdir('/run/plumb-lab').catch(() => []);
      const owners = await Promise.all(
        claims.map((name) => readFile(`/run/plumb-lab/${name}/owner.json`, 'utf8').catch(() => '')),
      );
      const processes = await Promise.all(
        (await readdir('/proc'))
          .filter((name) => /^\d+$/.test(name))
          .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
      );
      return {
        labs: owners.filter((owner) => owner.includes(folder)),
        processes: processes.filter((command) => command.includes(folder)),
        files: await readdir(join(folder, '.plumb')).catch(() => []),
      };
    },
  };
};

/** What is left where all was taken down. */
export const nothing = { labs: [], processes: [], files: [] };

/** The repository of this project itself, for a lab of FRR. */
export const ownRepository = ['inventory.yml', 'intended', 'templates'];
