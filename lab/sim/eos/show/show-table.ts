import type { Node } from '../../config/tree.ts';
import { type Command, commandTable } from '../../terminal/words.ts';
import type { Context, Outcome } from '../context.ts';
import { showIsis, showLldp, showLldpDetail, showOspf } from '../neighbors.ts';
import { configText, hostname, type Model, runningText, sanitized } from '../text.ts';
import { showHostname, showInterfaces, showIpInterfaces, showSmall, showVersion } from './show.ts';
import { bgpNeighbors, bgpSummary } from './show-bgp.ts';
import { showDescriptions, showRouteSummary } from './show-health.ts';
import { showArp, showMacs, showRoute, showVlans, showVrfs } from './show-network.ts';
import { sessionDiff, showSessions } from './show-sessions.ts';
import { showAccounts, showEnvironment, showNtp, showSnmp, showTop } from './show-system.ts';

type Show = (context: Context, args: readonly string[]) => Outcome;

const families = { ip: 'ipv4', ipv6: 'ipv6', evpn: 'evpn' } as const;

/** Texts of configurations, for copies too. */
export const configTexts = {
  running: (tree: Node, model: Model) => `! Command: show running-config\n${configText(tree, model)}`,
};

const running = (context: Context, filter: (text: string) => string = (text) => text): Outcome => ({
  text: filter(runningText(context.box.device, context.box.model)),
  json: { cmds: {} },
});

const sessionOf = (context: Context, name: string | undefined) =>
  name === undefined ? context.session : context.box.sessions.all.get(name);

const sessionConfig = (
  context: Context,
  name: string | undefined,
  filter: (text: string) => string = (text) => text,
): Outcome => {
  const session = sessionOf(context, name);
  if (!session) return { error: `Session ${name ?? ''} does not exist` };
  const { model } = context.box;
  return {
    text: filter(
      `! Command: show session-configuration named ${session.name}\n${configText(session.tree, model, hostname(context.box.device.running))}`,
    ),
  };
};

const sessionDiffs = (context: Context, name: string | undefined): Outcome => {
  const session = sessionOf(context, name);
  return session
    ? { text: sessionDiff(context.box.device, session, context.box.model) }
    : { error: `Session ${name ?? ''} does not exist` };
};

const startup: Show = ({ box: { device, model } }) => ({
  text: `! Command: show startup-config\n! Startup-config last modified at ${new Date(device.lastChange.at).toUTCString()} by ${device.lastChange.by}\n${configText(device.startup, model)}`,
});

const summary = (family: keyof typeof families): [string, Show][] => {
  const run =
    (fixed?: string): Show =>
    ({ box }, [vrf]) =>
      bgpSummary(box.device, box.bgp, families[family], fixed ?? vrf ?? 'default');
  const words = family === 'evpn' ? 'show bgp evpn summary' : `show ${family} bgp summary`;
  return [
    [words, run('default')],
    [`${words} vrf <vrf>`, run()],
  ];
};

const neighbors = (words: string, family: 'ipv4' | 'ipv6' | 'any'): [string, Show][] => {
  const run =
    (fixed?: string): Show =>
    ({ box }, [vrf]) =>
      bgpNeighbors(box.device, box.bgp, family, fixed ?? vrf ?? 'default');
  return [
    [words, run('default')],
    [`${words} vrf <vrf>`, run()],
  ];
};

