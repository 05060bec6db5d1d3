import { BgpTable } from '../bgp.ts';
import { children, cloneTree } from '../config/tree.ts';
import type { Device } from '../device.ts';
import type { Box, BoxOptions } from '../platform.ts';
import { commandTable } from '../terminal/words.ts';
import { comwareTable, comwareVerbose, peersOf, vrpPeers } from './bgp.ts';
import { type VrpAction, VrpCli, type VrpDialect } from './cli.ts';
import { fileActions, sure } from './comware-files.ts';
import { VrpEditor } from './editor.ts';
import { comware } from './grammar.ts';
import { interfaceBrief, ipInterface, ipv6Interface, uptime } from './show.ts';
import { configBody, readConfig, sysname } from './text.ts';

/** HPE and H3C Comware: version 7 with its commit delay, or version 5, told by the head of the configuration. */
export const comwareBox = (device: Device, options: BoxOptions): Box => {
  const version = /^\s*version (\S+,? .*|\S+)$/m.exec(options.config)?.[1] ?? '7.1.070, Release 3506P10';
  const seven = version.startsWith('7');
  device.running = readConfig(options.config);
  device.startup = cloneTree(device.running);
  const bgp = new BgpTable(device, () => vrpPeers(device.running));
  device.onChange = () => bgp.refresh();
  const name = () => sysname(device.running, 'HPE');
  const body = (from: 'running' | 'startup') => `#\n version ${version}\n${configBody(device[from], ' ')}#\nreturn\n`;
  const editors = new Set<VrpCli>();
  /** The running tree is edited in place; an undo puts another in its place. */
  const renew = () => {
    for (const cli of editors) cli.editor = new VrpEditor(comware, device.running);
  };

  const { save, rename, remove } = fileActions(device, () => body('running'));
  const delay: VrpAction = async (cli, [minutes = '']) => {
    const amount = Number(minutes);
    if (!Number.isInteger(amount) || amount < 1) return " % Wrong parameter found at '^' position.\n";
    const before = device.trial?.before ?? cloneTree(device.running);
    device.arm('', cli.login, amount * 60, before, renew);
    return '';
  };
  /** Asked when a delay runs already: the manual says that it may be made shorter or longer. */
  const delayAgain: VrpAction = async (cli, args, io) => {
    const { trial } = device;
    if (trial) {
      const minutes = Math.round((trial.expiresAt - trial.since) / 60_000);
      if (!(await sure(io, `The commit delay already set ${minutes} minutes, overwrite it?`))) return '';
    }
    return delay(cli, args, io);
  };

  const peers =
    (family: string): VrpAction =>
    (_, args) => {
      const words = args.join(' ');
      const vrf = /vpn-instance (\S+)/.exec(words)?.[1] ?? 'default';
      const found = peersOf(bgp, family, vrf);
      return words.endsWith('verbose')
        ? comwareVerbose(found, device.clock.now())
        : comwareTable(found, device.clock.now());
    };
  const instances: VrpAction = () => {
    const names = children(device.running, /^ip vpn-instance (\S+)$/).map(([, [, each = '']]) => each);
    return names.length === 0
      ? ''
      : ` Total VPN-Instances configured : ${names.length}\n VPN-Instance Name               RD                     Create time\n${names.map((each) => ` ${each.padEnd(31)} 22:1                   2013/05/24 10:25:10\n`).join('')}`;
  };
  const display = commandTable<VrpAction>([
    ['display current-configuration', () => body('running')],
    ['display saved-configuration', () => body('startup')],
    [
      'display version',
      () =>
        `HPE Comware Software, Version ${version}\nCopyright (c) 2010-2022 Hewlett Packard Enterprise Development LP\nHPE MSR3024 AC Router uptime is ${uptime(device)}\n`,
    ],
    [
      'display device manuinfo',
      () => 'Slot 0:\nDEVICE_NAME          : HPE MSR3024\nDEVICE_SERIAL_NUMBER : SIMULATED01\n',
    ],
    ['display interface brief', () => interfaceBrief(device.running)],
    ['display ip interface', () => ipInterface(device.running)],
    ['display ipv6 interface', () => ipv6Interface(device.running)],
    ['display ip vpn-instance', instances],
    ['display bgp peer ipv4 [<rest...>]', peers('ipv4')],
    ['display bgp peer ipv6 [<rest...>]', peers('ipv6')],
    ['display bgp peer l2vpn evpn [<rest...>]', peers('evpn')],
  ]);

  const dialect: VrpDialect = {
    user: commandTable<VrpAction>([
      [
        'system-view',
        (cli) => {
          cli.editor = new VrpEditor(comware, device.running);
          editors.add(cli);
          return 'System View: return to User View with Ctrl+Z.\n';
        },
      ],
      ['save <file>', save],
      ['rename <from> <to>', rename],
      ['delete /unreserved <file>', remove],
      ['more <file>', (_, [file = '']) => device.files.get(file) ?? 'The file does not exist.\n'],
      [
        'dir',
        () =>
          `Directory of flash:\n${[...device.files].map(([file, text], at) => `   ${at} -rw-     ${String(text.length).padStart(8)} Nov 21 2026 09:00:00   ${file}\n`).join('')}\n1048576 KB total (524288 KB free)\n`,
      ],
      [
        'screen-length disable',
        (_, __, io) => {
          io.length = 0;
          return '';
        },
      ],
      [
        'reboot',
        async (_, __, io) =>
          (await sure(io, 'This command will reboot the device. Continue?')) ? 'Now rebooting, please wait...\n' : '',
      ],
    ]),
    display,
    system: seven
      ? commandTable<VrpAction>([
          [
            'configuration commit',
            () => {
              device.disarm();
              return '';
            },
          ],
          ['configuration commit delay <minutes>', delayAgain],
        ])
      : [],
    prompt: (cli) => (cli.editor ? `[${name()}${cli.editor.prompt}]` : `<${name()}>`),
    asksFirst: /^!press enter/m.test(options.config) ? 'Press ENTER to get started.' : '',
    complaint: (kind) =>
      ` % ${kind === 'invalid' ? 'Unrecognized' : kind === 'incomplete' ? 'Incomplete' : 'Ambiguous'} command found at '^' position.`,
    edit: (cli) => {
      device.touched(cli.login.user);
      return '';
    },
    leave: async (cli) => {
      editors.delete(cli);
      return true;
    },
    closed: (cli) => void editors.delete(cli),
  };
  const stars = '*'.repeat(78);
  return {
    style: {
      enter: '\r\n',
      newline: '\r\n',
      help: '  TEXT  Text of up to 242 characters',
      more: '---- More ----',
      erase: `\x1b[16D${' '.repeat(16)}\x1b[16D`,
    },
    bgp,
    asksUser: 'login: ',
    banner: () => '',
    greeting: () =>
      `${stars}\n* Copyright (c) 2010-2022 Hewlett Packard Enterprise Development LP          *\n* Without the owner's prior written consent,                                 *\n* no decompiling or reverse-engineering shall be allowed.                    *\n${stars}\n\n`,
    cli: (login) => new VrpCli(device, login, dialect),
    text: body,
    sessions: () => [...device.files.keys()].filter((file) => file.startsWith('plumb-')),
    foreign: (kind, user) => {
      if (kind === 'none') device.disarm();
      else device.arm('', device.login(user, 'ssh', undefined), 600, cloneTree(device.running), renew);
    },
    reboot: () => {
      device.disarm();
      device.apply(cloneTree(device.startup), 'system');
      bgp.reboot();
    },
  };
};
