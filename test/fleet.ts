import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newHostKey } from '../lab/sim/protocols/ssh.ts';
import { startSim } from '../lab/sim/sim.ts';
import { simulatedPlatforms } from './subjects/platforms.ts';

const { before, more } = simulatedPlatforms.eos;

/** The configuration of a switch that is told from others by a number: `marks` finds it in what runs. */
export const numbered = (name: string, number: number): string => before(name, more(`try-${number}-`));

/** The number of `numbered` in what runs. */
export const marks = (text: string, number: number | undefined): boolean => text.includes(`try-${number}-`);

/** Simulated switches that run number 0, and a folder with an inventory of them. */
export const fleetOf = async (names: readonly string[]) => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-fleet-'));
  const hostKey = newHostKey();
  const sims = await Promise.all(
    names.map((name) => startSim({ platform: 'eos', config: numbered(name, 0), ports: { ssh: 0 }, hostKey })),
  );
  await mkdir(join(folder, '.plumb'), { mode: 0o700 });
  await writeFile(
    join(folder, '.plumb', 'known_hosts'),
    sims.map(({ ports, hostKey }) => `[127.0.0.1]:${ports.ssh} ${hostKey}\n`).join(''),
  );
  const devices = Object.fromEntries(names.map((name, at) => [name, { host: '127.0.0.1', port: sims[at]?.ports.ssh }]));
  const credentials = { username: 'admin', password: { literal: 'admin' } };
  const defaults = { platform: 'eos', credentials, policy: { firstDeployment: 'auto' } };
  await writeFile(join(folder, 'inventory.yml'), JSON.stringify({ site: 'dc1', lab: true, defaults, devices }));
  return {
    folder,
    sims,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(sims.map((sim) => sim[Symbol.asyncDispose]()));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