const entries: [string, Show][] = [
  ['show version [detail]', ({ box }) => showVersion(box.device, box.model)],
  ['show hostname', ({ box }) => showHostname(box.device)],
  ['show interfaces', ({ box }) => showInterfaces(box.device)],
  ['show interfaces description', ({ box }) => showDescriptions(box.device)],
  ['show ip route vrf all summary', ({ box }) => showRouteSummary(box.device, box.bgp, 'ipv4')],
  ['show ipv6 route vrf all summary', ({ box }) => showRouteSummary(box.device, box.bgp, 'ipv6')],
  [
    'show interfaces <name>',
    ({ box }, [name = '']) =>
      box.device.interfaces().some((one) => one.name.toLowerCase() === name.toLowerCase())
        ? showInterfaces(box.device, name)
        : { error: `Invalid input (at token 2: '${name}')`, unknown: true },
  ],
  ['show ip interface [brief]', ({ box }) => showIpInterfaces(box.device, 'ip')],
  ['show ipv6 interface', ({ box }) => showIpInterfaces(box.device, 'ipv6')],
  ['show running-config [all]', (context) => running(context)],
  ['show running-config sanitized', (context) => running(context, sanitized)],
  ['show running-config all sanitized', (context) => running(context, sanitized)],
  ['show startup-config', startup],
  ['show configuration sessions', ({ box }) => showSessions(box.device, box.sessions, box.model, false)],
  ['show configuration sessions detail', ({ box }) => showSessions(box.device, box.sessions, box.model, true)],
  ['show session-config', (context) => sessionConfig(context, undefined)],
  ['show session-config diffs', (context) => sessionDiffs(context, undefined)],
  ['show session-config named <name>', (context, [name]) => sessionConfig(context, name)],
  ['show session-config named <name> sanitized', (context, [name]) => sessionConfig(context, name, sanitized)],
  ['show session-config named <name> diffs', (context, [name]) => sessionDiffs(context, name)],
  ...summary('ip'),
  ...summary('ipv6'),
  ...summary('evpn'),
  ...neighbors('show ip bgp neighbors', 'ipv4'),
  ...neighbors('show ipv6 bgp peers', 'ipv6'),
  ...neighbors('show ipv6 bgp neighbors', 'ipv6'),
  ...neighbors('show bgp neighbors', 'any'),
  ['show clock', ({ box }) => showSmall(box.device, 'clock')],
  ['show uptime', ({ box }) => showSmall(box.device, 'uptime')],
  ['show users', ({ box }) => showSmall(box.device, 'users')],
  [
    'show privilege',
    ({ privileged }) => ({
      text: `Current privilege level is ${privileged ? 15 : 1}\n`,
      json: { privilegeLevel: privileged ? 15 : 1 },
    }),
  ],
  ['show lldp neighbors', ({ box }) => showLldp(box.device)],
  ['show lldp neighbors detail', ({ box }) => showLldpDetail(box.device)],
  ['show lldp neighbors <port>', ({ box }, [port]) => showLldp(box.device, port)],
  ['show lldp neighbors <port> detail', ({ box }, [port]) => showLldpDetail(box.device, port)],
  ['show ip ospf neighbor [vrf all]', ({ box }) => showOspf(box.device)],
  ['show isis neighbors [vrf all]', ({ box }) => showIsis(box.device)],
  ['show vrf', ({ box }) => showVrfs(box.device)],
  ['show arp', ({ box }) => showArp(box.device, box.bgp, 'default')],
  ['show arp vrf all', ({ box }) => showArp(box.device, box.bgp, 'all')],
  ['show ip arp', ({ box }) => showArp(box.device, box.bgp, 'default')],
  [
    'show ip route vrf <vrf> <rest...>',
    ({ box }, [vrf = '', rest = '']) => showRoute(box.device, vrf, rest.split(/\s+/)),
  ],
  [
    'show ip route <prefix>',
    ({ box }, [prefix = '']) =>
      /^[\d.]+(?:\/\d+)?$/.test(prefix)
        ? showRoute(box.device, 'default', [prefix])
        : { error: `Invalid input (at token 3: '${prefix}')`, unknown: true },
  ],
  ['show vlan', ({ box }) => showVlans(box.device)],
  ['show users accounts', ({ box }) => showAccounts(box.device)],
  ['show snmp v2-mib chassis', ({ box }) => showSnmp.chassis(box.device)],
  ['show snmp v2-mib location', ({ box }) => showSnmp.location(box.device)],
  ['show snmp v2-mib contact', ({ box }) => showSnmp.contact(box.device)],
  ['show system environment cooling', () => showEnvironment.cooling],
  ['show system environment temperature', () => showEnvironment.temperature],
  ['show system environment power', () => showEnvironment.power],
  ['show processes top once', () => showTop],
  ['show mac address-table', () => showMacs],
  ['show interfaces transceiver', () => ({ text: '', json: { interfaces: {} } })],
  ['show ntp associations', ({ box }) => showNtp(box.device)],
];

/** The show commands. */
export const showCommands: Command<Show>[] = commandTable(entries);
