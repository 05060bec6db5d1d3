import { BgpTable } from '../bgp.ts';
import { child, cloneTree } from '../config/tree.ts';
import type { Device } from '../device.ts';
import type { Box, BoxOptions } from '../platform.ts';
import { junosPeers } from './bgp.ts';
import { JunosCli } from './cli.ts';
import { Database } from './config/database.ts';
import { setPath, wordsOf } from './config/edit.ts';
import { braces, readBraces } from './config/text.ts';
import { junosInterfaces } from './interfaces.ts';
import { junosSpeakers } from './neighbors.ts';
import { netconfOf } from './netconf.ts';
import type { JunosParts } from './oper.ts';

/** Juniper Junos. There is no startup: what is committed is kept. */
export const junosBox = (device: Device, options: BoxOptions): Box => {
  const booted = readBraces(options.config);
  device.running = booted.root;
  device.readInterfaces = junosInterfaces;
  device.speakers = junosSpeakers;
  device.misread = booted.mistakes;
  device.startup = device.running;
  const version = /^version ([^;]+);/m.exec(options.config)?.[1] ?? '23.2R1.14';
  const bgp = new BgpTable(device, () => junosPeers(device.running));
  const parts: JunosParts = { device, bgp, version };
  device.record({ id: '0', user: 'root', client: 'other', comment: '' });
  const database = new Database(device);
  device.onChange = () => {
    device.startup = device.running;
    bgp.refresh();
  };
  const text = () =>
    `## Last commit: ${new Date(device.lastChange.at).toISOString().slice(0, 19).replace('T', ' ')} UTC by ${device.lastChange.by}\n${braces(device.running).join('\n')}\n`;
  return {
    style: { enter: '\r\n', newline: '\r\n', more: '---(more)---', help: 'No valid completions' },
    bgp,
    banner: () => '',
    greeting: (login) => `--- JUNOS ${version} built 2018-02-08 02:19:07 UTC${login.via === 'telnet' ? '\n' : ''}`,
    cli: (login) => new JunosCli(parts, database, login),
    netconf: (login) => netconfOf(parts, database, login),
    file: (path, by) => {
      const ssh = child(child(child(device.running, 'system'), 'services'), 'ssh');
      return by === 'sftp' && Number.parseFloat(version) >= 19 && !child(ssh, 'sftp-server') ? undefined : path;
    },
    text,
    sessions: () => [
      ...(database.lockedBy ? [`${database.lockedBy.login.user} exclusive`] : []),
      ...(database.modified ? ['shared changed'] : []),
    ],
    foreign: (kind, user) => {
      const login = { id: -1, user, from: '', via: 'ssh', since: device.clock.now(), link: undefined } as const;
      if (database.lockedBy && database.lockedBy.login.id < 0) database.lockedBy = undefined;
      if (kind === 'none') database.shared.tree = cloneTree(device.running);
      if (kind === 'lock') database.lockedBy = { login, text: '' };
      if (kind === 'session') {
        database.touched(login);
        setPath(database.shared.tree, wordsOf('interfaces lo0 description "half done"'));
      }
    },
    reboot: () => {
      database.lockedBy = undefined;
      database.shared.tree = cloneTree(device.running);
      bgp.reboot();
    },
  };
};
