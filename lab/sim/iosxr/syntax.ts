import { begin } from '../config/parts.ts';
import type { Syntax } from '../config/syntax.ts';
import { iosxrModes } from './modes.ts';

const canonical = (line: string): string => {
  const match = /^((?:no )?)int\w* +(?:preconfigure )?([A-Za-z-]+) ?([\d/.]+.*)$/.exec(line);
  const kinds = [
    'GigabitEthernet',
    'TenGigE',
    'HundredGigE',
    'FortyGigE',
    'MgmtEth',
    'Loopback',
    'Bundle-Ether',
    'BVI',
    'tunnel-ip',
    'tunnel-te',
    'Null',
  ];
  const full = kinds.find((one) => one.toLowerCase().startsWith(match?.[2]?.toLowerCase() ?? '-'));
  return match && full ? `${match[1]}interface ${full}${match[3]}` : line;
};

/** Sets and policies: text up to their end line, stored as it is. */
const ended = (opens: RegExp, end: string, prompt: string) => ({
  opens,
  prompt,
  ends: (_: string, lines: readonly string[]) => lines.at(-1)?.trim() === end,
});

const mark = (opening: string): string => /^banner \S+ +(\S)/.exec(opening)?.[1] ?? '#';

/** Cisco IOS-XR. Sources: the recorded sessions, NAPALM's fixtures, Cisco's configuration guides. */
export const iosxrSyntax: Syntax = {
  indent: 1,
  modes: iosxrModes,
  global: begin(
    `aaa banner bfd call-home cdp cef class-map clock control-plane crypto dhcp domain error-disable ethernet fpd ftp hostname http hw-module icmp
    interface ipv4 ipv6 key lacp line linux lldp logging lpts mirror mpls multicast-routing netconf netconf-yang ntp object-group
    performance-measurement policy-map radius-server rcp router rsvp rp segment-routing service service-policy snmp-server ssh sysdb tacacs
    tacacs-server tcp telemetry telnet tftp tpa udp username vrf vty-pool xml grpc taskgroup usergroup vty cinetd l2vpn evpn`,
  ),
  words: new Set(['server', 'description', 'timers', 'group']),
  blocks: [
    ended(/^route-policy \S+(?:\(.*\))?$/, 'end-policy', '-rpl'),
    ended(
      /^(?:prefix-set|community-set|as-path-set|extcommunity-set \S+|rd-set|large-community-set) \S+$/,
      'end-set',
      '-pfx',
    ),
    {
      opens: /^banner (?:motd|login|exec|incoming|prompt-timeout) +\S/,
      ends: (opening, lines) =>
        lines.length === 0 ? opening.split(mark(opening)).length > 2 : (lines.at(-1) ?? '').includes(mark(opening)),
    },
  ],
  keys: [
    /^(?:hostname|description|mtu|remote-as|update-source|rd|net|ipv4 address|secret|password|local-as|ssh server (?:rate-limit|session-limit)|telnet vrf \S+ ipv4 server max-servers|domain name|clock timezone|bgp router-id|router-id|vrf|timers|timers bgp|is-type|exec-timeout|metric-style|contact)(?= |$)/,
    /^(?:route-policy|prefix-set|community-set|as-path-set|rd-set|large-community-set|extcommunity-set \S+) \S+/,
    /^banner \S+/,
    /^route-policy \S+(?= (?:in|out))/,
    /^use (?:neighbor-group|session-group|af-group)/,
  ],
  shownNegations: /^no (?:destination|bgp)/,
  defaults: /^(?:no shutdown)$/,
  order: [
    /^hostname/,
    /^clock|^logging|^service|^line template/,
    /^telnet|^domain/,
    /^username|^usergroup|^taskgroup/,
    /^aaa|^radius|^tacacs/,
    /^vrf/,
    /^cdp|^lldp/,
    /^line|^vty/,
    /^call-home/,
    /^ntp|^snmp/,
    /^ftp|^tftp|^control/,
    /^ipv[46] access|^object-group/,
    /^interface/,
    /^prefix-set|^community-set|^as-path|^extcomm|^rd-set|^large/,
    /^route-policy/,
    /^router static/,
    /^router (?:isis|ospf)/,
    /^router bgp/,
    /^router|^l2vpn|^evpn|^mpls|^segment|^rsvp|^multicast/,
    /^xml|^netconf|^grpc|^telemetry/,
    /^ssh/,
    /^banner/,
  ],
  interfaceOrder: [
    /^Bundle-Ether/,
    /^Loopback/,
    /^MgmtEth/,
    /^GigabitEthernet/,
    /^TenGigE/,
    /^HundredGigE/,
    /^BVI/,
    /^tunnel/,
  ],
  hardware: /^never$/,
  canonical,
  comment: /^!/,
};
