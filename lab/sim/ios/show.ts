import type { Peer } from '../bgp.ts';
import type { CiscoAction, CiscoCli } from '../cisco/cisco.ts';
import { healthCommands } from '../cisco/cisco-health.ts';
import { dateParts } from '../clock.ts';
import { readLines } from '../config/read.ts';
import { emptyTree } from '../config/tree.ts';
import { type Command, commandTable } from '../terminal/words.ts';
import { differences, incremental } from './archive.ts';
import type { IosParts } from './box.ts';
import { neighbors, summary } from './show-bgp.ts';
import { brief, interfaces, ipInterfaces, ipv6Interfaces } from './show-interfaces.ts';
import { moreCommands } from './show-more.ts';
import { iosSyntax } from './syntax.ts';
import { hostname, runningText, startupText } from './text.ts';
import { fileName, pending } from './trial.ts';

const uptime = (seconds: number): string =>
  `${Math.floor(seconds / 86_400)} days, ${Math.floor(seconds / 3600) % 24} hours, ${Math.floor(seconds / 60) % 60} minutes`;

const version = (cli: CiscoCli, { version: number }: IosParts): string => {
  const long = number.replace(/\.0(\d)$/, '.$1');
  return `Cisco IOS XE Software, Version ${number}
Cisco IOS Software [Gibraltar], Virtual XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version ${long}, RELEASE SOFTWARE (fc5)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2020 by Cisco Systems, Inc.
Compiled Mon 09-Mar-20 21:50 by mcpre


Cisco IOS-XE software, Copyright (c) 2005-2020 by cisco Systems, Inc.
All rights reserved.  Certain components of Cisco IOS-XE software are
licensed under the GNU General Public License ("GPL") Version 2.0.  The
software code licensed under GPL Version 2.0 is free software that comes
with ABSOLUTELY NO WARRANTY.  You can redistribute and/or modify such
GPL code under the terms of GPL Version 2.0.  For more details, see the
documentation or "License Notice" file accompanying the IOS-XE software,
or the applicable URL provided on the flyer accompanying the IOS-XE
software.


ROM: IOS-XE ROMMON

${hostname(cli.device.running)} uptime is ${uptime(cli.device.uptime)}
Uptime for this control processor is ${uptime(cli.device.uptime)}
System returned to ROM by reload
System image file is "bootflash:packages.conf"
Last reload reason: reload

cisco CSR1000V (VXE) processor (revision VXE) with 2182292K/3075K bytes of memory.
Processor board ID 9SIMULATED1
${cli.device.interfaces().length} Gigabit Ethernet interfaces
32768K bytes of non-volatile configuration memory.
3978420K bytes of physical memory.
6188032K bytes of virtual hard disk at bootflash:.

Configuration register is 0x2102

`;
};

const domain = (cli: CiscoCli): string =>
  cli.device.running.children.map(({ text }) => /^ip domain[ -]name (\S+)$/.exec(text)?.[1]).find(Boolean) ?? 'not set';

const clock: CiscoAction = ({ device }) => {
  const { time, ms, day, month, date, year } = dateParts(device.clock.now());
  return `*${time}.${ms} UTC ${day} ${month} ${date} ${year}\n`;
};

const users: CiscoAction = ({ device }) =>
  `    Line       User       Host(s)              Idle       Location\n${[...device.logins].map(({ id, user, from }) => `*${String(id).padStart(3)} vty ${id}     ${user.padEnd(10)} idle                 00:00:00 ${from}\n`).join('')}\n`;

const archiveDiff: CiscoAction = ({ device }, [from = '', to = '']) => {
  const read = (path: string) => {
    if (/running-config/.test(path)) return device.running;
    if (/startup-config/.test(path)) return device.startup;
    const text = device.files.get(fileName(path));
    if (text === undefined) return `%Error opening ${path} (No such file or directory)\n`;
    if (!/^end\s*$/m.test(text)) return `Error: could not parse ${path}: returned error 5\n`;
    const { root, complaints } = readLines(iosSyntax, text);
    // it compares texts: a line that no parser knows is a difference as well
    root.children.push(...complaints.map((complaint) => ({ ...emptyTree(), text: complaint.text.trim() })));
    return root;
  };
  const [left, right] = [read(from), read(to)];
  if (typeof left === 'string') return left;
  return typeof right === 'string' ? right : differences(left, right);
};

