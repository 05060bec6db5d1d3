import { createHash } from 'node:crypto';
import { answers, resolvedOf } from '../arp.ts';
import { cloneTree, type Node } from '../config/tree.ts';
import type { Io } from '../platform.ts';
import type { JunosCli } from './cli.ts';
import { find, wordsOf } from './config/edit.ts';
import { leafKey } from './config/grammar.ts';
import { braces, setLines } from './config/text.ts';
import { configurationXml } from './config/xml-config.ts';
import { arp, environment, inventory, ping, routeEngine, traceroute } from './hardware.ts';
import { interfaces } from './interface-xml.ts';
import { isisNeighbors, lldpNeighbors, ospfNeighbors } from './neighbors.ts';
import {
  bgpNeighbors,
  bgpSummary,
  bgpSummaryText,
  commits,
  commitsText,
  hostname,
  routeSummary,
  software,
  uptime,
} from './oper.ts';

/** What is said to a form of output that is not simulated. */
export const unknownDisplay = (display: readonly string[]): string | undefined => {
  const unknown = display.find((one) => !/^display (?:xml|set|inheritance)\b|^compare\b/.test(one));
  return unknown === undefined ? undefined : `error: syntax error: ${unknown}\n`;
};

const lastCommit = (cli: JunosCli): string =>
  `## Last commit: ${new Date(cli.parts.device.lastChange.at).toISOString().slice(0, 19).replace('T', ' ')} UTC by ${cli.parts.device.lastChange.by}\n`;

/** A configuration or a part of it, in the form that was asked for. */
export const shown = (tree: Node, words: readonly string[], display: readonly string[]): string => {
  const { node, rest } = find(tree, words);
  const lines = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');
  if (rest.length > 0) {
    const values = node.children.filter(({ text, children }) => children.length === 0 && leafKey(text) === rest[0]);
    if (rest.length > 1 || values.length === 0) return '';
    const path = words.slice(0, -1);
    return lines(
      display.some((one) => /set/.test(one))
        ? setLines({ text: '', children: values }, path.length > 0 ? ` ${path.join(' ')}` : '')
        : braces({ text: '', children: values }),
    );
  }
  if (display.some((one) => /set/.test(one)))
    return lines(setLines(node, words.length > 0 ? ` ${words.join(' ')}` : ''));
  if (display.some((one) => /xml/.test(one))) return `<rpc-reply>${configurationXml(node)}</rpc-reply>\n`;
  return lines(braces(node));
};

const xmlOr = (display: readonly string[], xml: () => string, text: () => string): string => {
  if (!display.some((one) => /xml/.test(one))) return text();
  const answer = xml();
  const [, complaint] = /^<rpc-error>.*<error-message[^>]*>([^<]*)</.exec(answer) ?? [];
  return complaint === undefined ? `<rpc-reply>${answer}</rpc-reply>\n` : `error: ${complaint}\n`;
};

const enterConfiguration = (cli: JunosCli, how: string): string => {
  const { database, login } = cli;
  if (how === 'exclusive') {
    const complaint = database.lock(login);
    if (complaint !== undefined) return `error: ${complaint}\n`;
    cli.exclusive = true;
  } else if (how !== 'private' && database.lockedBy && database.lockedBy.login.id !== login.id)
    return `error: ${database.lockText()}\n`;
  cli.candidate = how === 'private' ? { tree: cloneTree(cli.parts.device.running), private: true } : database.shared;
  cli.path = [];
  const warning =
    how === 'exclusive'
      ? 'warning: uncommitted changes will be discarded on exit\n'
      : how === 'private'
        ? 'warning: uncommitted changes will be discarded on exit\n'
        : '';
  const modified =
    how === '' && database.modified
      ? `${database.editorText}The configuration has been changed but not committed\n`
      : '';
  return `${warning}Entering configuration mode\n${modified}`;
};

