import { dirname } from 'node:path';
import { Command } from 'commander';
import { makeStateFolder } from '../../core/config/state-folder.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Device } from '../../core/inventory/schema.ts';
import { didYouMean } from '../../engines/nearest.ts';
import type { Context } from '../context.ts';
import { wayIn } from '../inventory/way-in.ts';
import { findCertificate } from '../trust/certificate.ts';
import { type Found, storePins } from '../trust/found.ts';
import { findHostKey } from '../trust/host-key.ts';

const pick = async (context: Context, name: string): Promise<Device> => {
  const { devices, path } = await context.inventory();
  const device = devices.get(name);
  if (device) return device;
  throw new PlumbError('unknown_device', `${name}: not in ${path}${didYouMean(name, [...devices.keys()])}`);
};

const find = async (context: Context, device: Device, jump: boolean): Promise<Found> => {
  const { transport, port } = await wayIn(device);
  if (jump) return findHostKey(context, device, port, true);
  if (transport === 'eapi') return findCertificate(context, device);
  if (transport !== 'telnet') return findHostKey(context, device, port, false);
  throw new PlumbError(
    'unsupported',
    `${device.name}: telnet has neither a key nor a certificate: nothing proves that the device is the one it says it is`,
    { hint: 'use `transport: ssh` where the device has it' },
  );
};

type Said = { fingerprint?: string; yes?: boolean; jump?: boolean };

/** Shows the key or certificate that a device shows, and pins it once a person says that it is the right one. */
const trust = async (context: Context, name: string, said: Said): Promise<void> => {
  const device = await pick(context, name);
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
  if (found.state === 'pinned') return context.err(`${whose}: this ${what} is pinned already in ${found.file}\n`);
  if (found.state === 'changed') {
    context.err(`${whose}: another ${what} is pinned: ${found.pinned.join(', ')}; shown is ${fingerprint}\n`);
  }
  if (said.fingerprint === undefined && !said.yes) {
    const answer = await context.prompt(`Is this the fingerprint on the console of ${whose}? [y/N] `);
    if (answer === undefined) {
      throw new PlumbError('invalid_request', `${whose}: nobody is there to confirm the fingerprint`, {
        hint: `plumb trust ${name}${said.jump ? ' --jump' : ''} --fingerprint ${fingerprint}`,
      });
    }
    if (!/^y(es)?$/i.test(answer.trim())) {
      context.err('nothing was pinned\n');
      return context.exit(1);
    }
  }
  if (dirname(found.file) === context.config.state) await makeStateFolder(context.config.state);
  await storePins(found.file, found.withPin);
  context.err(`${whose}: pinned in ${found.file}\n`);
};

/** `plumb trust`: pin a device's SSH host key or TLS certificate. */
export const trustVerb = (context: Context): Command =>
  new Command('trust')
    .description(
      "Show a device's SSH host key, or the certificate of its eAPI, and pin it, once you say that it is the right one.",
    )
    .argument('<device>')
    .option('--fingerprint <SHA256:…>', 'pin it if this is its fingerprint, without asking')
    .option('--jump', 'the key of the jump host on the way to it (`options.jump`), not its own')
    .option('--yes', 'pin whatever it shows, without asking')
    .addHelpText(
      'after',
      '\nNothing of ours is sent to the device, no password either.\n\nExample:\n  $ plumb trust leaf1\n  $ plumb trust leaf1 --jump\n  $ plumb trust leaf1 --fingerprint SHA256:eIHnJlZfAbb3yJ1dvOa8LVosGKgj/7W8txTlaWmV73E',
    )
    .action((name: string, said: Said) => trust(context, name, said));
