import { createHash } from 'node:crypto';
import type { CiscoAction, CiscoCli } from '../cisco/cisco.ts';
import { Tcl } from '../cisco/tcl.ts';
import { readLines } from '../config/read.ts';
import type { Device } from '../device.ts';
import type { Io } from '../platform.ts';
import { iosSyntax } from './syntax.ts';
import { iosText } from './text.ts';
import { fileName } from './trial.ts';

const quiet = (device: Device): boolean => device.running.children.some(({ text }) => text === 'file prompt quiet');

const question = async (cli: CiscoCli, io: Io, text: string): Promise<string | undefined> =>
  quiet(cli.device) ? '' : io.ask(text);

/** `dir`, of the only file system there is. */
export const dir: CiscoAction = ({ device }, [path = '']) => {
  const wanted = fileName(path);
  const shown = [...device.files].filter(([name]) => wanted === '' || name === wanted);
  if (wanted !== '' && shown.length === 0) return `%Error opening ${path} (No such file or directory)\n`;
  const files = shown.map(
    ([name, text], at) =>
      `${String(at + 11).padStart(5)}  -rw-  ${String(Buffer.byteLength(text)).padStart(12)}  Nov 21 2026 06:00:00 +00:00  ${name}\n`,
  );
  const free = device.faults.fullFlash ? 0 : 5_488_705_536;
  return `Directory of ${wanted === '' ? 'bootflash:/' : path}\n\n${files.join('')}\n6286540800 bytes total (${free} bytes free)\n`;
};

/** `delete flash:x`, with its two questions. */
export const remove: CiscoAction = async (cli, [path = ''], io) => {
  const name = fileName(path.replace(/^\/force /, ''));
  if (!quiet(cli.device) && !path.startsWith('/force')) {
    const answer = await io.ask(`Delete filename [${name}]? `);
    if (answer === undefined) return undefined;
    const key = await io.key(`Delete bootflash:/${name}? [confirm]`);
    io.print('\n');
    if (key !== '\r' && key !== '\n' && key?.toLowerCase() !== 'y') return undefined;
  }
  return cli.device.files.delete(name) ? '\n' : `%Error deleting bootflash:/${name} (No such file or directory)\n`;
};

const toRunning = async (cli: CiscoCli, text: string): Promise<string> => {
  const { device, login } = cli;
  const { complaints } = readLines(iosSyntax, text, device.running);
  device.touched(login.user);
  const refused = complaints
    .map(({ text: line }) => `${line}\n ^\n% Invalid input detected at '^' marker.\n\n`)
    .join('');
  return `${refused}${Buffer.byteLength(text)} bytes copied in 0.101 secs (${Buffer.byteLength(text) * 10} bytes/sec)\n\n`;
};

/** `copy FROM TO` among the configurations and the flash. */
export const copy: CiscoAction = async (cli, [from = '', to = ''], io) => {
  const { device } = cli;
  const text = /^run|^system:run/.test(from)
    ? iosText(device.running)
    : /^start|^nvram:/.test(from)
      ? iosText(device.startup)
      : device.files.get(fileName(from));
  const target = /^(?:run|start)/.test(to) ? to : fileName(to);
  if ((await question(cli, io, `Destination filename [${target}]? `)) === undefined) return undefined;
  if (text === undefined) return `%Error opening ${from} (No such file or directory)\n`;
  if (/^run|^system:run/.test(to)) return toRunning(cli, text);
  if (device.faults.fullFlash) return `%Error opening ${to} (No space left on device)\n`;
  if (/^start|^nvram:/.test(to)) {
    device.save();
    return 'Building configuration...\n[OK]\n';
  }
  if (device.files.has(target) && !quiet(device)) {
    const key = await io.key(
      `%Warning:There is a file already existing with this name\nDo you want to over write? [confirm]`,
    );
    io.print('\n');
    if (key === undefined || key.toLowerCase() === 'n') return undefined;
  }
  device.files.set(target, text);
  return `${Buffer.byteLength(text)} bytes copied in 0.051 secs (${Buffer.byteLength(text) * 20} bytes/sec)\n\n`;
};

/** `verify /md5 flash:x`. */
export const verify: CiscoAction = ({ device }, [path = '']) => {
  const name = fileName(path);
  const text = device.files.get(name);
  if (text === undefined) return `%Error opening bootflash:${name} (No such file or directory)\n`;
  return `.\nDone!\nverify /md5 (bootflash:${name}) = ${createHash('md5').update(text).digest('hex')}\n\n`;
};

/** `more flash:x`. */
export const more: CiscoAction = ({ device }, [path = '']) =>
  device.files.get(fileName(path)) ?? `%Error opening ${path} (No such file or directory)\n`;

/** `tclsh`. */
export const tclsh = (cli: CiscoCli, host: string): void => {
  const tcl = new Tcl(cli.device, fileName);
  const shell = {
    prompt: `${host}(tcl)#`,
    text: false,
    run: async (line: string, io: Io): Promise<boolean> => {
      const { said, open, exit } = tcl.feed(line);
      io.print(said);
      shell.text = open;
      shell.prompt = open ? '+>' : `${host}(tcl)#`;
      return !exit;
    },
  };
  cli.shell = shell;
};