const incrementalDiff: CiscoAction = ({ device }, [path = '']) => {
  const text = device.files.get(fileName(path.split(' ')[0] ?? ''));
  return text === undefined
    ? `%Error opening ${path} (No such file or directory)\n`
    : incremental(device.running, text);
};

/** The show commands of IOS. */
export const showCommands = (parts: IosParts): Command<CiscoAction>[] => {
  const { bgp } = parts;
  type Family = Peer['families'][number];
  const of = (family: Family, peer: Peer) => peer.vrf === 'default' && peer.families.includes(family);
  const allOf =
    (family: Family): CiscoAction =>
    ({ device }) =>
      neighbors(device, bgp, (peer) => of(family, peer));
  const oneOf =
    (family: Family): CiscoAction =>
    ({ device }, [address = '']) =>
      neighbors(device, bgp, (peer) => of(family, peer) && peer.address.toLowerCase() === address.toLowerCase());
  const table: [string, CiscoAction][] = [
    ...healthCommands('ios', bgp),
    ...moreCommands(bgp),
    ['show version', (cli) => version(cli, parts)],
    ['show running-config [all]', ({ device }) => runningText(device)],
    ['show startup-config', ({ device }) => startupText(device)],
    ['show interfaces [<name>]', interfaces],
    ['show ip interface', ipInterfaces],
    ['show ipv6 interface', ipv6Interfaces],
    ['show ip interface brief', brief],
    [
      'show hosts',
      (cli) => `Name lookup view: Global\nDefault domain is ${domain(cli)}\nName servers are 255.255.255.255\n`,
    ],
    ['show clock', clock],
    ['show users', users],
    ['show privilege', ({ privileged }) => `Current privilege level is ${privileged ? 15 : 1}\n`],
    [
      'show inventory',
      () =>
        'NAME: "Chassis", DESCR: "Cisco CSR1000V Chassis"\nPID: CSR1000V          , VID: V00  , SN: 9SIMULATED1\n\n',
    ],
    ['show archive config rollback timer', pending],
    ['show archive config differences <from> <to>', archiveDiff],
    ['show archive config incremental-diffs <file...>', incrementalDiff],
    ['show bgp all summary', ({ device }) => summary(device, bgp)],
    ['show bgp summary', ({ device }) => summary(device, bgp, 'ipv4')],
    ['show ip bgp all summary', ({ device }) => summary(device, bgp)],
    ['show ip bgp summary', ({ device }) => summary(device, bgp, 'ipv4')],
    ['show bgp ipv4 unicast summary', ({ device }) => summary(device, bgp, 'ipv4')],
    ['show bgp ipv6 unicast summary', ({ device }) => summary(device, bgp, 'ipv6')],
    ['show bgp vpnv4 unicast all summary', ({ device }) => summary(device, bgp, 'vpnv4')],
    ['show bgp l2vpn evpn summary', ({ device }) => summary(device, bgp, 'evpn')],
    ['show ip bgp neighbors', ({ device }) => neighbors(device, bgp, ({ vrf }) => vrf === 'default')],
    ['show ip bgp ipv4 unicast neighbors <address>', oneOf('ipv4')],
    ['show ip bgp ipv6 unicast neighbors <address>', oneOf('ipv6')],
    ['show ip bgp l2vpn evpn neighbors <address>', oneOf('evpn')],
    [
      'show ip bgp vpnv4 all neighbors <address>',
      ({ device }, [address]) => neighbors(device, bgp, (peer) => peer.vrf !== 'default' && peer.address === address),
    ],
    ['show bgp all neighbors', ({ device }) => neighbors(device, bgp, () => true)],
    ['show bgp ipv4 unicast neighbors', allOf('ipv4')],
    ['show bgp ipv6 unicast neighbors', allOf('ipv6')],
    ['show bgp ipv4 multicast neighbors', () => ''],
    ['show bgp ipv6 multicast neighbors', () => ''],
    ['show bgp vpnv4 unicast all neighbors', ({ device }) => neighbors(device, bgp, ({ vrf }) => vrf !== 'default')],
  ];
  return commandTable(table);
};
