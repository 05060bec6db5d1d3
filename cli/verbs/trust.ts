import { dirname } from 'node:path';
import { Command } from 'commander';
import { makeStateFolder } from '../../core/config/state-folder.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Device } from '../../core/inventory/schema.ts';
import { eachDevice, gone } from '../asking/each-device.ts';
import { startProgress } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { deviceArgument, pickFromInventory, selectOption, type Wanted } from '../inventory/devices.ts';
import { pinsInForce } from '../inventory/run-file.ts';
import { wayIn } from '../inventory/way-in.ts';
import { findCertificate } from '../trust/certificate.ts';
import { type Found, storePins } from '../trust/found.ts';
import { findHostKey } from '../trust/host-key.ts';

const find = async (context: Context, device: Device, jump: boolean): Promise<Found> => {
  const { transport, port } = await wayIn(device);
  if (jump) return findHostKey(context, device, port, true);
  if (transport === 'eapi') return findCertificate(context, device);
  if (transport !== 'telnet') return findHostKey(context, device, port, false);
  throw new PlumbError(
    'unsupported',
    `${device.name}: telnet has neither a key nor a certificate: nothing proves that the device is the one it says it is`,
    { hint: 'use `transport: ssh` if the device has it' },
  );
};

type Said = { fingerprint?: string; yes?: boolean; jump?: boolean };
type Flags = Said & Wanted & { all?: true };

const says = (answer: string | undefined): boolean => /^y(es)?$/i.test((answer ?? '').trim());

const pin = async (context: Context, { file, withPin }: Found, whose: string): Promise<void> => {
  if (dirname(file) === context.config.state) await makeStateFolder(context.config.state);
  await storePins(file, withPin);
  context.err(`${whose}: pinned in ${file}\n`);
};

/** Shows the key or certificate that a device shows, and pins it once a person says that it is the right one. */
const trust = async (context: Context, device: Device, said: Said): Promise<void> => {
  const { name } = device;
  const found = await find(context, device, said.jump ?? false);
  const { what, fingerprint } = found;
  const whose = said.jump ? `the jump host of ${name}` : name;
  context.out(found.text);
  if (said.fingerprint !== undefined && !found.is(said.fingerprint)) {
    throw new PlumbError(
      'host_key_changed',
      `${whose}: shows the ${what} ${fingerprint}, not ${said.fingerprint}; nothing was pinned`,
    );
  }
  if (found.state === 'pinned') return context.err(`${whose}: this ${what} is already pinned in ${found.file}\n`);
  if (found.state === 'changed') {
    context.err(`${whose}: another ${what} is pinned: ${found.pinned.join(', ')}; it shows ${fingerprint}\n`);
  }
  if (said.fingerprint === undefined && !said.yes) {
    const answer = await context.prompt(`Is this the fingerprint on the console of ${whose}? [y/N] `);
    if (answer === undefined) {
      throw new PlumbError('invalid_request', `${whose}: no terminal to confirm the fingerprint on`, {
        hint: `plumb trust ${name}${said.jump ? ' --jump' : ''} --fingerprint ${fingerprint}`,
      });
    }
    if (!says(answer)) {
      context.err('nothing was pinned\n');
      return context.exit(1);
    }
  }
  await pin(context, found, whose);
};

/** The same of several devices, with one question. A key that differs from the pinned one is a separate question. */
const trustAll = async (context: Context, devices: readonly Device[], said: Said): Promise<void> => {
  if (said.fingerprint !== undefined)
    throw new PlumbError('invalid_request', '--fingerprint belongs to a single device', {
      hint: 'name only that device',
    });
  const whose = (name: string) => (said.jump ? `the jump host of ${name}` : name);
  using progress = startProgress(context);
  const entries = devices.map((device) => ({ device: device.name, of: device }));
  const shown = await eachDevice(context, entries, progress, async ({ device, of }) => {
    progress.set(device, 'asking for its key');
    return { device, found: await find(context, of, said.jump ?? false) };
  });
  progress.clear();
  const fresh = gone(shown).filter(({ device, found }) => {
    context.out(found.text);
    if (found.state === 'pinned')
      context.err(`${whose(device)}: this ${found.what} is already pinned in ${found.file}\n`);
    if (found.state === 'changed') {
      const alone = `plumb trust ${device}${said.jump ? ' --jump' : ''}`;
      context.err(
        `${whose(device)}: another ${found.what} is pinned: ${found.pinned.join(', ')}; this one was not\n  → ask why it changed, then \`${alone}\`\n`,
      );
      context.exit(1);
    }
    return found.state === 'new';
  });
  if (fresh.length === 0) return;
  const names = fresh.map(({ device }) => whose(device)).join(', ');
  const answer = said.yes
    ? 'yes'
    : await context.prompt(`Are these the fingerprints on the consoles of ${names}? [y/N] `);
  if (answer === undefined) {
    throw new PlumbError('invalid_request', 'no terminal to confirm the fingerprints on; nothing was pinned', {
      hint: 'plumb trust DEVICE --fingerprint SHA256:…, one by one',
    });
  }
  if (!says(answer)) {
    context.err('nothing was pinned\n');
    return context.exit(1);
  }
  for (const { device, found } of fresh) await pin(context, found, whose(device));
};

const devicesOf = async (context: Context, named: readonly string[], { all, select }: Flags): Promise<Device[]> => {
  if (all ? named.length > 0 || select !== undefined : named.length === 0 && select === undefined) {
    throw new PlumbError('invalid_request', `trust: which devices?${all ? ' --all takes no device names' : ''}`, {
      hint: "`plumb trust leaf1`, `plumb trust -l 'role=leaf'` or `plumb trust --all`",
    });
  }
  const inventory = await context.inventory();
  const names = pickFromInventory(inventory, { devices: named, select });
  return names.flatMap((name) => inventory.devices.get(name) ?? []);
};

/** `plumb trust`: pin a device's SSH host key or TLS certificate. */
export const trustVerb = (context: Context): Command =>
  new Command('trust')
    .description(
      "Show a device's SSH host key, or the certificate of its eAPI, and pin it once you confirm that it is the right one.",
    )
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .option('--all', 'every device in the inventory')
    .option('--fingerprint <SHA256:…>', 'pin it without asking if this is its fingerprint')
    .option('--jump', 'the key of its jump host (`options.jump`) instead of its own')
    .option('--yes', 'pin whatever it shows without asking; with several devices, never a key that changed')
    .addHelpText(
      'after',
      '\nNothing is sent to the device, not even a password.\n\nExample:\n  $ plumb trust leaf1\n  $ plumb trust -l role=leaf\n  $ plumb trust leaf1 --jump\n  $ plumb trust leaf1 --fingerprint SHA256:eIHnJlZfAbb3yJ1dvOa8LVosGKgj/7W8txTlaWmV73E',
    )
    .action(async (named: string[], flags: Flags) => {
      const devices = await devicesOf(context, named, flags);
      const knownHosts = await pinsInForce(context.config);
      const here: Context = { ...context, config: { ...context.config, knownHosts } };
      const [only] = devices;
      return only && devices.length === 1 ? trust(here, only, flags) : trustAll(here, devices, flags);
    });
