import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveCredentials } from '../../core/config/credentials.ts';
import { makeStateFolder } from '../../core/config/state-folder.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Device } from '../../core/inventory/schema.ts';
import { nameAlone, type PlatformName, platforms } from '../../lab/sim/platforms.ts';
import { newHostKey, publicKey } from '../../lab/sim/protocols/ssh.ts';
import { type Ports, type Sim, startSim } from '../../lab/sim/sim.ts';
import { pinHostKey } from '../../runners/transports/ssh/known-hosts.ts';
import type { Context } from '../context.ts';
import { devicesByName } from '../inventory/by-name.ts';
import { wayIn } from '../inventory/way-in.ts';
import { storePins } from '../trust/found.ts';

const isSimulated = (platform: string): platform is PlatformName => Object.hasOwn(platforms, platform);
const isHere = (host: string): boolean => /^(?:127\.|localhost$|::1$)/.test(host);

/** Why a device of the inventory is not simulated; undefined if it is. */
const whyNot = ({ platform, host, port }: Device): string | undefined => {
  if (!isHere(host)) return `its host ${host} is not an address of this machine, such as 127.0.0.1`;
  if (!isSimulated(platform)) return `${platform} is not one of ${Object.keys(platforms).join(', ')}`;
  return port === undefined ? 'it has no port' : undefined;
};

/** One host key for all, the same after each start: pins stay valid. */
const hostKeyIn = async (state: string): Promise<string> => {
  const path = join(state, 'sim-host-key');
  await makeStateFolder(state);
  await writeFile(path, newHostKey(), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(path, 'utf8');
};

/**
 * Simulates the devices of a lab's inventory: each at its port and with its login, booted with its intended
 * configuration. Their SSH host keys are pinned, since they are ours.
 *
 * @throws PlumbError `invalid_request` where the inventory is no lab's, or none of its devices can be simulated
 */
export const simulateInventory = async (context: Context): Promise<{ name: string; sim: Sim }[]> => {
  const { config } = context;
  const inventory = await context.inventory();
  const hint = 'docs/sim.md; --platform and --config simulate a device that is not in an inventory';
  if (!inventory.lab) throw new PlumbError('invalid_request', `${inventory.path}: it lacks \`lab: true\``, { hint });
  const chosen: Device[] = [];
  for (const device of devicesByName(inventory)) {
    const why = whyNot(device);
    if (why) context.err(`${device.name} is not simulated: ${why}\n`);
    else chosen.push(device);
  }
  if (chosen.length === 0)
    throw new PlumbError('invalid_request', `${inventory.path}: none of its devices can be simulated`, { hint });
  const hostKey = await hostKeyIn(config.state);
  const key = Buffer.from(publicKey(hostKey).split(' ')[1] ?? '', 'base64');
  const started: { name: string; sim: Sim }[] = [];
  try {
    for (const device of chosen) {
      const { transport, port } = await wayIn(device);
      const { username, password } = await resolveCredentials(inventory, device);
      const platform = device.platform as PlatformName;
      const text = await readFile(join(config.intended, `${device.name}.cfg`), 'utf8').catch(() => undefined);
      const sim = await startSim({
        platform,
        config: text ?? nameAlone(platform, device.name),
        ports: { [transport]: port } as Ports,
        user: username,
        hostKey,
        password,
      }).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'EADDRINUSE') throw cause;
        throw new PlumbError('invalid_request', `${device.name}: port ${port} of this machine is in use`, {
          cause,
          hint: 'is another `plumb sim` running? If not, give it another `port` in the inventory',
        });
      });
      started.push({ name: device.name, sim });
      if (transport === 'ssh' || transport === 'netconf')
        await storePins(config.knownHosts, (pins) => pinHostKey(pins, device.host, port, key));
    }
  } catch (error) {
    for (const { sim } of started) await sim[Symbol.asyncDispose]();
    throw error;
  }
  return started;
};
