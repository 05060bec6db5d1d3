import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { claimPort } from '../../lab/port.ts';

const main = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** `plumb api` as a process of its own, in a folder that has an inventory of the site `dc1`. */
export const startApiProcess = async (folder: string, nats: string) => {
  await writeFile(join(folder, 'inventory.yml'), 'site: dc1\ndevices: {}\n');
  const claimed = await claimPort();
  const { port } = claimed;
  const startedMs = performance.now();
  const child = spawn(process.execPath, [main, 'api', '--api-port', String(port)], {
    cwd: folder,
    env: { ...process.env, NATS_URL: nats },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const status = async (name: string) => {
    const [, kb] =
      new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(await readFile(`/proc/${child.pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kb) / 1024);
  };
  while (
    !(await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await wait(20);
  const key = (await readFile(join(folder, '.plumb', 'api-key'), 'utf8')).trim();
  return {
    url,
    key,
    /** Since it was started, until jobs are listed. */
    loadedMs: async () => {
      const headers = { authorization: `Bearer ${key}` };
      while (!(await fetch(`${url}/api/v1/jobs?limit=1`, { headers })).ok) await wait(20);
      return Math.round(performance.now() - startedMs);
    },
    rssMb: () => status('VmRSS'),
    peakMb: () => status('VmHWM'),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'exit');
      await claimed[Symbol.asyncDispose]();
    },
  };
};
