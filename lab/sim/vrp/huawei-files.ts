import type { Device } from '../device.ts';
import type { VrpAction } from './cli.ts';
import { asks, sure } from './huawei-trial.ts';

// From Huawei's NetEngine 8000 command reference, "save", "dir", "more", "delete", and what an NE40E of eNSP prints.

const full = (file: string): string => `cfcard:/${file}`;
const absent = (file: string): string => `Error: The file ${full(file)} does not exist.\n`;
const done = 'Info: Save the configuration successfully.\n';

/** Commands that write, show and remove files. @param running what runs, as it is saved */
export const huaweiFiles = (device: Device, running: () => string): [string, VrpAction][] => {
  const noSpace = () => (device.faults.fullFlash ? 'Error: The device has no enough space.\n' : undefined);
  const save: VrpAction = async (_, __, io) => {
    if (!(await sure(io, 'The current configuration will be written to the device.'))) return '';
    const refused = noSpace();
    if (refused === undefined) device.save();
    return refused ?? `Now saving the current configuration ........\n${done}`;
  };
  const saveAs: VrpAction = async (_, [file = ''], io) => {
    if (!(await asks(io, `Are you sure to save the configuration to ${full(file)}?`))) return '';
    if (device.files.has(file) && !(await asks(io, `${full(file)} exists, overwrite?`))) return '';
    const refused = noSpace();
    if (refused === undefined) device.files.set(file, running());
    return refused ?? `Now saving the current configuration to the slot 17\n${done}`;
  };
  const remove: VrpAction = async (_, [file = ''], io) => {
    if (!device.files.has(file)) return absent(file);
    if (!(await sure(io, `The contents of file ${full(file)} cannot be recycled.`))) return '';
    device.files.delete(file);
    return `Info: Deleting file ${full(file)}...succeeded.\n`;
  };
  const list = () =>
    [...device.files].map(
      ([file, { length }], at) =>
        `${String(at).padStart(5)}  -rw-  ${String(length).padStart(12)}  Nov 21 2026 09:00:00   ${file}\n`,
    );
  return [
    ['save', save],
    ['save <file>', saveAs],
    ['delete /unreserved <file>', remove],
    ['more <file>', (_, [file = '']) => device.files.get(file) ?? absent(file)],
    [
      'dir',
      () =>
        `Directory of cfcard:/\n\n  Idx  Attr     Size(Byte)  Date        Time       FileName\n${list().join('')}\n1,048,576 KB total (524,288 KB free)\n`,
    ],
  ];
};
