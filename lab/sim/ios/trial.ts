import type { CiscoCli } from '../cisco/cisco.ts';
import { dateParts } from '../clock.ts';
import { refusedAtCommit } from '../config/refused-commit.ts';
import { cloneTree } from '../config/tree.ts';
import type { Device } from '../device.ts';
import type { Io } from '../platform.ts';
import { aborted, prepare } from './archive.ts';

/** A file of the flash by its path: `flash:x`, `bootflash:/x`. */
export const fileName = (path: string): string => path.replace(/^(?:boot)?flash:\/*/, '');

const archiveIsOn = (device: Device): boolean =>
  device.running.children.some(
    ({ text, children }) => text === 'archive' && children.some((line) => line.text.startsWith('path ')),
  );

const archiveMissing = '%Please turn config archive on before using the Rollback Confirmed Change feature\n';

const backup = (now: number): string => {
  const { month, date, time } = dateParts(now);
  return `Rollback Confirmed Change: Backing up current running config to bootflash:-${month}-${date}-${time.replaceAll(':', '-')}.000-UTC-0\n`;
};

const arm = (cli: CiscoCli, minutes: number, before: Device['running']): void =>
  cli.device.arm(`timer ${minutes}`, cli.login, minutes * 60, before);

const sure = `This will apply all necessary additions and deletions
to replace the current running configuration with the
contents of the specified configuration file, which is
assumed to be a complete configuration, not a partial
configuration. Enter Y if you are sure you want to proceed. ? [no]: `;

/** `configure replace URL [force] [list] [revert trigger error] [timer M]` and `time M`. */
export const replace = async (cli: CiscoCli, [source = '', rest = '']: readonly string[], io: Io): Promise<string> => {
  const { device, login } = cli;
  const minutes = Number(/\btimer? (\d+)/.exec(rest)?.[1] ?? 0);
  if ((minutes > 0 || /trigger error/.test(rest)) && !archiveIsOn(device)) return archiveMissing;
  const text = device.files.get(fileName(source));
  if (text === undefined) return `%Error opening ${source} (No such file or directory)\n`;
  if (!/^version /m.test(text) || !/^end\s*$/m.test(text)) return '%The input file is not a valid config file.\n';
  if (!/\bforce\b/.test(rest) && !/^y/i.test((await io.ask(sure)) ?? '')) return '\nRollback aborted by user\n';
  if (lockedBy(device)) return `${lockedBy(device)}\n`;
  const before = cloneTree(device.running);
  const { tree, failed } = prepare(device, text);
  if (device.faults.commitMs > 0) await device.clock.wait(device.faults.commitMs);
  const head = minutes > 0 ? backup(device.clock.now()) : '';
  if (device.faults.failCommit !== undefined) failed.push(device.faults.failCommit);
  const refused = refusedAtCommit(device, tree);
  if (refused) failed.push(refused.text);
  if (failed.length > 0 && /trigger error/.test(rest))
    return `${head}\nFailed to apply command ${failed[0]}\nAborting Rollback.\n\nRollback failed. Reverting back to the original configuration: ...\nTotal number of passes: 1\nRollback Done\nThe original configuration has been successfully restored.\n\n`;
  device.apply(tree, login.user);
  if (minutes > 0) arm(cli, minutes, before);
  const undo = before.children
    .filter(({ text: line }) => /^license udi/.test(line))
    .map(({ text: line }) => `no ${line}`);
  if (failed.length > 0)
    return `${head}${aborted(failed, failed.some((line) => line.startsWith('license')) ? undo : [])}`;
  return `${head}Total number of passes: 1\nRollback Done\n\n`;
};

/** `configure terminal revert timer M`: what follows is undone. */
export const revertTimer = (cli: CiscoCli, minutes: number): string => {
  const { device } = cli;
  if (!archiveIsOn(device)) return archiveMissing;
  arm(cli, minutes, cloneTree(device.running));
  cli.configure(device.running);
  return `Enter configuration commands, one per line.  End with CNTL/Z.\n${backup(device.clock.now())}`;
};

const none = '%No Rollback Confirmed Change pending\n';

/** `configure confirm`. */
export const confirm = ({ device }: CiscoCli): string => (device.disarm() ? '' : none);

/** `configure revert now` and `configure revert timer M`. */
export const revert = (cli: CiscoCli, how: string): string => {
  const { device } = cli;
  const { trial } = device;
  if (!trial) return none;
  const minutes = Number(/timer (\d+)/.exec(how)?.[1] ?? 0);
  if (minutes > 0) {
    arm(cli, minutes, trial.before);
    return '';
  }
  device.undo();
  return 'Total number of passes: 1\nRollback Done\n\n';
};

/** `show archive config rollback timer`. */
export const pending = ({ device }: CiscoCli): string => {
  const { trial } = device;
  if (!trial) return 'No Rollback Confirmed Change pending\n';
  const { day, month, date, time, year } = dateParts(trial.since);
  return `Time configured(or reconfigured): ${time} UTC ${day} ${month} ${date} ${year}\nTimer type: absolute timer\nTimer value: ${Math.round((trial.expiresAt - trial.since) / 60_000)} min\nUser: ${trial.user}\n`;
};

const locks = new WeakMap<Device, string>();

/** Someone else holds the configuration lock. */
export const lock = (device: Device, user: string | undefined): void => {
  if (user === undefined) locks.delete(device);
  else locks.set(device, user);
};

/** What IOS says while the configuration is locked. */
export const lockedBy = (device: Device): string | undefined => {
  const user = locks.get(device);
  return user === undefined
    ? undefined
    : `Configuration mode is locked by process '3' user '${user}' from terminal '3'. Please try later.`;
};

/** When something was changed last, as the header of a configuration says it. */
export const changed = (at: number): string => {
  const { day, month, date, time, year } = dateParts(at);
  return `${time} UTC ${day} ${month} ${date} ${year}`;
};
