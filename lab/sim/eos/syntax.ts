import { salted } from '../config/secrets.ts';
import type { Syntax } from '../config/syntax.ts';
import { modes } from './modes.ts';
import { order } from './order.ts';
import { words } from './words.ts';

const short = (name: string) =>
  name
    .replace(/^Ethernet/i, 'Et')
    .replace(/^Management/i, 'Ma')
    .replace(/^Loopback/i, 'Lo')
    .replace(/^Port-Channel/i, 'Po')
    .replace(/^Vlan/i, 'Vl')
    .replace(/^Vxlan/i, 'Vx')
    .replace(/^Tunnel/i, 'Tu')
    .replace(/^Dps/i, 'Dps');

const spellings = [
  'Ethernet',
  'Management',
  'Loopback',
  'Port-Channel',
  'Vlan',
  'Vxlan',
  'Tunnel',
  'Dps',
  'Recirc-Channel',
];

/** `interface loopback1` and `int lo 1` as EOS stores them. */
const canonical = (line: string): string => {
  const secret = /^((?:username \S+(?: .*)?|enable|aaa root) secret) (?:0 )?(\S+)$/.exec(line);
  if (secret) return `${secret[1]} sha512 ${salted(secret[2] ?? '', '6')}`;
  const match = /^((?:no |default )?)inte?r?f?a?c?e? +([A-Za-z-]+) ?([\d/.:]+)$/.exec(line);
  if (!match) return line.replace(/\s+$/, '');
  const [, no = '', kind = '', number = ''] = match;
  const full = spellings.find((one) => one.toLowerCase().startsWith(kind.toLowerCase()));
  return full ? `${no}interface ${full}${number}` : line;
};

const countEof = (lines: readonly string[]) => lines.filter((line) => line.trim() === 'EOF').length;

/** Arista EOS. Sources: the recorded sessions, AVD's configurations, EOS User Manual. */
export const eosSyntax: Syntax = {
  indent: 3,
  modes: modes(short),
  global: new RegExp(
    `^(?:(?:${[
      'aaa',
      'agent',
      'alias',
      'arp',
      'bfd',
      'boot',
      'class-map',
      'clock',
      'cvx',
      'daemon',
      'dcbx',
      'dns',
      'dot1x',
      'email',
      'enable',
      'end',
      'environment',
      'errdisable',
      'event-handler',
      'event-monitor',
      'flow-spec',
      'fips',
      'hardware',
      'hostname',
      'http',
      'igmp',
      'ip (?:address|as-path|community-list|dhcp|domain|domain-name|extcommunity-list|ftp|hardware|host|http|icmp|igmp|large-community-list|load-sharing|local|mroute|msdp|multicast|multicast-routing|name-server|nat|prefix-list|radius|rip|route|routing|security|ssh|tacacs|telnet|virtual-router)',
      'ipv6 (?:hardware|host|icmp|prefix-list|route|unicast-routing|address|dhcp)',
      'kernel',
      'l2-protocol',
      'lacp',
      'launcher',
      'lldp',
      'load-balance',
      'load-interval',
      'logging',
      'mac',
      'maintenance',
      'mpls',
      'ntp',
      'openflow',
      'peer',
      'platform',
      'policy-map',
      'port-channel',
      'privilege',
      'prompt',
      'ptp',
      'queue-monitor',
      'radius-server',
      'role',
      'router multicast',
      'routing-context',
      'schedule',
      'service',
      'sflow',
      'snmp-server',
      'spanning-tree',
      'ssh',
      'switch',
      'switchport',
      'system',
      'tacacs-server',
      'tcam',
      'terminal',
      'trackmode',
      'traffic-policy',
      'transceiver',
      'trace',
      'tunnel',
      'username',
      'varp',
      'vlan internal',
      'vlan',
      'vmtracer',
      'vrf definition',
      'zerotouch',
      'interface',
      'monitor',
    ].join('|')})(?: |$))`,
  ),
  words,
  blocks: [
    {
      opens: /^banner (?:login|motd)$/,
      ends: (_, lines) => lines.at(-1)?.trim() === 'EOF',
      invites: "Enter TEXT message. Type 'EOF' on its own line to end.",
    },
    {
      opens: /^comment$/,
      ends: (_, lines) => lines.at(-1)?.trim() === 'EOF',
      invites: "Enter TEXT message. Type 'EOF' on its own line to end.",
    },
    {
      opens: /^action bash$/,
      ends: (_, lines) => lines.at(-1)?.trim() === 'EOF',
      invites: "Enter TEXT message. Type 'EOF' on its own line to end.",
    },
    {
      opens: /^code(?: unit \S+)?$/,
      ends: (_, lines) => lines.at(-1)?.trim() === 'EOF',
      invites: "Enter RCF code. Type 'EOF' on its own line to end.",
    },
    {
      opens: /^protocol https certificate$/,
      ends: (_, lines) => countEof(lines) >= 2,
      invites: 'Enter TEXT certificate. Type EOF on its own line to end.',
    },
  ],
  keys: [
    /^(?:hostname|description|mtu|speed|name|router-id|shutdown|dns domain|prompt|rd|version)(?= |$)/,
    /^spanning-tree (?:mode|mst \S+ priority|vlan-id \S+ priority)/,
    /^transceiver qsfp default-mode/,
    /^service routing protocols model/,
    /^switchport (?:mode|access vlan|trunk native vlan|default mode)/,
    /^logging (?:console|monitor|buffered|trap|level \S+)/,
    /^username \S+(?= (?:privilege|role|secret|nopassword|shell))/,
    /^(?:username \S+ ssh-key|enable (?:secret|password)|aaa root|banner (?:login|motd))/,
    /^aaa (?:authentication|authorization|accounting) \S+ \S+/,
    /^ip address virtual(?= (?!source-nat))/,
    /^ip address virtual source-nat vrf \S+/,
    /^ip address(?= [\d.]+\/\d+$)/,
    /^vrf(?= \S+$)/,
    /^neighbor \S+ (?:remote-as|description|peer group|password|update-source|ebgp-multihop|maximum-routes|timers|send-community|local-as|allowas-in|route-map \S+ (?=in|out)|activate|next-hop-self|shutdown)(?= |$)/,
    /^timers bgp/,
    /^maximum-paths(?= )/,
    /^(?:ntp local-interface|ip domain-name|vlan internal order|snmp-server (?:location|contact))/,
    /^(?:domain-id|local-interface(?= Vlan)|peer-address|peer-link|reload-delay (?:mlag|non-mlag))(?= |$)/,
    /^(?:exec|default-metric|autostate|set (?:metric|local-preference|origin))(?= |$)/,
  ],
  shownNegations:
    /^no (?:switchport|ip routing|enable password|aaa root|autostate|service-policy|spanning-tree|bgp default|ip address|neighbor \S+ activate|lldp|logging|snmp|ip icmp|autostate|passive-interface|redistribute|errdisable|ip virtual-router|mpls|service|vlan|ipv6 routing|ip routing vrf|router|route-target|match|area|ptp|traffic-loopback|protocol|switchport mac|activate)/,
  defaults: /^(?:no shutdown|switchport|ip routing protocols)$/,
  order,
  interfaceOrder: [
    /^Defaults/,
    /^Port-Channel/,
    /^Dps/,
    /^Ethernet/,
    /^Loopback/,
    /^Management/,
    /^Tunnel/,
    /^Vlan/,
    /^Vxlan/,
  ],
  hardware: /^(?:Ethernet[\d/]+|Management\d+)$/,
  canonical,
  comment: /^!(?!!)/,
};
