import { createHash } from 'node:crypto';
import { answers } from '../arp.ts';
import { cloneTree } from '../config/tree.ts';
import type { Io } from '../platform.ts';
import type { JunosCli } from './cli.ts';
import { wordsOf } from './config/edit.ts';
import { shown, unknownDisplay } from './config/shown.ts';
import { ping, traceroute } from './hardware.ts';
import { shows } from './oper-show.ts';

const lastCommit = (cli: JunosCli): string =>
  `## Last commit: ${new Date(cli.parts.device.lastChange.at).toISOString().slice(0, 19).replace('T', ' ')} UTC by ${cli.parts.device.lastChange.by}\n`;

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
  const warning = how === '' ? '' : 'warning: uncommitted changes will be discarded on exit\n';
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
  const show = Object.hasOwn(shows, line) ? shows[line] : undefined;
  if (show)
    return xmlOr(
      display,
      () => show.xml(parts),
      () => show.text(parts),
    );
  switch (line) {
    case 'show ntp associations no-resolve':
      return '     remote           refid      st t when poll reach   delay   offset  jitter\n==============================================================================\n';
    case 'exit':
    case 'quit':
      io.end();
      return '';
    case 'show system users':
      return `${[...device.logins].map(({ user, id, from }) => `${user}     p${id}      ${from}\n`).join('')}`;
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
