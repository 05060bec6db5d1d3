import type { CiscoAction, CiscoCli } from '../cisco/cisco.ts';
import { healthCommands } from '../cisco/cisco-health.ts';
import { dateParts } from '../clock.ts';
import type { Device } from '../device.ts';
import { type Command, commandTable } from '../terminal/words.ts';
import type { IosxrParts } from './box.ts';
import { commitList, sessions } from './commit.ts';
import { neighborsText, summary } from './show-bgp.ts';
import { moreCommands } from './show-more.ts';
import type { Target } from './targets.ts';
import { body, header, hostname, mergeDiff, replaceDiff, runningText, targetLines } from './text.ts';

const uptime = (seconds: number): string =>
  `${Math.floor(seconds / 86_400)} days, ${Math.floor(seconds / 3600) % 24} hours, ${Math.floor(seconds / 60) % 60} minutes`;

const version = (device: Device, number: string): string => `Cisco IOS XR Software, Version ${number}
Copyright (c) 2013-2022 by Cisco Systems, Inc.

Build Information:
 Built By     : ingunawa
 Built On     : Mon Feb 14 09:36:33 PST 2022
 Workspace    : /auto/srcarchive13/prod/${number}/xrv9k/ws
 Version      : ${number}
 Location     : /opt/cisco/XR/packages/

cisco IOS-XRv 9000 () processor
System uptime is ${uptime(device.uptime)}

`;

const brief: CiscoAction = ({ device }) =>
  `\nInterface                      IP-Address      Status          Protocol Vrf-Name\n${device
    .interfaces()
    .map(
      ({ name, ipv4, enabled, up, vrf }) =>
        `${name.padEnd(30)} ${(ipv4[0]?.split('/')[0] ?? 'unassigned').padEnd(15)} ${(enabled ? 'Up' : 'Shutdown').padEnd(15)} ${(up ? 'Up' : 'Down').padEnd(8)} ${vrf}\n`,
    )
    .join('')}`;

const interfaces: CiscoAction = ({ device }) =>
  device
    .interfaces()
    .map(
      ({ name, description, ipv4, enabled, up, mtu }) =>
        `${name} is ${enabled ? 'up' : 'administratively down'}, line protocol is ${up ? 'up' : 'administratively down'}\n  Hardware is GigabitEthernet, address is 5254.0000.0001\n${description === '' ? '' : `  Description: ${description}\n`}  Internet address is ${ipv4[0] ?? 'Unknown'}\n  MTU ${mtu} bytes, BW 1000000 Kbit\n`,
    )
    .join('\n');

const addresses: CiscoAction = ({ device }) =>
  device
    .interfaces()
    .filter(({ ipv4 }) => ipv4.length > 0)
    .map(({ name, ipv4, up, vrf, mtu }) => {
      const state = up ? 'Up' : 'Down';
      const [first, ...others] = ipv4;
      const more = others.map((each) => `  Secondary address ${each}\n`).join('');
      return `${name} is ${state}, ipv4 protocol is ${state} \n  Vrf is ${vrf} (vrfid 0x60000000)\n  Internet address is ${first}\n${more}  MTU is ${mtu} (${mtu} is available to IP)\n`;
    })
    .join('');

const addresses6: CiscoAction = ({ device }) =>
  device
    .interfaces()
    .filter(({ ipv6 }) => ipv6.length > 0)
    .map(({ name, ipv6, up, vrf }) => {
      const state = up ? 'Up' : 'Down';
      const lines = ipv6.map((each) => {
        const [address, length] = each.split('/');
        return `    ${address}, subnet is ${address}/${length} \n`;
      });
      return `${name} is ${state}, ipv6 protocol is ${state}, Vrfid is ${vrf} (0x60000000)\n  IPv6 is enabled, link-local address is fe80::5054:ff:fe00:1 \n  Global unicast address(es):\n${lines.join('')}`;
    })
    .join('');

