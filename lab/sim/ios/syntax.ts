import { ipOfDevice } from '../cisco/ip-words.ts';
import { begin } from '../config/parts.ts';
import { salted } from '../config/secrets.ts';
import type { Syntax } from '../config/syntax.ts';
import { iosModes } from './modes.ts';

const kinds = [
  'GigabitEthernet',
  'TenGigabitEthernet',
  'FastEthernet',
  'Ethernet',
  'Loopback',
  'Port-channel',
  'Vlan',
  'Tunnel',
  'BDI',
  'HundredGigE',
  'Serial',
  'VirtualPortGroup',
];

const canonical = (line: string): string => {
  const secret = /^((?:username \S+(?: .*)?|enable) secret) (?:0 )?(\S+)$/.exec(line);
  if (secret) return `${secret[1]} 9 ${salted(secret[2] ?? '', '9')}`;
  const match = /^((?:no |default )?)int\w* +([A-Za-z-]+) ?([\d/.:]+)$/.exec(line);
  const full = kinds.find((one) => one.toLowerCase().startsWith(match?.[2]?.toLowerCase() ?? '-'));
  return match && full ? `${match[1]}interface ${full}${match[3]}` : line;
};

/** The character that ends a banner: what follows the banner's name, `^C` as two characters too. */
const delimiter = (opening: string): string => {
  const [, found = ''] = /^banner \S+ +(\^C|.)/.exec(opening) ?? [];
  return found;
};

const closes = (opening: string, lines: readonly string[]): boolean => {
  const mark = delimiter(opening);
  if (lines.length === 0) return opening.indexOf(mark, opening.indexOf(mark) + mark.length) > 0;
  return (lines.at(-1) ?? '').includes(mark);
};

/** However a banner was delimited, IOS shows `^C`. */
const storedMark = (opening: string, lines: readonly string[]): [string, readonly string[]] => {
  const mark = delimiter(opening);
  const start = opening.indexOf(mark);
  const first = `${opening.slice(0, start)}^C${opening.slice(start + mark.length).replace(mark, '^C')}`;
  const last = (lines.at(-1) ?? '').split(mark)[0] ?? '';
  return [first, lines.length === 0 ? [] : [...lines.slice(0, -1), `${last}^C`]];
};

