import type { Device } from '../device.ts';
import type { Io } from '../platform.ts';
import type { VrpAction } from './cli.ts';

// From the HPE FlexNetwork and H3C Fundamentals guides, "Managing configuration files", "Managing file systems".

/** Asks before something that cannot be taken back. */
export const sure = async (io: Io, question: string): Promise<boolean> =>
  /^y/i.test((await io.ask(`${question} [Y/N]:`)) ?? '');

const full = (file: string): string => (file.includes(':') ? file : `flash:/${file}`);

/** Commands that write and remove files. @param running what runs, as it is saved */
export const fileActions = (device: Device, running: () => string) => {
  const save: VrpAction = async (_, [file = ''], io) => {
    if (file === 'force') {
      if (device.faults.fullFlash) return 'Not enough space on the storage medium.\n';
      device.save();
      return 'Validating file. Please wait...\nSaved the current configuration to mainboard device successfully.\n';
    }
    if (!(await sure(io, `The current configuration will be saved to ${full(file)}. Continue?`))) return '';
    if (device.faults.fullFlash) return 'Not enough space on the storage medium.\n';
    device.files.set(file, running());
    return `Now saving current configuration to the device.\nSaving configuration ${full(file)}. Please wait...\nConfiguration is saved to device successfully.\n`;
  };
  const rename: VrpAction = async (_, [from = '', to = ''], io) => {
    const text = device.files.get(from);
    if (text === undefined) return 'The file does not exist.\n';
    if (!(await sure(io, `Rename ${full(from)} as ${full(to)}?`))) return '';
    device.files.delete(from);
    device.files.set(to, text);
    return `Renaming ${full(from)} as ${full(to)}... Done.\n`;
  };
  const remove: VrpAction = async (_, [file = ''], io) => {
    if (!device.files.has(file)) return 'The file does not exist.\n';
    if (!(await sure(io, `The file cannot be restored. Delete ${full(file)}?`))) return '';
    device.files.delete(file);
    return `Deleting the file permanently will take a long time. Please wait...\nDeleting file ${full(file)}... Done.\n`;
  };
  return { save, rename, remove };
};