/** The show commands of IOS-XR. */
export const showCommands = (
  parts: IosxrParts,
  targetOf: (cli: CiscoCli) => Target | undefined,
): Command<CiscoAction>[] => {
  const { bgp, targets } = parts;
  const build = (lines: readonly string[]) =>
    `${header(parts.version)}${lines.map((line) => `${line}\n`).join('')}end\n\n`;
  const target =
    (make: (one: Target, device: Device) => string[]): CiscoAction =>
    (cli) => {
      const one = targetOf(cli);
      return one ? build(make(one, cli.device)) : "% Invalid input detected at '^' marker.\n";
    };
  const vrfSummaries = (device: Device): string =>
    [...new Set(bgp.peers().map(({ vrf }) => vrf))]
      .filter((vrf) => vrf !== 'default')
      .map((name) => `VRF: ${name}\n----------\n${summary(device, bgp, ({ vrf }) => vrf === name)}`)
      .join('');
  const running: CiscoAction = ({ device }) => runningText(device, parts.version);
  const table: [string, CiscoAction][] = [
    ...healthCommands('iosxr', bgp),
    ...moreCommands(bgp),
    ['show version', ({ device }) => version(device, parts.version)],
    ['show running-config', running],
    ['show configuration running-config', running],
    [
      'show hosts',
      ({ device }) =>
        `Default domain is not set\nName/address lookup uses domain service\nName servers: 255.255.255.255\n${hostname(device.running)}\n`,
    ],
    ['show ipv4 interface brief', brief],
    ['show ipv4 vrf all interface', addresses],
    ['show ipv6 vrf all interface', addresses6],
    ['show ipv6 interface', addresses6],
    ['show interfaces', interfaces],
    [
      'show clock',
      ({ device }) =>
        `${dateParts(device.clock.now()).time}.${dateParts(device.clock.now()).ms} UTC ${dateParts(device.clock.now()).day} ${dateParts(device.clock.now()).month} ${dateParts(device.clock.now()).date} ${dateParts(device.clock.now()).year}\n`,
    ],
    [
      'show inventory',
      () =>
        'NAME: "Rack 0", DESCR: "Cisco XRv9K Centralized Virtual Router"\nPID: R-IOSXRV9000-CC   , VID: V01, SN: SIMULATED01\n\n',
    ],
    [
      'show users',
      ({ device }) =>
        `   Line            User                 Service  Conns   Idle        Location\n${[...device.logins].map(({ id, user, from }) => `   vty${id}            ${user.padEnd(20)} ssh          0  00:00:00     ${from}\n`).join('')}`,
    ],
    [
      'show bgp summary',
      ({ device }) => summary(device, bgp, ({ vrf, families }) => vrf === 'default' && families.includes('ipv4')),
    ],
    [
      'show bgp instance all summary',
      ({ device }) =>
        `BGP instance 0: 'default'\n=========================\n\n${summary(device, bgp, ({ vrf, families }) => vrf === 'default' && families.includes('ipv4'))}`,
    ],
    [
      'show bgp ipv4 unicast summary',
      ({ device }) => summary(device, bgp, ({ vrf, families }) => vrf === 'default' && families.includes('ipv4')),
    ],
    [
      'show bgp ipv6 unicast summary',
      ({ device }) => summary(device, bgp, ({ vrf, families }) => vrf === 'default' && families.includes('ipv6')),
    ],
    ['show bgp vrf all ipv4 unicast summary', ({ device }) => vrfSummaries(device)],
    ['show bgp neighbors', ({ device }) => neighborsText(device, bgp, 'default')],
    ['show bgp neighbors detail', ({ device }) => neighborsText(device, bgp, 'default', true)],
    ['show bgp vrf all neighbors', ({ device }) => neighborsText(device, bgp, 'others')],
    ['show bgp vrf all neighbors detail', ({ device }) => neighborsText(device, bgp, 'others', true)],
    ['show bgp vrf all summary', ({ device }) => vrfSummaries(device)],
    ['show configuration', target((one, device) => targetLines(device.running, one.merged(device.running)))],
    ['show configuration merge', target((one, device) => body(one.merged(device.running)))],
    ['show commit changes diff', target((one, device) => mergeDiff(device.running, one.merged(device.running)))],
    [
      'show configuration changes diff',
      target((one, device) => replaceDiff(device.running, one.replaced().root, parts.version)),
    ],
    ['show configuration failed [load]', () => targets.failed],
    ['show configuration commit list', commitList(false)],
    ['show configuration commit list detail', commitList(true)],
    ['show configuration commit list <count> detail', commitList(true)],
    ['show configuration sessions', sessions(targets, false)],
    ['show configuration sessions detail', sessions(targets, true)],
  ];
  return commandTable(table);
};
