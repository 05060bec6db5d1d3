import type { CiscoAction } from '../../cisco/cisco.ts';
import { healthCommands } from '../../cisco/cisco-health.ts';
import { ctime, dateParts } from '../../clock.ts';
import type { Device } from '../../device.ts';
import { type Command, commandTable } from '../../terminal/words.ts';
import type { NxosParts } from '../box.ts';
import { showFile } from '../files.ts';
import { domain, fqdn, uptime } from '../json.ts';
import { checkpointSummary, replaceLog, showPatch } from '../rollback.ts';
import { hostname, runningText, startupText } from '../text.ts';
import { neighborsText, sessionsText, summaryText } from './show-bgp.ts';
import { moreCommands } from './show-more.ts';

const version = (device: Device, number: string): string => {
  const { days, hours, mins, secs } = uptime(device);
  return `Cisco Nexus Operating System (NX-OS) Software
TAC support: http://www.cisco.com/tac
Documents: http://www.cisco.com/en/US/products/ps9372/tsd_products_support_series_home.html

Nexus 9000v is a demo version of the Nexus Operating System

Software
  BIOS: version
 NXOS: version ${number}
  BIOS compile time:
  NXOS image file is: bootflash:///nxos.${number.replace(/[()]/g, '.').replace(/\.$/, '')}.bin
  NXOS compile time:  8/20/2019 7:00:00 [08/20/2019 15:52:22]


Hardware
  cisco Nexus9000 9000v Chassis
  Intel(R) Xeon(R) CPU with 8035500 kB of memory.
  Processor Board ID 9SIMULATED1

  Device name: ${hostname(device.running)}
  bootflash:    3509454 kB
Kernel uptime is ${days} day(s), ${hours} hour(s), ${mins} minute(s), ${secs} second(s)

Last reset
  Reason: Unknown
  System version:
  Service:

plugin
  Core Plugin, Ethernet Plugin

Active Package(s):

`;
};

const interfacesText = (device: Device): string =>
  device
    .interfaces()
    .map(
      ({ name, up, enabled, description, mtu, ipv4 }) =>
        `${name} is ${up ? 'up' : 'down (Administratively down)'}\nadmin state is ${enabled ? 'up' : 'down'}, Dedicated Interface\n  Hardware: 100/1000/10000 Ethernet, address: 5254.0000.0001 (bia 5254.0000.0001)\n${description === '' ? '' : `  Description: ${description}\n`}${ipv4.map((address) => `  Internet Address is ${address}\n`).join('')}  MTU ${mtu} bytes, BW 1000000 Kbit, DLY 10 usec\n\n`,
    )
    .join('');

const status = (device: Device): string =>
  `\n--------------------------------------------------------------------------------\nPort          Name               Status    Vlan      Duplex  Speed   Type\n--------------------------------------------------------------------------------\n${device
    .interfaces()
    .map(
      ({ name, up }) =>
        `${name.replace('Ethernet', 'Eth').padEnd(13)} --                 ${up ? 'connected' : 'disabled '} routed    full    1000    --\n`,
    )
    .join('')}`;

const brief = (device: Device): string =>
  `IP Interface Status for VRF "default"(1)\nInterface            IP Address      Interface Status\n${device
    .interfaces()
    .filter(({ ipv4 }) => ipv4.length > 0)
    .map(
      ({ name, ipv4, up }) =>
        `${name.replace('Ethernet', 'Eth').padEnd(20)} ${(ipv4[0] ?? '').split('/')[0]?.padEnd(15)} protocol-${up ? 'up' : 'down'}/link-${up ? 'up' : 'down'}/admin-${up ? 'up' : 'down'}\n`,
    )
    .join('')}`;

const addresses = (device: Device): string =>
  `IP Interface Status for VRF "default"\n${device
    .interfaces()
    .filter(({ ipv4 }) => ipv4.length > 0)
    .map(({ name, ipv4, up }) => {
      const state = up ? 'up' : 'down';
      const lines = ipv4.map(
        (each) => `  IP address: ${each.split('/')[0]}, IP subnet: ${each} route-preference: 0, tag: 0\n`,
      );
      return `${name}, Interface status: protocol-${state}/link-${state}/admin-${state}, iod: 37,\n${lines.join('')}`;
    })
    .join('')}`;

