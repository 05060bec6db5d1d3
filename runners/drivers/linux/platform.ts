import { PlumbError } from '../../../core/errors.ts';
import { transports } from '../../../core/platform-names.ts';
import { secrets } from '../../../core/redact/platforms/linux.ts';
import type { Driver, Session, Target } from '../../driver.ts';
import { clockOfEpoch } from '../../getters/clock.ts';
import { type SessionWays, sessionOf } from '../../session/session.ts';
import type { Facts } from '../../shapes.ts';
import { loadLinux, pendingTrial, readFiles } from './candidate.ts';
import { linuxOptions, printFiles } from './files.ts';
import { parsers } from './getters/parsers.ts';
import { LinuxHost, readSaved } from './host.ts';
import { linuxReadOnly } from './read-only.ts';
import * as scripts from './scripts.ts';
import { download, upload } from './upload.ts';

const parseFacts = (output: string): Facts => {
  const [hostname, fqdn, release, kernel, uptime, vendor, model, serial, ...interfaces] = output.trimEnd().split('\n');
  return {
    hostname: hostname || null,
    fqdn: fqdn || null,
    vendor: vendor || null,
    model: model || null,
    os_version: release ? `${release}, Linux ${kernel}` : null,
    serial_number: serial || null,
    uptime: uptime ? Number(uptime) : null,
    interface_list: interfaces,
  };
};

const ways: SessionWays<LinuxHost> = {
  platform: 'linux',
  keepsBytes: true,
  run: (host, command, options) => host.run(command, options?.timeoutMs),
  load: loadLinux,
  pending: pendingTrial,
  saved: async (host) => readSaved(await host.script('list the saved configurations', scripts.saved)),
  savedConfig: (host, job) =>
    host.script('read the saved configuration', scripts.savedConfig, [job]).catch((cause: unknown) => {
      throw new PlumbError('unknown_job', `${host.name}: nothing is saved on the server from before job ${job}`, {
        cause,
      });
    }),
  clean: async (host, epoch) => (await host.script('clean up', scripts.clean, [epoch])).split('\n').filter(Boolean),
  config: async (host) => printFiles(await readFiles(host)),
  facts: async (host) => parseFacts(await host.script('read the facts', scripts.facts)),
  interfacesIp: (host) => host.addresses(),
  clock: async (host) => clockOfEpoch(await host.script('read the clock', 'date +%s')),
  bgp: async (host) => {
    throw new PlumbError('unsupported', `${host.name}: linux has no BGP getter`, {
      hint: 'use the platform frr or bird',
    });
  },
  download,
  upload,
};

const open = async (target: Target, signal: AbortSignal): Promise<Session> => {
  linuxOptions(target);
  const host = await LinuxHost.open(target, signal);
  return sessionOf(ways, host, target, host.ssh);
};

/** A Linux server over SSH: a set of files and a command that makes them take effect. */
export const linux: Driver = {
  platform: 'linux',
  capabilities: {
    transports: transports.linux,
    replace: 'line by line',
    merge: 'line by line',
    diff: 'computed',
    trial: 'dead-man switch',
    trialUnitSeconds: 1,
    confirmFrom: 'any',
    comment: false,
    startup: false,
    undo: 'the previous files are restored, compared byte by byte, and the reload command runs',
    neverEqual: 'none',
    getters: ['facts', 'interfaces-ip'],
    files: true,
    tested: 'Debian 12 with OpenSSH 9.2, for real',
    notes: [
      'The inventory lists the files (options.files) and the command that applies them (options.reload).',
      'Each file is replaced atomically, but the set file by file.',
      'A replace removes a file that is listed there but missing in the text.',
      'Single files of up to 32 MiB: plumb file get, plumb file put; files listed in options.files can only be deployed.',
    ],
  },
  parsers,
  readOnly: linuxReadOnly,
  open,
  secrets,
  keepsBytes: true,
  normalise: (config) => config,
  hostname: () => undefined,
};
