import { answers } from '../arp.ts';
import { BgpTable } from '../bgp.ts';
import { type CiscoAction, CiscoCli, type Dialect } from '../cisco/cisco.ts';
import { ciscoSpeakers } from '../cisco/cisco-neighbors.ts';
import { terminalCommands } from '../cisco/cisco-terminal.ts';
import { readLines } from '../config/read.ts';
import { child, cloneTree } from '../config/tree.ts';
import type { Device } from '../device.ts';
import type { Box, BoxOptions } from '../platform.ts';
import { commandTable } from '../terminal/words.ts';
import { iosPeers } from './bgp.ts';
import { copy, dir, more, remove, tclsh, verify } from './files.ts';
import { showCommands } from './show.ts';
import { iosSyntax } from './syntax.ts';
import { hostname, runningText, startupText } from './text.ts';
import { confirm, fileName, lock, lockedBy, replace, revert, revertTimer } from './trial.ts';

/** What the commands of IOS need besides the device. */
export type IosParts = { bgp: BgpTable; version: string; enablePassword: string };

const configure: CiscoAction = (cli) => {
  const locked = lockedBy(cli.device);
  if (locked !== undefined) return `${locked}\n`;
  cli.configure(cli.device.running);
  return 'Enter configuration commands, one per line.  End with CNTL/Z.\n';
};

const write: CiscoAction = ({ device }) => {
  if (device.faults.fullFlash)
    return 'Building configuration...\n% Error writing nvram:/startup-config (No space left on device)\n';
  device.save();
  return 'Building configuration...\n[OK]\n';
};

const enable =
  (secret: string): CiscoAction =>
  async (cli, _, io) => {
    if (!cli.privileged && secret !== '') {
      for (let tries = 0; tries < 3 && !cli.privileged; tries++) {
        const typed = await io.ask('Password: ', { echo: false });
        if (typed === undefined) return undefined;
        cli.privileged = typed === secret;
      }
      if (!cli.privileged) return '% Bad secrets\n\n';
    }
    cli.privileged = true;
    return '';
  };

const dialectOf = (parts: IosParts): Dialect => ({
  syntax: iosSyntax,
  show: showCommands(parts),
  config: [],
  exec: commandTable<CiscoAction>([
    ['enable', enable(parts.enablePassword)],
    [
      'disable',
      (cli) => {
        cli.privileged = false;
        return '';
      },
    ],
    ['configure [terminal]', configure],
    [
      'configure terminal revert timer <minutes>',
      (cli, [minutes = '']) =>
        /^\d+$/.test(minutes)
          ? revertTimer(cli, Number(minutes))
          : cli.complaint('invalid', `configure terminal revert timer ${minutes}`, 32),
    ],
    ['configure replace <source> [<rest...>]', replace],
    ['configure confirm', confirm],
    ['configure revert now', (cli) => revert(cli, 'now')],
    ['configure revert timer <minutes>', (cli, [minutes]) => revert(cli, `timer ${minutes}`)],
    ...terminalCommands,
    ['write [memory]', write],
    ['copy <from> <to>', copy],
    ['dir [<path>]', dir],
    ['delete <file...>', remove],
    ['verify /md5 <file>', verify],
    ['more <file>', more],
    [
      'tclsh',
      (cli) => {
        tclsh(cli, hostname(cli.device.running));
        return '';
      },
    ],
    ['archive config', () => ''],
    [
      'ping <host...>',
      ({ device }, [words = '']) =>
        `Type escape sequence to abort.\nSending 5, 100-byte ICMP Echos, timeout is 2 seconds:\n${answers(device, words) ? '!!!!!\nSuccess rate is 100 percent (5/5), round-trip min/avg/max = 1/1/2 ms' : '.....\nSuccess rate is 0 percent (0/5)'}\n`,
    ],
    ['clear ip bgp <what...>', () => ''],
    ['clear bgp <what...>', () => ''],
    ['clear counters', () => ''],
    ['clear arp-cache', () => ''],
    ['clear logging', () => ''],
  ]),
  prompt: (cli) => {
    const name = hostname(cli.device.running);
    return cli.editor ? `${name.slice(0, 20)}(config${cli.editor.prompt})#` : `${name}${cli.privileged ? '#' : '>'}`;
  },
  showsInConfig: false,
  invalid: "% Invalid input detected at '^' marker.\n",
  incomplete: '% Incomplete command.\n',
  ambiguous: (line) => `% Ambiguous command:  "${line}"`,
  edited: ({ device, login }) => device.touched(login.user),
  idleSeconds: ({ device }) => {
    const [, minutes = '0', seconds = '0'] =
      /^exec-timeout (\d+)(?: (\d+))?$/m.exec(
        (child(device.running, /^line vty/)?.children ?? []).map(({ text }) => text).join('\n'),
      ) ?? [];
    return Number(minutes) * 60 + Number(seconds);
  },
});

/** Cisco IOS-XE. */
export const iosBox = (device: Device, options: BoxOptions): Box => {
  const text = options.config.replace(/^(?:Building configuration|Current configuration).*$/gm, '');
  const booted = readLines(iosSyntax, text);
  device.running = booted.root;
  device.misread = booted.complaints;
  device.speakers = ciscoSpeakers.ios;
  device.startup = cloneTree(device.running);
  const number = /^version (\S+)/m.exec(text)?.[1] ?? '17.03';
  const bgp = new BgpTable(device, () => iosPeers(device.running));
  const dialect = dialectOf({ bgp, version: `${number}.03`, enablePassword: options.enablePassword });
  device.onChange = () => bgp.refresh();
  const banner = (kind: string): string => {
    const node = child(device.running, new RegExp(`^banner ${kind} `));
    const lines = (node?.body ?? []).map((line) => line.replaceAll('\x03', '').replace(/(?:\^C|#)$/, ''));
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  };
  return {
    style: { enter: '\r\n', newline: '\r\n', more: ' --More-- ', quote: '\x16', help: '  LINE    <cr>' },
    bgp,
    asksUser: 'Username: ',
    banner: () => banner('login'),
    greeting: () => `\n${banner('motd')}\n${banner('exec')}`,
    cli: (login) => new CiscoCli(device, login, dialect, options.enablePassword === ''),
    file: (path, by) => (by === 'scp' && child(device.running, 'ip scp server enable') ? fileName(path) : undefined),
    text: (from) => (from === 'running' ? runningText(device) : startupText(device)),
    sessions: () => [lockedBy(device)].flatMap((one) => one ?? []),
    foreign: (kind, user) => lock(device, kind === 'none' ? undefined : user),
    reboot: () => {
      device.disarm();
      device.running = cloneTree(device.startup);
      lock(device, undefined);
      bgp.reboot();
    },
  };
};