/** Cisco IOS and IOS-XE. Sources: the recorded sessions, configuration fundamentals command reference. */
export const iosSyntax: Syntax = {
  indent: 1,
  modes: iosModes,
  global: begin(
    `aaa access-list alias archive arp banner bfd boot boot-start-marker boot-end-marker bridge call-home cdp class-map clock config-register control-plane
    crypto default dial-peer diagnostic dot1x dot1q enable end errdisable ethernet event exception fhrp file flow hostname hw-module
    interface ip_${ipOfDevice} ipv6 key kron license line lldp logging login mac memory mls monitor mpls multilink netconf netconf-yang network-clock ntp
    object-group parameter-map parser platform policy-map port-channel power privilege process prompt qos radius radius-server redundancy
    restconf route-map router scheduler service snmp-server spanning-tree ssh standby stackwise subscriber switch system tacacs tacacs-server
    telemetry transceiver track udld upgrade username version vlan virtual-service vrf vtp xml zone wsma`,
  ),
  words: new Set(
    `enrollment subject-name revocation-check rsakeypair certificate key-hash key-string username mode active destination contact-email-addr
    fqdn ip-address serial-number usage vrf source hash auto-enroll activate path encryption authentication group lifetime match set
    delay threshold timeout frequency icmp-echo udp-jitter tag action permit deny host range description address proposal identity`.split(
      /\s+/,
    ),
  ),
  blocks: [
    {
      opens: /^banner (?:motd|login|exec|incoming|prompt-timeout|slip-ppp) +\S/,
      ends: closes,
      stored: storedMark,
      invites: "Enter TEXT message.  End with the character '^C'.",
    },
    {
      opens: /^certificate (?:self-signed|ca) \S+$/,
      ends: (_, lines) => lines.at(-1)?.trim() === 'quit',
      invites: 'Enter the certificate in hexadecimal representation....',
    },
    { opens: /^certificate [0-9A-F]{2,}$/, ends: (_, lines) => lines.at(-1)?.trim() === 'quit' },
  ],
  keys: [
    /^(?:hostname|version|description|mtu|speed|duplex|bandwidth|ip domain name|ip domain-name|config-register|ip default-gateway|license udi|name|rd)(?= |$)/,
    /^enable (?:secret|password)/,
    /^banner \S+/,
    /^username \S+(?= (?:privilege|secret|password|nopassword))/,
    /^ip address(?= [\d.]+ [\d.]+$)/,
    /^no ip address$/,
    /^logging (?:buffered|console|monitor|trap|source-interface)/,
    /^neighbor \S+ (?:remote-as|description|update-source|password|timers|ebgp-multihop|peer-group|local-as|route-map \S+(?= in| out)|maximum-prefix)(?= |$)/,
    /^(?:bgp router-id|router-id|timers bgp|path|switchport (?:mode|access vlan|trunk native vlan|trunk allowed vlan)|snmp-server (?:location|contact)|spanning-tree mode|exec-timeout|service timestamps (?:debug|log)|transport (?:input|output))(?= |$)/,
    /^(?:ip ssh version|ntp source|clock timezone|ip tacacs source-interface|archive|file prompt)(?= |$)/,
  ],
  shownNegations:
    /^no (?:aaa new-model|ip address|ip http|ip domain|mop|destination|service|cdp|lldp|platform|ip routing|ip cef|ipv6 cef|ip redirects|ip proxy-arp|ip route-cache|ip source-route|auto-summary|synchronization|bgp default|neighbor \S+ activate|logging|ip bootp|ip finger|ip forward-protocol|switchport|negotiation|exec|login|keepalive|snmp|activate|spanning-tree|ip igmp|ip unreachables|ip nat service|crypto|call-home|profile|passive-interface|ip gratuitous|ip split|vstack)/,
  defaults: /^(?:no shutdown|ip routing|ip cef|switchport|cdp enable|keepalive|ip redirects|ip proxy-arp|exec)$/,
  order: [
    /^version|^service|^platform/,
    /^hostname/,
    /^boot-/,
    /^vrf|^ip vrf/,
    /^logging buffered|^logging console/,
    /^enable/,
    /^aaa|^radius server|^tacacs server/,
    /^clock|^call-home/,
    /^ip (?:domain|name-server|cef|host|dhcp|source|bootp)/,
    /^login/,
    /^ipv6 (?:unicast|cef)/,
    /^subscriber|^multilink|^mpls|^key /,
    /^crypto pki trustpoint/,
    /^crypto pki/,
    /^license/,
    /^diagnostic/,
    /^archive/,
    /^memory/,
    /^spanning-tree/,
    /^username/,
    /^redundancy/,
    /^vlan|^track|^lldp|^cdp|^errdisable|^vtp/,
    /^crypto/,
    /^class-map/,
    /^policy-map/,
    /^interface /,
    /^router /,
    /^virtual-service/,
    /^ip forward/,
    /^ip (?:http|tftp|ftp|as-path|community-list)/,
    /^ip route |^ip default/,
    /^ip ssh/,
    /^ip scp/,
    /^ip access-list|^ip prefix-list|^ipv6/,
    /^logging|^access-list/,
    /^route-map/,
    /^snmp/,
    /^radius|^tacacs/,
    /^control-plane/,
    /^banner/,
    /^alias|^privilege|^kron/,
    /^line /,
    /^ntp|^netconf ssh|^event/,
    /^netconf-yang|^restconf|^file/,
  ],
  interfaceOrder: [
    /^Loopback/,
    /^Tunnel/,
    /^Port-channel/,
    /^FastEthernet/,
    /^GigabitEthernet/,
    /^TenGigabitEthernet/,
    /^Ethernet/,
    /^Vlan/,
  ],
  hardware: /^(?:GigabitEthernet|TenGigabitEthernet|FastEthernet|Ethernet|HundredGigE)[\d/]+$/,
  canonical,
  comment: /^!/,
  leaves: /^exit-address-family$/,
};