/** Runs a command of operational mode. @returns undefined for one that does not exist */
export const operate = async (
  cli: JunosCli,
  command: string,
  display: readonly string[],
  io: Io,
): Promise<string | undefined> => {
  const { parts, database } = cli;
  const { device } = parts;
  const line = command.replace(/\s+/g, ' ').replace(/^sh(?:o|ow)? /, 'show ');
  const unknownForm = unknownDisplay(display);
  if (unknownForm !== undefined) return unknownForm;
  const setCli = /^set cli (screen-length|screen-width|complete-on-space|timestamp|idle-timeout) ?(\S*)/.exec(line);
  if (setCli) {
    const [, what, size = ''] = setCli;
    if (/^screen-/.test(what ?? '') && !/^\d+$/.test(size)) return `error: invalid numeric value: '${size}'\n`;
    if (what === 'screen-length') io.length = Number(size);
    if (what === 'complete-on-space') return 'Disabling complete-on-space\n';
    return `${what === 'screen-length' ? 'Screen length' : 'Screen width'} set to ${size}\n`;
  }
  const configure = /^(?:conf\w*|edit)(?: (exclusive|private))?$/.exec(line);
  if (configure) return enterConfiguration(cli, configure[1] ?? '');
  if (/^start shell/.test(line)) {
    if (/user root/.test(line) && (await io.ask('Password:', { echo: false })) === undefined) return '';
    cli.shell = true;
    return '';
  }
  const configuration = /^show configuration(?: (.*))?$/.exec(line);
  if (configuration)
    return `${display.length === 0 && !configuration[1] ? lastCommit(cli) : ''}${shown(device.running, wordsOf(configuration[1] ?? ''), display)}`;
  const rollback = /^show system rollback (\d+)$/.exec(line);
  const older = rollback && device.history[Number(rollback[1])];
  if (rollback) return older ? shown(older.tree, [], display) : `error: rollback ${rollback[1]} does not exist\n`;
  const file = /^file (show|delete|list|checksum md5) ?(\S*)/.exec(line);
  if (file?.[1] === 'delete') return device.files.delete(file[2] ?? '') ? '' : `error: No such file or directory\n`;
  if (file?.[1] === 'checksum md5') {
    const text = device.files.get(file[2] ?? '');
    return text === undefined
      ? `md5: ${file[2]}: No such file or directory\n`
      : `MD5 (${file[2]}) = ${createHash('md5').update(text).digest('hex')}\n`;
  }
  if (file?.[1] === 'show') return device.files.get(file[2] ?? '') ?? `error: could not open file: ${file[2]}\n`;
  if (file) return [...device.files.keys()].map((name) => `${name}\n`).join('');
  const [, probe, host = '', options = ''] = /^(ping|traceroute) (\S+)(.*)$/.exec(line) ?? [];
  if (probe !== undefined) {
    const heard = answers(device, host);
    const xml = probe === 'ping' ? ping(host, Number(/ count (\d+)/.exec(options)?.[1] ?? 5), heard) : traceroute(host);
    return xmlOr(
      display,
      () => xml,
      () =>
        probe === 'ping'
          ? `PING ${host}: 5 packets transmitted, ${heard ? '5 packets received, 0' : '0 packets received, 100'}% packet loss\n`
          : ` 1  ${host}  1.0 ms\n`,
    );
  }
  switch (line) {
    case 'show ospf neighbor':
    case 'show ospf neighbor instance all':
      return xmlOr(
        display,
        () => ospfNeighbors(device),
        () =>
          device.neighbors('ospf') === undefined
            ? 'OSPF instance is not running\n'
            : `Address          Interface              State           ID               Pri  Dead\n${(device.neighbors('ospf') ?? []).map((one) => `${one.address.padEnd(16)} ${one.interface.name.padEnd(22)} Full            ${one.address.padEnd(16)} 128    35\n`).join('')}`,
      );
    case 'show isis adjacency':
    case 'show isis adjacency instance all':
      return xmlOr(
        display,
        () => isisNeighbors(device),
        () =>
          device.neighbors('isis') === undefined
            ? 'IS-IS instance is not running\n'
            : `Interface             System         L State         Hold (secs) SNPA\n${(device.neighbors('isis') ?? []).map((one) => `${one.interface.name.padEnd(21)} ${one.system.padEnd(14)} 2 Up                   20\n`).join('')}`,
      );
    case 'show arp no-resolve':
      return xmlOr(
        display,
        () => arp(parts),
        () =>
          `MAC Address       Address         Interface                Flags\n${resolvedOf(device, parts.bgp, 'ipv4')
            .map((one) => `${one.mac} ${one.address.padEnd(15)} ${one.interface.name.padEnd(24)} none\n`)
            .join('')}`,
      );
    case 'show ntp associations no-resolve':
      return '     remote           refid      st t when poll reach   delay   offset  jitter\n==============================================================================\n';
    case 'exit':
    case 'quit':
      io.end();
      return '';
    case 'show version':
      return xmlOr(
        display,
        () => software(parts),
        () =>
          `${hostname(device.running) === undefined ? '' : `Hostname: ${hostname(device.running)}\n`}Model: vsrx\nJunos: ${parts.version}\nJUNOS Software Release [${parts.version}]\n`,
      );
    case 'show bgp summary':
      return xmlOr(
        display,
        () => bgpSummary(parts),
        () => bgpSummaryText(parts),
      );
    case 'show route summary':
      return xmlOr(
        display,
        () => routeSummary(parts),
        () => 'Autonomous system number: 0\n',
      );
    case 'show lldp neighbors':
      return xmlOr(
        display,
        () => lldpNeighbors(device),
        () => '',
      );
    case 'show bgp neighbor':
      return xmlOr(
        display,
        () => bgpNeighbors(parts),
        () =>
          parts.bgp
            .peers()
            .map(
              (peer) =>
                `Peer: ${peer.address}+179 AS ${peer.remoteAs} Local: ${peer.local}+51000 AS ${peer.localAs}\n  Type: ${peer.remoteAs === peer.localAs ? 'Internal' : 'External'}    State: ${peer.state}\n  Last Error: ${peer.lastError || 'None'}\n`,
            )
            .join('\n'),
      );
    case 'show interfaces terse':
    case 'show interfaces':
      return xmlOr(
        display,
        () => interfaces(parts, { terse: line.endsWith('terse'), extensive: false, name: undefined }),
        () =>
          `Interface               Admin Link Proto    Local                 Remote\n${(find(device.running, ['interfaces']).node.children ?? []).map(({ text }) => `${text.padEnd(24)}up    up\n`).join('')}`,
      );
    case 'show chassis routing-engine':
      return xmlOr(
        display,
        () => routeEngine(parts),
        () =>
          'Routing Engine status:\n    DRAM                      2048 MB\n    Memory utilization          50 percent\n    Model                          VSRX RE\n',
      );
    case 'show chassis environment':
      return xmlOr(
        display,
        () => environment,
        () =>
          'Class Item                           Status     Measurement\nTemp  Routing Engine 0 CPU           OK         40 degrees C / 104 degrees F\nFans  Fan 0                          OK\nPower PEM 0                          OK\n',
      );
    case 'show system uptime':
      return xmlOr(
        display,
        () => uptime(parts),
        () =>
          `Current time: ${new Date(device.clock.now()).toISOString()}\nSystem booted: ${new Date(device.bootedAt).toISOString()}\n`,
      );
    case 'show system commit':
      return xmlOr(
        display,
        () => `<commit-information>${commits(parts)}</commit-information>`,
        () => commitsText(parts),
      );
    case 'show system users':
      return `${[...device.logins].map(({ user, id, from }) => `${user}     p${id}      ${from}\n`).join('')}`;
    case 'show chassis hardware':
      return xmlOr(
        display,
        () => inventory,
        () =>
          'Hardware inventory:\nItem             Version  Part number  Serial number     Description\nChassis                                SIMULATED01       VSRX\n',
      );
    case 'show cli':
      return `CLI screen length set to ${io.length}\n`;
    case 'clear system commit':
      device.undo();
      database.discard(database.shared);
      return '';
    default:
      return undefined;
  }
};
