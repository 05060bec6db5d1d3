import { join } from 'node:path';
import type { LabAccess } from './run-file.ts';

/** The labs that `--lab` knows. */
export const labs = ['frr'] as const;
export type LabName = (typeof labs)[number];

export type RunningLab = AsyncDisposable & { title: string; access: LabAccess };

/** Brings a lab up. @param folder where it keeps keys and files; removed with it */
export const startLab = async (_name: LabName, folder: string): Promise<RunningLab> => {
  const { labUp } = await import('../lab/frr/up.ts');
  const knownHosts = join(folder, 'known_hosts');
  const lab = await labUp({ folder: join(folder, 'lab'), knownHosts });
  const names = lab.routers.map(({ name }) => name).join(', ');
  return {
    title: `${names}: FRR routers in network namespaces (lab ${lab.number})`,
    access: {
      username: lab.username,
      key: lab.key,
      knownHosts,
      devices: Object.fromEntries(
        lab.routers.map(({ name, host, pathspace }) => [name, { host, options: { pathspace } }]),
      ),
    },
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
};

/** Takes down the labs that a killed process left. */
export const sweepLabs = async (): Promise<void> => {
  const { labDown } = await import('../lab/frr/up.ts');
  await labDown(false);
};
