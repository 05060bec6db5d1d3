import { BgpTable } from '../bgp.ts';
import { dateParts } from '../clock.ts';
import { cloneTree } from '../config/tree.ts';
import type { Device } from '../device.ts';
import type { Box, BoxOptions } from '../platform.ts';
import { commandTable } from '../terminal/words.ts';
import { huaweiTable, huaweiVerbose, peersOf, vrpPeers } from './bgp.ts';
import { Candidate } from './candidate.ts';
import { type VrpAction, VrpCli, type VrpDialect } from './cli.ts';
import { VrpEditor } from './editor.ts';
import { huawei } from './grammar.ts';
import { huaweiFiles } from './huawei-files.ts';
import { sure, trialActions } from './huawei-trial.ts';
import { interfaceBrief, ipBrief, ipInterface, ipv6Interface, uptime } from './show.ts';
import { configBody, readConfig, sysname } from './text.ts';

/** Huawei VRP: version 8 with two stages and trials, or version 5, told by the head of the configuration. */
export const huaweiBox = (device: Device, options: BoxOptions): Box => {
  const version = /^!Software Version (V\S+)/m.exec(options.config)?.[1] ?? 'V800R021C10SPC600';
  const two = version.startsWith('V8') || /^!CloudEngine/m.test(options.config);
  device.running = readConfig(options.config);
  device.startup = cloneTree(device.running);
  const bgp = new BgpTable(device, () => vrpPeers(device.running));
  device.onChange = () => bgp.refresh();
  const candidates = new Map<VrpCli, Candidate>();
  const { commit, abort, status } = trialActions(device, candidates);
  const name = () => sysname(device.running, 'HUAWEI');
  const text = (from: 'running' | 'startup') =>
    `!Software Version ${version}\n!Last configuration was ${from === 'running' ? 'updated' : 'saved'} at ${new Date(device.lastChange.at).toISOString()} by ${device.lastChange.by}\n${configBody(device[from], '')}#\nreturn\n`;

  const refresh =
    (keep: boolean): VrpAction =>
    (cli) => {
      candidates.get(cli)?.refresh(keep);
      return '';
    };
  const files = huaweiFiles(device, () => text('running'));
  const systemView: VrpAction = (cli, [how = '']) => {
    const immediate = !two || 'immediately'.startsWith(how || '-');
    if (!immediate) {
      const candidate = new Candidate(device);
      candidates.set(cli, candidate);
      cli.editor = candidate.editor;
    } else cli.editor = new VrpEditor(huawei, device.running);
    return 'Enter system view, return user view with return command.\n';
  };

  const peers =
    (family: string, vrf?: string): VrpAction =>
    (_, [how]) => {
      const found = peersOf(bgp, family, vrf);
      return how === undefined ? huaweiTable(found, device.clock.now()) : huaweiVerbose(found, device.clock.now());
    };
  const display = commandTable<VrpAction>([
    ['display current-configuration', () => text('running')],
    ['display saved-configuration', () => text('startup')],
    [
      'display version',
      () =>
        `Huawei Versatile Routing Platform Software\nVRP (R) software, Version ${two ? '8.210' : '5.170'} (NE8000 ${version})\nCopyright (C) 2012-2021 Huawei Technologies Co., Ltd.\nHUAWEI NE8000 M8 uptime is ${uptime(device)}\n`,
    ],
    ['display esn', () => 'ESN of device: SIMULATED01\n'],
    ['display interface brief', () => interfaceBrief(device.running)],
    ['display ip interface brief', () => ipBrief(device.running)],
    ['display ip interface', () => ipInterface(device.running)],
    ['display ipv6 interface', () => ipv6Interface(device.running)],
    ...['', ' <verbose>'].flatMap((how): [string, VrpAction][] => [
      [`display bgp peer${how}`, peers('ipv4', 'default')],
      [`display bgp ipv6 peer${how}`, peers('ipv6', 'default')],
      [`display bgp evpn peer${how}`, peers('evpn', 'default')],
    ]),
    ...(two
      ? ([
          ['display configuration trial status', status],
          [
            'display configuration commit list',
            () =>
              `${'-'.repeat(60)}\nNo.  CommitId    Label    User     TimeStamp\n${'-'.repeat(60)}\n${device.history.map(({ id, user, at }, n) => `${n + 1}    ${id}  -        ${user}    ${dateParts(at).iso}\n`).join('')}`,
          ],
        ] satisfies [string, VrpAction][])
      : []),
  ]);

  const dialect: VrpDialect = {
    user: commandTable<VrpAction>([
      ['system-view [<how>]', systemView],
      ...files,
      [
        'screen-length <lines> temporary',
        (_, [lines = '0'], io) => {
          io.length = Number(lines);
          return 'Info: The configuration takes effect on the current user terminal interface only.\n';
        },
      ],
      [
        'screen-width <columns>',
        async (_, __, io) =>
          (await sure(io, 'This command will change the default screen width.'))
            ? 'Info: Succeeded in setting the screen width to 255.\n'
            : '',
      ],
      [
        'reset saved-configuration',
        async (_, __, io) => {
          if (!(await sure(io, 'The action will delete the saved configuration on the device.'))) return '';
          device.startup = readConfig('');
          return 'Info: Delete the configuration successfully.\n';
        },
      ],
    ]),
    display,
    system: two
      ? commandTable<VrpAction>([
          ['commit [<rest...>]', commit],
          ['abort trial [<rest...>]', abort],
          ['clear configuration candidate', refresh(false)],
          ['refresh configuration candidate', refresh(true)],
          [
            'display configuration candidate changes',
            (cli) => {
              const candidate = candidates.get(cli);
              return candidate?.stale
                ? "Warning: The current running configuration is changed. Run 'refresh configuration candidate' first.\n"
                : (candidate?.changes() ?? '');
            },
          ],
        ])
      : [],
    prompt: (cli) => {
      if (!cli.editor) return `<${name()}>`;
      const candidate = candidates.get(cli);
      if (candidate) cli.editor = candidate.editor; // a refresh makes it anew
      return `[${candidate ? (candidate.dirty ? '*' : '~') : ''}${name()}${cli.editor.prompt}]`;
    },
    asksFirst: /^!Initial password/m.test(options.config)
      ? 'Warning: The initial password poses security risks.\nThe password needs to be changed. Change now? [Y/N]:'
      : '',
    complaint: (kind) =>
      kind === 'invalid'
        ? "Error: Unrecognized command found at '^' position."
        : `Error: ${kind === 'incomplete' ? 'Incomplete' : 'Ambiguous'} command found at '^' position.`,
    edit: (cli, line) => {
      const candidate = candidates.get(cli);
      if (candidate) candidate.typed.push({ path: candidate.editor.path.filter((view) => view !== line), line });
      else device.touched(cli.login.user);
      return '';
    },
    leave: async (cli, io) => {
      const candidate = candidates.get(cli);
      if (candidate?.dirty) {
        const answer =
          (await io.ask(
            'Warning: Uncommitted configurations found. Are you sure to commit them before exiting? [Y(yes)/N(no)/C(cancel)]:',
          )) ?? 'n';
        if (/^c/i.test(answer)) return false;
        if (/^y/i.test(answer)) io.print(await commit(cli, [''], io));
      }
      candidates.delete(cli);
      return true;
    },
    closed: (cli) => {
      candidates.delete(cli);
      if (device.trial?.name === '' && device.trial.armedBy === cli.login) device.undo(); // of the session that is gone
    },
  };
  return {
    style: {
      enter: '\r\n',
      newline: '\r\n',
      help: '  TEXT  Text of up to 242 characters',
      more: '  ---- More ----',
      erase: `\x1b[16D${' '.repeat(16)}\x1b[16D`,
      echo: (typed) => (typed.length > 40 ? `${typed.slice(0, 40)} \x1b[1D${typed.slice(40)}` : typed),
    },
    bgp,
    asksUser: 'Username:',
    banner: () => '',
    greeting: () =>
      'Info: The max number of VTY users is 21, the number of current VTY users online is 1, and total number of terminal lines is 1.\n      The current login time is 2026-11-21 09:00:00.\nInfo: Lastest accessed IP: 127.0.0.1  Time: 2026-11-20 17:02:36  Failed: 0\n',
    cli: (login) => new VrpCli(device, login, dialect),
    text,
    sessions: () => [...candidates].filter(([, candidate]) => candidate.dirty).map(([cli]) => cli.login.user),
    foreign: (kind, user) => {
      if (kind === 'none') device.disarm();
      else device.arm('', { ...device.login(user, 'ssh', undefined) }, 600, device.running);
    },
    reboot: () => {
      candidates.clear();
      device.disarm();
      device.apply(cloneTree(device.startup), 'system');
      bgp.reboot();
    },
  };
};
