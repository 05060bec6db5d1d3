import { chmod, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command } from 'commander';
import type { InventoryEntry } from '../../core/bus.ts';
import { resolveCredentials } from '../../core/config/credentials.ts';
import { explain, isOutcome, PlumbError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { mask } from '../../core/redact/redact-registered.ts';
import { ask } from '../../core/store/ask.ts';
import { author, startProgress, untilStopped } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { pickDevice } from '../inventory/devices.ts';
import { intendedPath, shortPath } from '../inventory/intended.ts';
import { needCheckout } from '../inventory/read-inventory.ts';
import { pinsInForce } from '../inventory/run-file.ts';

const overTheBus = async (context: Context, device: string): Promise<string> => {
  const options = { timeoutMs: 120_000, author: author(context.env) };
  const asked = ask(await context.store(), device, 'config', { from: 'running' }, options);
  const answer = await untilStopped(context.signal, asked, device);
  const config = typeof answer === 'object' && answer !== null && 'config' in answer ? answer.config : undefined;
  if (typeof config !== 'string' || config.trim() === '')
    throw new PlumbError('rejected', `${device}: it answered with an empty running configuration`);
  return config;
};

/** Read from here, not over the bus, where every secret is masked: a file with masks would break the device. */
const byLogin = async (context: Context, name: string): Promise<string> => {
  const inventory = await context.inventory();
  const device = inventory.devices.get(name);
  try {
    if (!device) throw new PlumbError('unknown_device', `not in ${inventory.path}`);
    const { driverFor } = await import('../../runners/drivers/registry.ts');
    const credentials = await resolveCredentials(inventory, device);
    const knownHosts = await pinsInForce(context.config);
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(60_000)]);
    await using session = await driverFor(device.platform).open({ device, credentials, knownHosts }, signal);
    return await session.config('running');
  } catch (cause) {
    if (!isOutcome(cause)) throw cause;
    throw new PlumbError(
      cause.code,
      `${name}: its configuration holds secrets, which the bus never carries, and a login from here failed: ${explain(cause)}`,
      { cause, hint: cause.hint ?? 'run `plumb adopt` where the credentials of the device are available' },
    );
  }
};

const fetchRunning = async (context: Context, { device, platform }: InventoryEntry): Promise<string> => {
  const { driverFor } = await import('../../runners/drivers/registry.ts');
  const { keepsBytes } = driverFor(platform);
  using progress = startProgress(context);
  progress.set(device, 'reading the running configuration');
  const carried = await overTheBus(context, device);
  const config = carried.includes(mask) ? await byLogin(context, device) : carried;
  return keepsBytes || config.endsWith('\n') ? config : `${config}\n`;
};

/** `plumb adopt DEVICE`: a device that was configured by hand becomes one that is kept in git. */
export const adoptVerb = (context: Context): Command =>
  new Command('adopt')
    .description("Write a device's running configuration to intended/configs/ as the starting point.")
    .argument('<device>')
    .option('-y, --yes', 'overwrite an existing file without asking')
    .addHelpText(
      'after',
      `
Nothing is changed on the device. The file contains secrets as the device shows them, so only its owner may read it.
A device with a role is rendered from templates: remove its role in inventory.yml. Otherwise \`plumb render --check\`, which the hook
of \`plumb init --hook\` runs, reports that the file differs, and the next change to its templates overwrites it.

Example:
  $ plumb adopt leaf1 && git add intended/configs/leaf1.cfg && git commit -m 'adopt leaf1'`,
    )
    .action(async (name: string, { yes }: { yes?: boolean }) => {
      await needCheckout(context.config, 'adopt');
      const entry = await pickDevice(context, name);
      const { device } = entry;
      const path = intendedPath(context, device);
      const short = shortPath(context, path);
      const running = await fetchRunning(context, entry);
      const present = await readFile(path, 'utf8').catch(() => undefined);
      if (present === running) return context.err(`${device}: ${short} holds it already\n`);
      if (present !== undefined && !yes) {
        const answer = await context.prompt(`${short} is there and differs; overwrite it? [y/N] `);
        if (answer === undefined || !/^y(es)?$/i.test(answer.trim())) {
          throw new PlumbError('invalid_request', `${device}: ${short} already exists and differs; left as it is`, {
            hint: `\`plumb adopt ${device} --yes\` overwrites it`,
          });
        }
      }
      await makeFolder(dirname(path));
      await writeFile(path, running, { mode: 0o600 });
      await chmod(path, 0o600); // otherwise an existing one would keep its mode
      context.err(`${device}: wrote ${short} (${running.split('\n').length - 1} lines)\n`);
    });
