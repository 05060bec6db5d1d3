import type { Syntax } from '../syntax.ts';

const begin = (words: string): RegExp =>
  new RegExp(`^(?:${words.trim().split(/\s+/).join('|').replaceAll('_', ' ')})(?: |$)`);

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

/** Cisco IOS and IOS-XE. Sources: the recorded sessions, configuration fundamentals command reference. */
export const iosSyntax: Syntax = {
  indent: 1,
  modes: [
    {
      name: 'interface',
      opens: /^interface \S+$/,
      prompt: '-if',
      own: begin(
        'access-group address arp authentication auto bandwidth bfd bundle cdp channel-group channel-protocol clns crypto delay description dot1x duplex encapsulation fair-queue flowcontrol glbp hold-queue ip_(?!route|routing|domain|http|ssh|scp|forward-protocol|access-list|prefix-list|name-server|cef|vrf_[^f]|bgp-community|community-list|as-path|tacacs|radius|sla|tftp|ftp|classless|subnet-zero|multicast-routing|nat_(?!inside|outside)|default-gateway).+ ip_(?:vrf_forwarding|nat_(?:inside|outside)) ipv6_(?!route|unicast-routing|prefix-list|access-list|router|cef).+ isis keepalive lacp lldp load-interval logging mac-address macsec media-type mka mls mop mpls mtu negotiation nat ntp ospf ospfv3 peer platform power ppp priority-queue qos rate-limit service service-policy shutdown snmp source spanning-tree speed srr-queue standby storm-control switchport tag-switching tunnel udld vrf_forwarding vrrp xconnect zone-member carrier-delay',
      ),
      closed: true,
    },
    {
      name: 'router',
      opens: /^router (?:bgp|ospf|ospfv3|eigrp|isis|rip|lisp) ?.*$/,
      prompt: '-router',
      own: begin(
        'address-family aggregate-address area auto-cost auto-summary bfd bgp bfd default-information default-metric description distance distribute-list fast-reroute is-type ispf log-adjacency-changes maximum-paths metric-style mpls neighbor net network nsf passive-interface redistribute router-id scope shutdown summary-address synchronization table-map template timers max-metric segment-routing eigrp version microloop exit-address-family',
      ),
    },
    {
      name: 'af',
      in: ['router'],
      opens: /^address-family .+$/,
      prompt: '-router-af',
      own: begin(
        'aggregate-address auto-summary bgp default-information default-metric distance distribute-list maximum-paths neighbor network redistribute snmp synchronization table-map topology exit-address-family import export default-originate router-id',
      ),
      closed: true,
    },
    {
      name: 'vrf',
      opens: /^(?:vrf definition|ip vrf) \S+$/,
      prompt: '-vrf',
      own: begin('rd route-target description address-family exit-address-family import export maximum vpn'),
    },
    {
      name: 'vrf-af',
      in: ['vrf'],
      opens: /^address-family .+$/,
      prompt: '-vrf-af',
      own: begin('route-target export import maximum exit-address-family inter-as-hybrid bgp'),
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
    {
      name: 'peer',
      opens:
        /^(?:crypto (?:isakmp policy|ikev2 \S+|ipsec profile|map) .+|object-group .+|track \d+.*|ip sla \d+|dial-peer .+|voice .+|telemetry .+|flow .+|event manager applet .+|parameter-map .+|zone .+)$/,
      prompt: '-sub',
    },
  ],
  global: begin(
    `aaa access-list alias archive arp banner bfd boot boot-start-marker boot-end-marker bridge call-home cdp class-map clock config-register control-plane
    crypto default dial-peer diagnostic dot1x dot1q enable end errdisable ethernet event exception fhrp file flow hostname hw-module
    interface ip ipv6 key license line lldp logging login mac memory mls monitor mpls multilink netconf netconf-yang network-clock ntp
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
    /^alias|^privilege/,
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
};
