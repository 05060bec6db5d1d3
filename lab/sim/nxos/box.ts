import { BgpTable } from '../bgp.ts';
import { type CiscoAction, CiscoCli, type Dialect } from '../cisco/cisco.ts';
import { ciscoSpeakers } from '../cisco/cisco-neighbors.ts';
import { terminalCommands } from '../cisco/cisco-terminal.ts';
import { readLines } from '../config/read.ts';
import { child, cloneTree } from '../config/tree.ts';
import type { Device } from '../device.ts';
import type { Box, BoxOptions } from '../platform.ts';
import { commandTable } from '../terminal/words.ts';
import { nxosPeers } from './bgp.ts';
import { copy, dir, dontAsk, remove, tclsh } from './files.ts';
import { jsonForms } from './json.ts';
import { configureReplace, fileName, rollback, type Store } from './rollback.ts';
import { showCommands } from './show/show.ts';
import { ping, traceroute } from './show/show-more.ts';
import { nxosSyntax } from './syntax.ts';
import { checkpointText, hostname, runningText, startupText } from './text.ts';

const maxCheckpoints = 10;

/** What the commands of NX-OS need besides the device. */
export type NxosParts = { bgp: BgpTable; version: string; store: Store };

const checkpoint =
  (store: Store): CiscoAction =>
  ({ device, login }, [name = `user-checkpoint-${store.checkpoints.size + 1}`, description = '']) => {
    if (store.checkpoints.size >= maxCheckpoints)
      return `ERROR: Maximum number of checkpoints (${maxCheckpoints}) reached\n`;
    const tree = cloneTree(device.running);
    store.checkpoints.set(name, { tree, by: login.user, at: device.clock.now(), description });
    return '...Done\n';
  };

const checkpointFile: CiscoAction = ({ device }, [path = '']) => {
  if (device.faults.fullFlash) return 'ERROR: No space left on device\n';
  device.files.set(fileName(path), checkpointText(device));
  return 'Done\n';
};

const dialectOf = (parts: NxosParts): Dialect => {
  const { store } = parts;
  const forms = jsonForms(parts);
  const configure: CiscoAction = (cli) => {
    cli.configure(cli.device.running);
    return 'Enter configuration commands, one per line. End with CNTL/Z.\n';
  };
  const replaceCommit: CiscoAction = ({ device }) =>
    device.disarm() ? 'Configure replace commit is successful\n' : 'ERROR: No configure replace commit is pending\n';
  const exec = commandTable<CiscoAction>([
    ['configure [terminal]', configure],
    ['configure replace commit', replaceCommit],
    ['configure replace <file>', (cli, [file = '']) => configureReplace(cli, store, file, '')],
    ['configure replace <file> <rest...>', (cli, [file = '', rest = '']) => configureReplace(cli, store, file, rest)],
    ...terminalCommands,
    ['terminal dont-ask', (cli) => dontAsk(cli, true)],
    ['no terminal dont-ask', (cli) => dontAsk(cli, false)],
    ['copy <from> <to>', copy],
    ['delete <file...>', remove],
    ['dir [<path>]', dir],
    [
      'tclsh',
      (cli) => {
        tclsh(cli, hostname(cli.device.running));
        return '';
      },
    ],
    ['checkpoint [<name>|<name> description <text...>]', checkpoint(store)],
    ['checkpoint file <file>', checkpointFile],
    [
      'no checkpoint <name>',
      (_, [name = '']) => (store.checkpoints.delete(name) ? '' : `ERROR: Checkpoint ${name} does not exist\n`),
    ],
    [
      'no checkpoint file <file>',
      ({ device }, [name = '']) => (device.files.delete(fileName(name)) ? '' : `ERROR: File ${name} does not exist\n`),
    ],
    [
      'clear checkpoint database',
      () => {
        store.checkpoints.clear();
        return '..Done\n';
      },
    ],
    [
      'rollback running-config <kind> <name> [atomic|best-effort|stop-at-first-failure|verbose]',
      (cli, [kind = '', name = '']) => rollback(cli, store, kind, name),
    ],
    ['enable', () => ''],
    ['clear ip bgp <what...>', () => ''],
    ['clear bgp <what...>', () => ''],
    ['clear counters', () => ''],
    ['clear ip arp', () => ''],
    ['clear logging logfile', () => ''],
    ['ping <host...>', ping],
    ['traceroute <host...>', traceroute],
  ]);
  return {
    syntax: nxosSyntax,
    exec,
    show: showCommands(parts),
    config: exec.filter(({ words }) => /^(?:copy|checkpoint|terminal|no terminal)/.test(words.join(' '))),
    prompt: (cli) => `${hostname(cli.device.running)}${cli.editor ? `(config${cli.editor.prompt})` : ''}# `,
    showsInConfig: true,
    invalid: "% Invalid command at '^' marker.",
    incomplete: "% Incomplete command at '^' marker.",
    ambiguous: () => "% Ambiguous command at '^' marker.",
    edited: ({ device, login }) => device.touched(login.user),
    pipe: (cli, command, filter) => {
      if (!/^json(?:-pretty)?\b/.test(filter)) return undefined;
      for (const [pattern, form] of forms)
        if (pattern.test(command))
          return `${JSON.stringify(form(cli), undefined, filter.startsWith('json-pretty') ? 4 : undefined)}\n`;
      return '% Invalid command: JSON is not supported for this command\n';
    },
    idleSeconds: ({ device }) =>
      Number(
        /^exec-timeout (\d+)$/m.exec(
          (child(device.running, 'line vty')?.children ?? []).map(({ text }) => text).join('\n'),
        )?.[1] ?? 0,
      ) * 60,
  };
};

/** Cisco NX-OS. */
export const nxosBox = (device: Device, options: BoxOptions): Box => {
  const booted = readLines(nxosSyntax, options.config);
  device.running = booted.root;
  device.misread = booted.complaints;
  device.speakers = ciscoSpeakers.nxos;
  device.startup = cloneTree(device.running);
  const version = /^version (\S+)/m.exec(options.config)?.[1] ?? '10.3(4a)';
  const bgp = new BgpTable(device, () => nxosPeers(device.running));
  const store: Store = { checkpoints: new Map(), log: '' };
  const dialect = dialectOf({ bgp, version, store });
  device.onChange = () => bgp.refresh();
  const banner = () => {
    const lines = (child(device.running, /^banner motd /)?.body ?? []).slice(0, -1);
    return lines.length === 0 ? 'User Access Verification\n' : `${lines.join('\n')}\n`;
  };
  return {
    style: { enter: '\r\n', newline: '\r\n', more: '--More--', quote: '\x16', help: '  LINE    <cr>' },
    bgp,
    banner,
    greeting: () => '\nCisco NX-OS Software (simulated)\nNexus 9000v\n',
    cli: (login) => new CiscoCli(device, login, dialect, true),
    file: (path, by) => (child(device.running, `feature ${by}-server`) ? fileName(path) : undefined),
    text: (from) => (from === 'running' ? runningText(device) : startupText(device)),
    sessions: () => [...store.checkpoints.keys()].map((name) => `checkpoint ${name}`),
    foreign: (kind, user) => {
      // there is no lock and no session to hold, but a replacement of theirs that waits
      if (kind === 'none') device.disarm();
      else device.arm('commit-timeout 600', device.login(user, 'ssh', undefined), 600, cloneTree(device.running));
    },
    reboot: () => {
      device.disarm();
      device.running = cloneTree(device.startup);
      store.checkpoints.clear();
      bgp.reboot();
    },
  };
};
