import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { steps } from '../core/steps.ts';
import { routerNames } from '../lab/frr/topology.ts';
import type { TestLab } from './lab.ts';

/** The steps of a deployment in which a runner is killed, at the beginning of each and some way into it. */
export const killSteps = steps.filter((step) => !['queued', 'awaiting', 'running'].includes(step));

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** A repository on disk for the lab's routers, as `plumb` finds it. @returns its folder */
export const labRepository = async (lab: TestLab): Promise<string> => {
  const folder = join(lab.folder, 'repository');
  await mkdir(join(folder, '.plumb'), { recursive: true, mode: 0o700 });
  await copyFile(lab.target('leaf1').knownHosts, join(folder, '.plumb', 'known_hosts'));
  const devices = routerNames.map((name) => {
    const { host, options } = lab.device(name);
    return `  ${name}: { host: ${host}, options: { pathspace: ${options.pathspace} } }`;
  });
  const inventory = [
    'site: dc1',
    'lab: true',
    'defaults:',
    '  platform: frr',
    `  credentials: { username: ${lab.username}, key: { file: ${lab.key} } }`,
    '  policy: { firstDeployment: auto, pollSeconds: 1 }',
    'devices:',
    ...devices,
  ];
  await writeFile(join(folder, 'inventory.yml'), `${inventory.join('\n')}\n`);
  return folder;
};

export type RunnerProcess = { child: ChildProcess; printed: () => string; kill(): Promise<void> };

/** `plumb …` as a process of its own, for those who kill it. */
export const plumbProcess = (folder: string, url: string, argv: readonly string[]): RunnerProcess => {
  const child = spawn(process.execPath, [main, ...argv, '--folder', folder], {
    env: { ...process.env, NATS_URL: url },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed = (printed + text).slice(-20_000);
  });
  const exited = once(child, 'exit');
  return {
    child,
    printed: () => printed,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};

/** `plumb runner DEVICE…`; all devices of the inventory when none is named. */
export const runnerProcess = (folder: string, url: string, ...argv: string[]): RunnerProcess =>
  plumbProcess(folder, url, ['runner', ...argv]);
