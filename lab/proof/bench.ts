import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver, Session, Target } from '../../runners/driver.ts';
import { type Ports, type Sim, type SimOptions, startSim } from '../sim/sim.ts';
import { forever, targetOf } from './target.ts';

/** A simulated device and how to log in to it; everything opened is closed with it. */
export type Bench = AsyncDisposable & {
  sim: Sim;
  target: Target;
  open(): Promise<Session>;
};

/** @param transport the port that is logged in to */
export const bench = async (
  driver: Driver,
  transport: keyof Ports,
  options: Omit<SimOptions, 'ports'>,
  deviceOptions: Record<string, unknown> = {},
): Promise<Bench> => {
  const sim = await startSim({ ...options, ports: { [transport]: 0 } });
  const folder = await mkdtemp(join(tmpdir(), 'plumb-sim-'));
  const knownHosts = join(folder, 'known_hosts');
  const port = sim.ports[transport] ?? 0;
  await writeFile(knownHosts, `[127.0.0.1]:${port} ${sim.hostKey}\n`);
  const tlsFingerprint = new X509Certificate(sim.tls.cert).fingerprint256;
  const target = targetOf(
    { platform: driver.platform, transport, port, options: { tlsFingerprint, ...deviceOptions } },
    { knownHosts, username: options.user ?? 'admin', password: options.password ?? 'admin' },
  );
  const opened: Session[] = [];
  return {
    sim,
    target,
    open: async () => {
      const session = await driver.open(target, forever);
      opened.push(session);
      return session;
    },
    [Symbol.asyncDispose]: async () => {
      for (const session of opened) await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