const clockText = (at: number): string => {
  const { day, month, date, time, year, ms } = dateParts(at);
  return `${time}.${ms} UTC ${day} ${month} ${date} ${year}\n`;
};

const addresses6 = (device: Device): string =>
  `IPv6 Interface Status for VRF "default"(1)\n${device
    .interfaces()
    .filter(({ ipv6 }) => ipv6.length > 0)
    .map(({ name, ipv6, up }) => {
      const state = up ? 'up' : 'down';
      const lines = ipv6.map((each) => `    ${each} [VALID]\n`);
      return `${name}, Interface status: protocol-${state}/link-${state}/admin-${state}, iod: 37\n  IPv6 address:\n${lines.join('')}  IPv6 link-local address: fe80::5054:ff:fe00:1 (default) [VALID]\n`;
    })
    .join('')}`;

/** The show commands of NX-OS. */
export const showCommands = (parts: NxosParts): Command<CiscoAction>[] => {
  const { bgp, store } = parts;
  const table: [string, CiscoAction][] = [
    ...healthCommands('nxos', bgp),
    ...moreCommands(bgp),
    ['show version', ({ device }) => version(device, parts.version)],
    ['show running-config [all]', ({ device }) => runningText(device)],
    ['show startup-config', ({ device }) => startupText(device)],
    ['show hostname', (cli) => `${fqdn(cli)} \n`],
    [
      'show hosts',
      (cli) =>
        `DNS lookup disabled\n${domain(cli) === undefined ? '' : `Default domain is ${domain(cli)}\n`}Name/address lookup uses domain service\nName servers are 255.255.255.255\n`,
    ],
    [
      'show inventory',
      () =>
        'NAME: "Chassis",  DESCR: "Nexus9000 9000v Chassis"\nPID: N9K-9000v           ,  VID: V02 ,  SN: 9SIMULATED1\n\n',
    ],
    ['show interface', ({ device }) => interfacesText(device)],
    ['show interface status', ({ device }) => status(device)],
    ['show ip interface vrf all', ({ device }) => addresses(device)],
    ['show ipv6 interface vrf all', ({ device }) => addresses6(device)],
    ['show ip interface brief [vrf all]', ({ device }) => brief(device)],
    ['show clock', ({ device }) => clockText(device.clock.now())],
    [
      'show users',
      ({ device }) =>
        `NAME     LINE         TIME         IDLE          PID COMMENT\n${[...device.logins].map(({ user, id, from }) => `${user.padEnd(8)} pts/${id}        ${ctime(device.clock.now()).slice(4, 16)}   .          ${1000 + id} (${from}) session=ssh\n`).join('')}`,
    ],
    ['show diff rollback-patch <what...>', (cli, [what = '']) => showPatch(cli, store, what)],
    ['show checkpoint summary', () => checkpointSummary(store)],
    ['show checkpoint', () => [...store.checkpoints.keys()].map((name) => `Name: ${name}\n`).join('')],
    ['show config-replace log exec', (cli) => replaceLog(cli, store)],
    ['show rollback log exec', () => `${store.log}\n`],
    ['show file <path>', showFile],
    ['show file <path> md5sum', (cli, [path = ''], io) => showFile(cli, [path, 'md5sum'], io)],
    ['show bgp all summary vrf all', ({ device }) => summaryText(device, bgp)],
    ['show bgp vrf all all summary', ({ device }) => summaryText(device, bgp)],
    ['show ip bgp summary [vrf all]', ({ device }) => summaryText(device, bgp)],
    ['show bgp sessions vrf all', ({ device }) => sessionsText(device, bgp)],
    ['show bgp vrf all all neighbors', ({ device }) => neighborsText(device, bgp)],
    ['show bgp all neighbors vrf all', ({ device }) => neighborsText(device, bgp)],
    ['show ip bgp neighbors vrf all', ({ device }) => neighborsText(device, bgp)],
    ['show privilege', () => 'User name: admin\nCurrent privilege level: -1\nFeature privilege: Disabled\n'],
  ];
  return commandTable(table);
};
