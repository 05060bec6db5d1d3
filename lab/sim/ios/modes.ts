import { ipOfInterface } from '../cisco/ip-words.ts';
import type { Mode } from '../config/syntax.ts';

/** Lines that begin with one of these words; `_` stands for a blank. */
export const begin = (words: string): RegExp =>
  new RegExp(`^(?:${words.trim().split(/\s+/).join('|').replaceAll('_', ' ')})(?: |$)`);

/** The parts of an IOS configuration. */
export const iosModes: readonly Mode[] = [
  {
    name: 'interface',
    opens: /^interface \S+$/,
    prompt: '-if',
    own: begin(
      `access-group address arp authentication auto bandwidth bfd bundle cdp channel-group channel-protocol clns crypto delay description dot1x duplex encapsulation fair-queue flowcontrol glbp hold-queue ip_(?!route(?!r)|routing|domain|http|ssh|scp|forward-protocol|access-list|prefix-list|name-server|cef|vrf_[^f]|bgp-community|community-list|as-path|tacacs|radius|sla|tftp|ftp|classless|subnet-zero|multicast-routing|nat_(?!inside|outside)|default-gateway)${ipOfInterface} ip_(?:vrf_forwarding|nat_(?:inside|outside)) ipv6_(?!route|unicast-routing|prefix-list|access-list|router|cef).+ isis keepalive lacp lldp load-interval logging mac-address macsec media-type mka mls mop mpls mtu negotiation nat ntp ospf ospfv3 peer platform power ppp priority-queue qos rate-limit service service-policy shutdown snmp source spanning-tree speed srr-queue standby storm-control switchport tag-switching tunnel udld vrf_forwarding vrrp xconnect zone-member carrier-delay`,
    ),
    closed: true,
  },
  {
    name: 'router',
    opens: /^router (?:bgp|ospf|ospfv3|eigrp|isis|rip|lisp) ?.*$/,
    prompt: '-router',
    own: begin(
      'address-family aggregate-address area auto-cost auto-summary bfd bgp bfd default-information default-metric description distance distribute-list fast-reroute is-type ispf log-adjacency-changes maximum-paths metric-style mpls neighbor net network nsf passive-interface redistribute router-id scope shutdown summary-address synchronization table-map template timers max-metric segment-routing eigrp version microloop',
    ),
  },
  {
    name: 'af',
    in: ['router'],
    opens: /^address-family .+$/,
    prompt: '-router-af',
    own: begin(
      'aggregate-address auto-summary bgp default-information default-metric distance distribute-list maximum-paths neighbor network redistribute snmp synchronization table-map topology import export default-originate router-id',
    ),
    closed: true,
  },
  {
    name: 'vrf',
    opens: /^(?:vrf definition|ip vrf) \S+$/,
    prompt: '-vrf',
    own: begin('rd route-target description address-family import export maximum vpn'),
  },
  {
    name: 'vrf-af',
    in: ['vrf'],
    opens: /^address-family .+$/,
    prompt: '-vrf-af',
    own: begin('route-target export import maximum inter-as-hybrid bgp'),
  },
  {
    name: 'line',
    opens: /^line (?:con|vty|aux|console) ?.*$/,
    prompt: '-line',
    own: begin(
      'access-class accounting activation-character authorization autoselect exec exec-character-bits exec-timeout history ipv6 length location logging login logout-warning modem no notify password privilege rotary session-limit session-timeout speed stopbits terminal-type timeout transport vacant-message width databits parity flowcontrol lockable monitor refuse-message',
    ),
  },
  {
    name: 'vlan',
    opens: /^vlan \d[\d,-]*$/,
    prompt: '-vlan',
    own: begin('name state mtu private-vlan remote-span shutdown'),
    closed: true,
  },
  {
    name: 'route-map',
    opens: /^route-map \S+(?: (?:permit|deny)(?: \d+)?)?$/,
    prompt: '-route-map',
    own: begin('match set description continue'),
    closed: true,
  },
  {
    name: 'acl',
    opens: /^ip(?:v6)? access-list (?:standard|extended)? ?\S+$/,
    prompt: '-ext-nacl',
    own: /^(?:\d+|permit|deny|remark|evaluate|dynamic|sequence)(?: |$)/,
    closed: true,
  },
  {
    name: 'call-home',
    opens: /^call-home$/,
    prompt: '-call-home',
    own: begin(
      'contact-email-addr active alert-group profile mail-server sender data-privacy http-proxy site-id contract-id customer-id phone-number rate-limit source-interface vrf no',
    ),
  },
  {
    name: 'profile',
    in: ['call-home'],
    opens: /^profile \S+$/,
    prompt: '-call-home-profile',
    own: begin('active anonymous-reporting-only destination subscribe-to-alert-group reporting'),
  },
  {
    name: 'archive',
    opens: /^archive$/,
    prompt: '-archive',
    own: begin('log maximum path time-period write-memory rollback'),
  },
  {
    name: 'archive-log',
    in: ['archive'],
    opens: /^log config$/,
    prompt: '-archive-log-cfg',
    own: begin('hidekeys logging notify record rollback'),
  },
  { name: 'trustpoint', opens: /^crypto pki trustpoint \S+$/, prompt: '-ca-trustpoint' },
  { name: 'chain', opens: /^crypto pki certificate chain \S+$/, prompt: '-cert-chain', own: begin('certificate') },
  { name: 'pubkey', opens: /^ip ssh pubkey-chain$/, prompt: '-ssh-pubkey' },
  {
    name: 'pubkey-user',
    in: ['pubkey'],
    opens: /^username \S+$/,
    prompt: '-ssh-pubkey-user',
    own: begin('key-hash key-string'),
  },
  { name: 'redundancy', opens: /^redundancy$/, prompt: '-red', own: begin('mode main-cpu policy') },
  { name: 'control', opens: /^control-plane$/, prompt: '-cp', own: begin('service-policy') },
  { name: 'class', opens: /^(?:class-map|policy-map) .+$/, prompt: '-cmap', own: begin('match description class') },
  {
    name: 'class',
    in: ['class'],
    opens: /^class \S+$/,
    prompt: '-pmap-c',
    own: begin('bandwidth police priority queue-limit random-detect set shape service-policy'),
  },
  {
    name: 'aaa',
    opens: /^aaa group server \S+ \S+$/,
    prompt: '-sg',
    own: begin('server server-private ip deadtime'),
  },
  {
    name: 'server',
    opens: /^(?:tacacs|radius) server \S+$/,
    prompt: '-server',
    own: begin('address key timeout port single-connection'),
  },
  { name: 'key', opens: /^key chain \S+$/, prompt: '-keychain', own: begin('key') },
  {
    name: 'key',
    in: ['key'],
    opens: /^key \d+$/,
    prompt: '-keychain-key',
    own: begin('key-string accept-lifetime send-lifetime cryptographic-algorithm'),
  },
  { name: 'virtual-service', opens: /^virtual-service \S+$/, prompt: '-virt-serv' },
  { name: 'kron', opens: /^kron .+$/, prompt: '-kron-policy', own: begin('cli policy-list'), closed: true },
  {
    name: 'applet',
    opens: /^event manager applet \S+.*$/,
    prompt: '-applet',
    own: begin('event action trigger description set correlate'),
    closed: true,
  },
  {
    name: 'peer',
    opens:
      /^(?:crypto (?:isakmp policy|ikev2 \S+|ipsec profile|map) .+|object-group .+|track \d+.*|ip sla \d+|dial-peer .+|voice .+|telemetry .+|flow .+|parameter-map .+|zone .+)$/,
    prompt: '-sub',
  },
];
