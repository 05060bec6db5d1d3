import { createHash } from 'node:crypto';
import type { CiscoAction, CiscoCli } from '../cisco/cisco.ts';
import { Tcl } from '../cisco/tcl.ts';
import { readLines } from '../config/read.ts';
import type { Io } from '../platform.ts';
import { fileName } from './rollback.ts';
import { nxosSyntax } from './syntax.ts';
import { runningText, startupText } from './text.ts';

const asks = new WeakMap<CiscoCli, boolean>();

/** `terminal dont-ask`: this session answers no questions. */
export const dontAsk = (cli: CiscoCli, off: boolean): string => {
  asks.set(cli, !off);
  return '';
};

const progress = (): string =>
  `${Array.from({ length: 100 }, (_, at) => `\r[${'#'.repeat(Math.ceil((at + 1) * 0.4)).padEnd(40)}] ${String(at + 1).padStart(3)}%`).join('')}\nCopy complete, now saving to disk (please wait)...\nCopy complete.\n`;

/** `copy FROM TO`. */
export const copy: CiscoAction = (cli, [from = '', to = '']) => {
  const { device, login } = cli;
  if (device.faults.fullFlash && !/^run/.test(to))
    return `${/^start/.test(to) ? '[########                                ]  20%\n' : ''}No space left on device\nCopy failed.\n`;
  if (/^run/.test(from) && /^start/.test(to)) {
    device.save();
    return progress();
  }
  const text = /^run/.test(from)
    ? runningText(device)
    : /^start/.test(from)
      ? startupText(device)
      : device.files.get(fileName(from));
  if (text === undefined) return `No such file or directory\n`;
  if (/^run/.test(to)) {
    const { complaints } = readLines(nxosSyntax, text, device.running);
    device.touched(login.user);
    return `${complaints.map((one) => `Syntax error while parsing '${one.text.trim()}'\n`).join('')}Copy complete, now saving to disk (please wait)...\nCopy complete.\n`;
  }
  device.files.set(fileName(to), text);
  return 'Copy complete, now saving to disk (please wait)...\nCopy complete.\n';
};

/** `delete bootflash:x`. */
export const remove: CiscoAction = async (cli, [path = ''], io) => {
  const name = fileName(path.replace(/ no-prompt$/, ''));
  if (asks.get(cli) !== false && !/no-prompt/.test(path)) {
    const answer = await io.ask(`Do you want to delete "/${name}" ? (yes/no/abort)   [y] `);
    if (answer === undefined || /^[na]/i.test(answer)) return '';
  }
  return cli.device.files.delete(name) ? '' : `No such file or directory (${path})\n`;
};

/** `dir bootflash:`. */
export const dir: CiscoAction = ({ device }, [path = '']) => {
  const wanted = fileName(path);
  const shown = [...device.files].filter(([name]) => wanted === '' || name === wanted);
  if (wanted !== '' && shown.length === 0) return `No such file or directory\n`;
  const rows = shown
    .map(([name, text]) => `${String(Buffer.byteLength(text)).padStart(11)}    Nov 21 06:00:00 2026  ${name}\n`)
    .join('');
  return `${rows}\nUsage for bootflash://sup-local\n 1233694720 bytes used\n ${device.faults.fullFlash ? 0 : 1950945280} bytes free\n 3184640000 bytes total\n`;
};

/** `show file x`, `show file x md5sum`. */
export const showFile: CiscoAction = ({ device }, [path = '', how]) => {
  const text = device.files.get(fileName(path));
  if (text === undefined) return `No such file or directory\n`;
  return how === undefined ? text : `${createHash('md5').update(text).digest('hex')}\n`;
};

/** `tclsh`. */
export const tclsh = (cli: CiscoCli, host: string): void => {
  const tcl = new Tcl(cli.device, fileName, 32);
  const shell = {
    prompt: `${host}-tcl# `,
    text: false,
    run: async (line: string, io: Io): Promise<boolean> => {
      const { said, open, exit } = tcl.feed(line);
      io.print(`${said}${exit ? 'Exiting Tcl\n' : ''}`);
      shell.text = open;
      shell.prompt = open ? '> ' : `${host}-tcl# `;
      return !exit;
    },
  };
  cli.shell = shell;
};
