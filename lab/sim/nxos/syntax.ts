import type { Syntax } from '../syntax.ts';

const begin = (words: string): RegExp =>
  new RegExp(`^(?:${words.trim().split(/\s+/).join('|').replaceAll('_', ' ')})(?: |$)`);

const canonical = (line: string): string => {
  const match = /^((?:no |default )?)int\w* +([A-Za-z-]+) ?([\d/.]+)$/.exec(line);
  const kinds = ['Ethernet', 'loopback', 'mgmt', 'port-channel', 'Vlan', 'nve', 'Tunnel'];
  const full = kinds.find((one) => one.toLowerCase().startsWith(match?.[2]?.toLowerCase() ?? '-'));
  return match && full ? `${match[1]}interface ${full}${match[3]}` : line;
};

const mark = (opening: string): string => /^banner \S+ +(.)/.exec(opening)?.[1] ?? '#';

/** Cisco NX-OS. Sources: the recorded sessions, NAPALM's checkpoint files. */
export const nxosSyntax: Syntax = {
  indent: 2,
  modes: [
    {
      name: 'interface',
      opens: /^interface (?!breakout)\S+$/,
      prompt: '-if',
      own: begin(
        'autostate bandwidth bfd carrier-delay cdp channel-group delay description duplex encapsulation fabric fec flowcontrol hardware host-reachability hsrp inherit ip_(?!route|domain|domain-name|host|name-server|access-list|prefix-list|ftp|tftp|http|tacacs|radius|routing|as-path|community-list|arp_timeout|igmp_snooping).+ ipv6_(?!route|prefix-list|access-list).+ isis lacp link lldp load-interval logging mac-address mac management mdix medium member mpls mtu negotiate ospfv3 private-vlan ptp priority-flow-control qos service-policy shutdown snmp source-interface spanning-tree speed storm-control switchport udld vlan vpc vrf vrrp xconnect no global',
      ),
      shown: /^no (?:shutdown|switchport|ip redirects|ipv6 redirects|negotiate)/,
      closed: true,
    },
    {
      name: 'nve',
      in: ['interface'],
      opens: /^member vni \S+.*$/,
      prompt: '-if-nve-vni',
      own: begin('mcast-group suppress-arp ingress-replication multisite'),
    },
    {
      name: 'bgp',
      opens: /^router bgp \S+$/,
      prompt: '-router',
      own: begin(
        'address-family bestpath cluster-id confederation description dynamic-med-interval enforce-first-as event-history fast-external-fallover flush-routes graceful-restart graceful-restart-helper isolate log-neighbor-changes maxas-limit neighbor-down nsr reconnect-interval router-id shutdown suppress-fib-pending timers rd vrf-all',
      ),
      closed: true,
    },
    {
      name: 'bgp-vrf',
      in: ['bgp'],
      opens: /^vrf \S+$/,
      prompt: '-router-vrf',
      own: begin('router-id local-as timers log-neighbor-changes graceful-restart bestpath reconnect-interval rd'),
      closed: true,
    },
    {
      name: 'bgp-neighbor',
      in: ['bgp', 'bgp-vrf'],
      opens: /^neighbor \S+(?: remote-as \S+)?$/,
      prompt: '-router-neighbor',
      own: begin(
        'bfd bmp-activate-server capability description disable-connected-check dont-capability-negotiate dynamic-capability ebgp-multihop graceful-shutdown inherit local-as log-neighbor-changes low-memory password path-attribute peer-type remote-as remove-private-as shutdown timers transport ttl-security update-source affinity-group',
      ),
      closed: true,
    },
    {
      name: 'bgp-template',
      in: ['bgp'],
      opens: /^template (?:peer|peer-session|peer-policy) \S+$/,
      prompt: '-router-neighbor',
      own: begin(
        'bfd description ebgp-multihop inherit local-as password remote-as shutdown timers update-source send-community route-map',
      ),
      closed: true,
    },
    {
      name: 'bgp-neighbor-af',
      in: ['bgp-neighbor', 'bgp-template'],
      opens: /^address-family \S+ \S+$/,
      prompt: '-router-neighbor-af',
      own: begin(
        'advertise-map allowas-in as-override capability default-originate disable-peer-as-check filter-list inherit maximum-prefix next-hop-self next-hop-third-party prefix-list rewrite-evpn-rt-asn route-map route-reflector-client send-community soft-reconfiguration soo suppress-inactive unsuppress-map weight advertise-gw-ip',
      ),
      closed: true,
    },
    {
      name: 'bgp-af',
      in: ['bgp', 'bgp-vrf'],
      opens: /^address-family \S+ \S+$/,
      prompt: '-router-af',
      own: begin(
        'additional-paths advertise aggregate-address client-to-client dampen-igp-metric dampening default-information default-metric distance export import inject-map maximum-paths network nexthop redistribute retain suppress-inactive table-map timers wait-igp-convergence advertise-pip vrf',
      ),
      closed: true,
    },
    {
      name: 'router',
      opens: /^router (?!bgp).+$/,
      prompt: '-router',
      own: begin(
        'router-id log-adjacency-changes net is-type passive-interface redistribute area maximum-paths timers address-family bfd auto-cost default-information distance max-metric shutdown vrf',
      ),
    },
    {
      name: 'vrf',
      opens: /^vrf context \S+$/,
      prompt: '-vrf',
      own: begin(
        'rd vni description ip_route ip_name-server ip_domain-name ip_domain-list ip_multicast ip_pim ipv6_route shutdown',
      ),
    },
    {
      name: 'vrf-af',
      in: ['vrf'],
      opens: /^address-family \S+ \S+$/,
      prompt: '-vrf-af-ipv4',
      own: begin('route-target export import maximum'),
    },
    {
      name: 'vlan',
      opens: /^vlan \d[\d,-]*$/,
      prompt: '-vlan',
      own: begin('name state vn-segment mode media private-vlan shutdown remote-span fabricpath'),
      closed: true,
    },
    {
      name: 'vdc',
      opens: /^vdc \S+(?: id \d+)?$/,
      prompt: '-vdc',
      own: begin('limit-resource allocate boot-order cpu-share ha-policy'),
      closed: true,
    },
    {
      name: 'route-map',
      opens: /^route-map \S+ (?:permit|deny) \d+$/,
      prompt: '-route-map',
      own: begin('match set description continue'),
      closed: true,
    },
    {
      name: 'acl',
      opens: /^ip(?:v6)? access-list \S+$/,
      prompt: '-acl',
      own: /^(?:\d+|permit|deny|remark|statistics|fragments)(?: |$)/,
      closed: true,
    },
    { name: 'role', opens: /^role name \S+$/, prompt: '-role', own: begin('rule description vlan interface vrf') },
    {
      name: 'line',
      opens: /^line (?:console|vty|com1)$/,
      prompt: (line) => `-${line[0].split(' ')[1] === 'vty' ? 'line' : 'console'}`,
      own: begin(
        'exec-timeout speed stopbits databits parity session-limit access-class modem terminal logout-warning absolute-timeout',
      ),
    },
    {
      name: 'vpc',
      opens: /^vpc domain \d+$/,
      prompt: '-vpc-domain',
      own: begin(
        'auto-recovery delay dual-active fabricpath graceful ip ipv6 layer3 peer-config-check-bypass peer-gateway peer-keepalive peer-switch role system-mac system-priority track virtual',
      ),
    },
    {
      name: 'class',
      opens:
        /^(?:class-map|policy-map|aaa group server|object-group|key chain|monitor session|event manager applet|evpn|track|flow|control-plane|fabric|ip sla|copp|telemetry).*$/,
      prompt: '-sub',
    },
    {
      name: 'class',
      in: ['class'],
      opens: /^(?:class \S+.*|vni \d+ l2|key \d+|policy \S+)$/,
      prompt: '-sub',
      own: begin('rd route-target set police bandwidth priority key-string'),
    },
  ],
  global: begin(
    `aaa acllog arp banner bfd boot callhome cdp cfs class-map cli clock control-plane copp crypto diagnostic email end evpn event fabric feature
    feature-set fex hardware hostname hsrp hw-module install interface ip ipv6 key lacp ldap-server line lldp logging mac maximum monitor mpls
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
