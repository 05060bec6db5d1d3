import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type Config, type Flags, loadConfig } from '../../core/config/config.ts';
import { devicesByName } from '../inventory/by-name.ts';
import type { Bus } from './ask-nats.ts';

/** A word that may stand at the cursor, and what it is. */
export type Candidate = { word: string; about?: string };

/**
 * Where names come from: the command line as far as typed, the environment, the folder and, for a limited time, NATS.
 */
export type Where = { flags: Flags; env: NodeJS.ProcessEnv; cwd: string; deadlineMs: number };

/** What NATS knows; empty if it takes too long. */
const fromNats = async <T>(config: Config, deadlineMs: number, look: (bus: Bus) => Promise<T[]>): Promise<T[]> => {
  const { askNats } = await import('./ask-nats.ts');
  const signal = AbortSignal.timeout(deadlineMs);
  const late = once(signal, 'abort').then((): T[] => []);
  return Promise.race([askNats(config, signal, look), late]);
};

/** @param key what a group is selected by */
const asCandidates = (devices: readonly { name: string; about: string; groups: readonly string[] }[]): Candidate[] => [
  ...devices.map(({ name, about }) => ({ word: name, about })),
  ...[...new Set(devices.flatMap(({ groups }) => groups))].map((group) => ({ word: `group=${group}`, about: 'group' })),
];

/** Devices and groups: from inventory.yml, or from NATS if there is none. */
export const knownDevices = async ({ flags, env, cwd, deadlineMs }: Where): Promise<Candidate[]> => {
  const config = await loadConfig(flags, env, cwd);
  if (existsSync(config.inventory)) {
    const { loadInventory } = await import('../../core/inventory/inventory.ts');
    const devices = devicesByName(await loadInventory(config.inventory));
    return asCandidates(devices.map(({ name, platform, groups }) => ({ name, about: platform, groups })));
  }
  const found = await fromNats(config, deadlineMs, (bus) => bus.devices());
  return asCandidates(found.map(({ device, platform, groups }) => ({ name: device, about: platform, groups })));
};

/** Jobs, the newest first; of a device, its deployments alone: what `rollback --to` takes. */
export const knownJobs = async ({ flags, env, cwd, deadlineMs }: Where, device?: string): Promise<Candidate[]> => {
  const config = await loadConfig(flags, env, cwd);
  const found = await fromNats(config, deadlineMs, (bus) =>
    device === undefined ? bus.jobs() : bus.deployments(device),
  );
  return found.map(({ id, device }) => ({ word: id, about: device }));
};
