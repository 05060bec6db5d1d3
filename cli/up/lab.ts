import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byName } from '../../core/by-name.ts';
import { resolveCredentials } from '../../core/config/credentials.ts';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import type { Ports } from '../../lab/sim/sim.ts';
import type { LabAccess } from '../inventory/run-file.ts';
import { wayIn } from '../inventory/way-in.ts';
import { type LabName, labs } from './labs.ts';
import { Scope } from './scope.ts';

export type RunningLab = AsyncDisposable & { title: string; access: LabAccess };

const [routers, switches] = labs;

const startFrr = async (folder: string): Promise<RunningLab> => {
  const { labUp } = await import('../../lab/frr/up.ts');
  const knownHosts = join(folder, 'known_hosts');
  const lab = await labUp({ folder: join(folder, 'lab'), knownHosts }).catch((error: unknown) => {
    if (!isOutcome(error, 'unsupported')) throw error;
    const instead = 'or use simulated switches instead: `plumb up --lab eos`';
    throw new PlumbError('unsupported', error.message, { cause: error, hint: `${error.hint}; ${instead}` });
  });
  const names = lab.routers.map(({ name }) => name).join(', ');
  return {
    title: `${names}: FRR routers in network namespaces (lab ${lab.number})`,
    access: {
      login: { username: lab.username, key: lab.key },
      knownHosts,
      devices: Object.fromEntries(
        lab.routers.map(({ name, host, pathspace }) => [name, { host, options: { pathspace } }]),
      ),
    },
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
};

/** Enough for a login: the first deployment brings the rest. */
const bootConfig = (name: string, intended: string): string =>
  [`hostname ${name}`, ...intended.split('\n').filter((line) => line.startsWith('username '))].join('\n!\n');

const startEos = async (folder: string, inventory: Inventory, intended: string): Promise<RunningLab> => {
  const { startSim } = await import('../../lab/sim/sim.ts');
  const scope = new Scope(() => {});
  const devices: LabAccess['devices'] = byName();
  const keys: string[] = [];
  for (const device of [...inventory.devices.values()].filter(({ platform }) => platform === switches)) {
    const { name } = device;
    const service = (await wayIn(device)).transport as keyof Ports;
    const { username, password } = await resolveCredentials(inventory, device);
    const text = await readFile(join(intended, `${name}.cfg`), 'utf8').catch(() => '');
    const sim = scope.use(
      name,
      await startSim({
        platform: switches,
        ports: { [service]: 0 },
        config: bootConfig(name, text),
        user: username,
        password,
      }),
    );
    const port = sim.ports[service];
    const byTls = { http: false, tlsFingerprint: new X509Certificate(sim.tls.cert).fingerprint256 };
    devices[name] = { host: sim.host, ...(port ? { port } : {}), options: service === 'eapi' ? byTls : {} };
    keys.push(`[${sim.host}]:${port} ${sim.hostKey}\n`);
  }
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, keys.join(''), { mode: 0o600 });
  return {
    title: `${Object.keys(devices).join(', ')}: simulated Arista EOS switches`,
    access: { knownHosts, devices },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
};

/**
 * Brings a lab up.
 *
 * @param folder where it keeps keys and files; removed with it
 * @param intended folder of the intended configurations
 */
export const startLab = (name: LabName, folder: string, inventory: Inventory, intended: string): Promise<RunningLab> =>
  name === routers ? startFrr(folder) : startEos(folder, inventory, intended);

/** Takes down the labs that a killed process left behind. */
export const sweepLabs = async (): Promise<void> => {
  const { labDown } = await import('../../lab/frr/up.ts');
  await labDown(false);
};
