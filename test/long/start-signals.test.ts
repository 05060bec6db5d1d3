import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeLab } from '../lab.ts';
import { nothing, ownRepository, upForTest } from '../plumb-up.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Running = { pid: number; parent: number; command: string };

const running = async (): Promise<Running[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [stat = '', command = ''] = await Promise.all(
        ['stat', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
      );
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return { pid: Number(pid), parent, command: command.replaceAll('\0', ' ') };
    }),
  );
  return found.filter(({ parent }) => parent > 0);
};

/** A process and all that it started, the oldest first. */
const familyOf = async (pid: number): Promise<Running[]> => {
  const all = await running();
  const below = (at: number): Running[] =>
    all.filter(({ parent }) => parent === at).flatMap((child) => [child, ...below(child.pid)]);
  return [...all.filter((each) => each.pid === pid), ...below(pid)];
};

const tests = (lab: 'eos' | 'frr', signals: readonly NodeJS.Signals[]): void => {
  const { folder, left } =
    lab === 'eos' ? upForTest('examples/eos', ['inventory.yml', 'intended']) : upForTest('.', ownRepository);
  let npm: ChildProcess | undefined;
  let family: Running[] = [];
  afterEach(() => {
    for (const { pid } of family) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {} // as it should be
    }
  });
  const processes = { npm: /^npm start/, 'bin/start.mjs': /bin\/start\.mjs/, 'plumb up': /dist\/cli\/main\.js up/ };
  const cases = Object.keys(processes).flatMap((name) =>
    signals.map((signal) => ({ name: name as keyof typeof processes, signal })),
  );

  it.each(cases)(
    `npm start with lab ${lab} leaves nothing where $signal comes to $name alone`,
    async ({ name, signal }) => {
      const args = ['start', '--', '--lab', lab, '-C', folder(), '--api-port', '0'];
      npm = spawn('npm', args, {
        cwd: root,
        env: { ...process.env, NATS_URL: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      let said = '';
      for (const stream of [npm.stdout, npm.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
      await vi.waitFor(() => expect(said).toMatch(/Ctrl-C ends it/), { timeout: 90_000, interval: 50 });
      family = await familyOf(npm.pid ?? 0);
      expect(family.filter(({ command }) => /nats-server/.test(command))).toHaveLength(1);
      const [at] = family.filter(({ command }) => processes[name].test(command)).slice(-1);
      expect(at, family.map(({ command }) => command).join('\n')).toBeDefined();
      process.kill(at?.pid ?? 0, signal);
      await vi.waitFor(
        async () => {
          const now = await running();
          expect(
            now.filter(({ pid, command }) => family.some((each) => each.pid === pid && each.command === command)),
          ).toEqual([]);
          expect(await left()).toEqual(nothing);
          expect(said).toContain('taking everything down');
        },
        { timeout: 60_000, interval: 100 },
      );
    },
  );
};

describe('npm start with simulated switches', () => tests('eos', ['SIGTERM', 'SIGINT', 'SIGHUP']));
describeLab('npm start with routers', () => tests('frr', ['SIGTERM']));
