import { ipOfDevice } from '../cisco/ip-words.ts';
import { begin } from '../config/parts.ts';
import { salted } from '../config/secrets.ts';
import type { Syntax } from '../config/syntax.ts';
import { nxosModes } from './modes.ts';

const canonical = (line: string): string => {
  const secret = /^(username \S+ password) (?:0 )?(?!\d )(\S+)((?: +role \S+)*)$/.exec(line);
  if (secret) return `${secret[1]} 5 ${salted(secret[2] ?? '', '5')} ${secret[3]}`;
  const match = /^((?:no |default )?)int\w* +([A-Za-z-]+) ?([\d/.]+)$/.exec(line);
  const kinds = ['Ethernet', 'loopback', 'mgmt', 'port-channel', 'Vlan', 'nve', 'Tunnel'];
  const full = kinds.find((one) => one.toLowerCase().startsWith(match?.[2]?.toLowerCase() ?? '-'));
  return match && full ? `${match[1]}interface ${full}${match[3]}` : line;
};

const mark = (opening: string): string => /^banner \S+ +(.)/.exec(opening)?.[1] ?? '#';

/** Cisco NX-OS. Sources: the recorded sessions, NAPALM's checkpoint files. */
export const nxosSyntax: Syntax = {
  indent: 2,
  modes: nxosModes,
  global: begin(
    `aaa acllog arp banner bfd boot callhome cdp cfs class-map cli clock control-plane copp crypto diagnostic email end evpn event fabric feature
    feature-set fex hardware hostname hsrp hw-module install interface ip_${ipOfDevice} ipv6 key lacp ldap-server line lldp logging mac maximum monitor mpls
    ngoam no nsr ntp nxapi object-group openflow ospf password platform policy-map port-channel port-profile power privilege radius-server
    rmon role rollback route-map router scheduler service sflow snmp-server spanning-tree ssh sshkey switchname switchport system tacacs-server
    tacacs telemetry telnet terminal track tunnel-encryption udld username userpassphrase vdc version virtual-service vlan vpc vrf vtp xml`,
  ),
  words: new Set(
    'server use-vrf source-interface deadtime match set class permit deny description action event source destination service-policy'.split(
      ' ',
    ),
  ),
  blocks: [
    {
      opens: /^banner (?:motd|exec) +\S/,
      ends: (opening, lines) =>
        lines.length === 0 ? opening.split(mark(opening)).length > 2 : (lines.at(-1) ?? '').includes(mark(opening)),
    },
  ],
  keys: [
    /^(?:hostname|switchname|version|description|mtu|speed|name|rd|vni|boot nxos|vn-segment|ip domain-name|router-id|remote-as|update-source|password strength-check)(?= |$)/,
    /^username \S+ password/,
    /^ip address(?= \S+$)/,
    /^switchport (?:mode|access vlan|trunk native vlan|trunk allowed vlan)/,
    /^vrf member/,
    /^banner \S+/,
    /^(?:timers|log-neighbor-changes|maximum-paths|exec-timeout|spanning-tree mode|snmp-server (?:location|contact)|clock timezone|copp profile)(?= |$)/,
  ],
  shownNegations:
    /^no (?:password|ip domain-lookup|system|cdp|ip source-route|feature|lldp|logging|snmp|ip igmp|autostate|vdc|negotiate|ip redirects|service)/,
  defaults: /^(?:cdp enable|autostate|lldp transmit|lldp receive|log-neighbor-changes)$/,
  order: [
    /^version/,
    /^power/,
    /^hostname|^switchname/,
    /^vdc/,
    /^cfs|^feature|^nxapi/,
    /^role/,
    /^no password|^password|^username|^banner|^ip domain|^ip name|^ip host|^aaa|^radius|^tacacs|^system|^ip access|^copp|^class|^policy|^snmp|^rmon|^ntp|^callhome|^cdp|^lldp|^clock|^object|^errdisable|^evpn|^fabric/,
    /^vlan/,
    /^spanning/,
    /^ip prefix|^ip as|^ip comm/,
    /^route-map/,
    /^key/,
    /^vrf/,
    /^hardware/,
    /^vpc/,
    /^port-channel/,
    /^interface/,
    /^line|^cli|^boot|^ip route/,
    /^router/,
  ],
  interfaceOrder: [/^Vlan/, /^port-channel/, /^nve/, /^Ethernet/, /^mgmt/, /^loopback/, /^Tunnel/],
  hardware: /^(?:Ethernet[\d/]+|mgmt\d+)$/,
  canonical,
  comment: /^!/,
};
