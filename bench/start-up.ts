import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNatsServer } from '../core/store/server/nats-server.ts';
import { median, print, ratio } from './figures.ts';

const rounds = 15;

/** How long the command line takes to start, as whole processes, in turn with a Node that does nothing. */
export const benchStartUp = async (root: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-bench-'));
  const main = join(root, 'dist', 'cli', 'main.js');
  await writeFile(join(folder, 'inventory.yml'), 'site: dc1\ndevices:\n  leaf1: { platform: frr }\n');
  try {
    await using nats = await startNatsServer(join(folder, 'nats'));
    const commands: Record<string, string[]> = {
      node: ['-e', '0'],
      '--help': [main, '--help'],
      'completion of a verb': [main, 'completion', 'bash', '--', 'stat'],
      status: [main, 'status', '--nats', nats.url],
    };
    const times = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
    for (let round = 0; round <= rounds; round++) {
      for (const [name, args] of Object.entries(commands)) {
        const startedMs = performance.now();
        spawnSync(process.execPath, args, { cwd: folder, stdio: 'ignore' });
        if (round > 0) times.get(name)?.push(performance.now() - startedMs); // the first one warms the disk
      }
    }
    const bare = median(times.get('node') ?? []);
    for (const [name, all] of times) {
      if (name === 'node') continue;
      print({
        figure: `start of plumb ${name}, ms`,
        ours: median(all),
        node: bare,
        ratio: ratio(median(all), bare),
        rounds,
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
