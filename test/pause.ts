import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'vitest';

/** Stops a process; the signal reaches each of its threads in its own time, and one that still runs still answers. */
export const pause = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGSTOP');
  if (process.platform !== 'linux') return;
  const stopped = async (thread: string) => / T /.test(await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8'));
  const all = async () => Promise.all((await readdir(`/proc/${pid}/task`)).map(stopped));
  await expect.poll(async () => (await all()).every(Boolean), { interval: 5 }).toBe(true);
};
