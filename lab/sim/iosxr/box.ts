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
import { iosxrPeers } from './bgp.ts';
import { commit, leave, refused, rollback } from './commit.ts';
import { netconfOf } from './netconf/netconf.ts';
import { showCommands } from './show.ts';
import { trace } from './show-more.ts';
import { iosxrSyntax } from './syntax.ts';
import { Target, Targets } from './targets.ts';
import { configText, hostname, runningText, stamp } from './text.ts';
import { utility } from './utility.ts';

/** What the commands of IOS-XR need besides the device. */
export type IosxrParts = { bgp: BgpTable; version: string; targets: Targets };

const fileName = (path: string): string => path.replace(/^(?:harddisk|disk\d|bootflash|flash):\/*/, '');

const said = (_effect: unknown): string => '';

const directory = ({ device }: CiscoCli, path: string): string =>
  `Directory of ${path}\n\n${[...device.files].map(([name, text], at) => `${String(at + 11).padStart(5)} -rw-r--r--. 1 ${String(Buffer.byteLength(text)).padStart(8)} Nov 21 06:00 ${name}\n`).join('')}\n1012660 kbytes total (939276 kbytes free)\n`;

const dialectOf = (parts: IosxrParts): Dialect => {
  const { targets } = parts;
  const current = new WeakMap<CiscoCli, Target>();
  const silent = new WeakSet<CiscoCli>(); // no date before an output
  const targetOf = (cli: CiscoCli) => (cli.editor ? current.get(cli) : undefined);
  const configure =
    (exclusive: boolean): CiscoAction =>
    (cli) => {
      const no = exclusive ? refused(targets, cli) : undefined;
      if (no !== undefined) return no;
      const target = targets.begin(cli.login);
      if (exclusive) targets.lockedBy = { user: cli.login.user, id: cli.login.id };
      current.set(cli, target);
      cli.editor = target.editor;
      return '';
    };
  const end: CiscoAction = (cli) => {
    const target = current.get(cli);
    if (target) targets.end(target);
    cli.editor = undefined;
    return '';
  };
  const clear: CiscoAction = (cli) => {
    const target = targetOf(cli);
    target?.clear();
    cli.editor = target?.editor;
    return '';
  };
  const load: CiscoAction = (cli, [path = '']) => {
    const text = cli.device.files.get(fileName(path));
    const target = targetOf(cli);
    if (text === undefined || !target) return `Couldn't open file ${path}\n`;
    const { complaints } = readLines(iosxrSyntax, text);
    const bad = new Set(complaints.map(({ line }) => line));
    target.add(...text.split('\n').filter((line, at) => !bad.has(at + 1) && line.trim() !== 'end'), 'root');
    targets.failed = complaints
      .map(
        ({ text: line }) =>
          `!! SYNTAX/AUTHORIZATION ERRORS: This configuration failed due to\n!! one or more of the following reasons:\n!!  - the entered commands do not exist,\n${line}\n`,
      )
      .join('');
    return `Loading.\n${Buffer.byteLength(text)} bytes parsed in 1 sec (${Buffer.byteLength(text)})bytes/sec\n${complaints.length > 0 ? "% Couldn't load some configuration commands. Please use 'show configuration failed load' to view the errors\n" : ''}`;
  };
  const commits = commit(targets, targetOf);
  return {
    syntax: iosxrSyntax,
    show: showCommands(parts, targetOf),
    exec: commandTable<CiscoAction>([
      ['configure [terminal]', configure(false)],
      ['configure exclusive', configure(true)],
      ...terminalCommands,
      ['terminal exec prompt timestamp', (cli) => said(silent.delete(cli))],
      ['terminal exec prompt no-timestamp', (cli) => said(silent.add(cli))],
      ['dir [/all]', (cli) => directory(cli, 'disk0:')],
      ['traceroute <words...>', trace],
      ['rollback configuration <kind> <number>', rollback(targets)],
      ['clear configuration inconsistency', () => ''],
      ['clear bgp <what...>', () => ''],
      ['clear counters', () => ''],
      [
        'ping <host...>',
        ({ device }, [words = '']) =>
          `Success rate is ${answers(device, words) ? '100 percent (5/5), round-trip min/avg/max = 1/1/2 ms' : '0 percent (0/5)'}\n`,
      ],
    ]),
    config: commandTable<CiscoAction>([
      ['commit [<how...>]', commits],
      ['abort', end],
      ['clear', clear],
      ['load <path>', load],
      ['rollback configuration <kind> <number>', rollback(targets)],
    ]),
    prompt: (cli) =>
      `RP/0/RP0/CPU0:${hostname(cli.device.running).slice(0, cli.editor ? 31 : 63)}${cli.editor ? `(config${cli.editor.prompt})` : ''}#`,
    stamp: (cli) => (silent.has(cli) ? '' : stamp(targets.device)),
    showsInConfig: true,
    pipe: (_cli, _command, filter, output) => utility(output, filter),
    invalid: "% Invalid input detected at '^' marker.",
    incomplete: '% Incomplete command.',
    ambiguous: (line) => `% Ambiguous command:  "${line}"`,
    edited: (cli, line, body) => targetOf(cli)?.add(line, ...body),
    leaving: async (cli, io) => {
      const target = targetOf(cli);
      return target ? leave(targets, target, cli, io) : true;
    },
    closed: (cli) => {
      const target = current.get(cli);
      if (target) targets.end(target);
    },
    idleSeconds: ({ device }) =>
      Number(
        /^exec-timeout (\d+)/m.exec(
          (child(device.running, 'line default')?.children ?? []).map(({ text }) => text).join('\n'),
        )?.[1] ?? 0,
      ) * 60,
  };
};

/** Cisco IOS-XR. There is no startup: what is committed is kept. */
export const iosxrBox = (device: Device, options: BoxOptions): Box => {
  const booted = readLines(iosxrSyntax, options.config.replace(/^Building configuration.*$/m, ''));
  device.running = booted.root;
  device.misread = booted.complaints;
  device.speakers = ciscoSpeakers.iosxr;
  device.startup = device.running;
  const version = /^!! IOS XR Configuration (?:version = )?(\d\S*)/m.exec(options.config)?.[1] ?? '7.11.2';
  const bgp = new BgpTable(device, () => iosxrPeers(device.running));
  const targets = new Targets(device);
  device.record({ id: '1000000000', user: 'system', client: 'System', comment: '' });
  const parts: IosxrParts = { bgp, version, targets };
  const dialect = dialectOf(parts);
  device.onChange = () => {
    device.startup = device.running;
    bgp.refresh();
  };
  return {
    style: { enter: '\r\n', newline: '\r\n', more: ' --More-- ', quote: '\x16', help: '  LINE    <cr>' },
    bgp,
    asksUser: 'Username: ',
    banner: () => '',
    greeting: () => '\n\n',
    cli: (login) => new CiscoCli(device, login, dialect, true),
    netconf: (login) => netconfOf(parts, login),
    file: (path) => fileName(path.replace(/^\/(?:harddisk|disk\d|bootflash|flash):/, (found) => found.slice(1))),
    text: (from) => (from === 'running' ? runningText(device, version) : configText(device, version)),
    sessions: () => [...targets.open].map(({ login, empty }) => `${login.user} ${empty ? 'empty' : 'changed'}`),
    foreign: (kind, user) => {
      for (const one of targets.open) if (one.login.id < 0) targets.open.delete(one);
      if (targets.lockedBy && targets.lockedBy.id < 0) targets.lockedBy = undefined;
      if (kind === 'none') return;
      const login = { id: -1, user, from: '', via: 'ssh', since: device.clock.now(), link: undefined } as const;
      if (kind === 'lock') targets.lockedBy = { user, id: -1 };
      const target = new Target(login, device.clock.now(), cloneTree(device.running));
      target.add('interface Loopback99', ' description half done', 'root');
      targets.open.add(target);
    },
    reboot: () => {
      targets.open.clear();
      targets.lockedBy = undefined;
      bgp.reboot();
    },
  };
};
