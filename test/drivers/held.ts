import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Inventory, Policy } from '../../core/inventory/schema.ts';
import type { Store } from '../../core/store/store.ts';
import type { PlatformName } from '../../lab/sim/platforms.ts';
import { type Ports, type Sim, type SimOptions, startSim } from '../../lab/sim/sim.ts';
import { driverFor } from '../../runners/drivers/registry.ts';
import { startRunner } from '../../runners/main.ts';
import { deviceForTest } from '../runner.ts';

/** A simulated device named leaf1, and a runner that holds it. */
export const held = async (
  store: Store,
  transport: keyof Ports,
  what: Omit<SimOptions, 'ports' | 'platform'> & { platform: PlatformName },
  { policy = {}, options = {} }: { policy?: Partial<Policy>; options?: Record<string, unknown> } = {},
): Promise<AsyncDisposable & { sim: Sim }> => {
  const sim = await startSim({ ...what, ports: { [transport]: 0 } });
  const folder = await mkdtemp(join(tmpdir(), 'plumb-held-'));
  const knownHosts = join(folder, 'known_hosts');
  const port = sim.ports[transport] ?? 0;
  await writeFile(knownHosts, `[127.0.0.1]:${port} ${sim.hostKey}\n`);
  const tlsFingerprint = new X509Certificate(sim.tls.cert).fingerprint256;
  const device = {
    ...deviceForTest({ pollSeconds: 3_600, ...policy }),
    platform: what.platform,
    transport,
    port,
    credentials: { username: 'admin', password: { literal: 'admin' } },
    options: { tlsFingerprint, ...options },
  };
  const inventory: Inventory = { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([[device.name, device]]) };
  const log = pino({ level: process.env.PLUMB_TEST_LOG ?? 'silent' });
  const runner = await startRunner({ store, inventory, driverFor, knownHosts, log, version: 'test', settled: true });
  return {
    sim,
    [Symbol.asyncDispose]: async () => {
      await runner[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
