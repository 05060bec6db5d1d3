import { ipOfInterface } from '../cisco/ip-words.ts';
import type { Mode } from '../config/syntax.ts';

/** Lines that begin with one of these words; `_` stands for a blank. */
export const begin = (words: string): RegExp =>
  new RegExp(`^(?:${words.trim().split(/\s+/).join('|').replaceAll('_', ' ')})(?: |$)`);

/** The parts of an NX-OS configuration. */
export const nxosModes: readonly Mode[] = [
  {
    name: 'interface',
    opens: /^interface (?!breakout)\S+$/,
    prompt: '-if',
    own: begin(
      `autostate bandwidth bfd carrier-delay cdp channel-group delay description duplex encapsulation fabric fec flowcontrol hardware host-reachability hsrp inherit ip_(?!route(?!r)|domain|domain-name|host|name-server|access-list|prefix-list|ftp|tftp|http|tacacs|radius|routing|as-path|community-list|arp_timeout|igmp_snooping)${ipOfInterface} ipv6_(?!route|prefix-list|access-list).+ isis lacp link lldp load-interval logging mac-address mac management mdix medium member mpls mtu negotiate ospfv3 private-vlan ptp priority-flow-control qos service-policy shutdown snmp source-interface spanning-tree speed storm-control switchport udld vlan vpc vrf vrrp xconnect no global`,
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
    name: 'applet',
    opens: /^event manager applet \S+$/,
    prompt: '-applet',
    own: begin('event action description override'),
    closed: true,
  },
  {
    name: 'class',
    opens:
      /^(?:class-map|policy-map|aaa group server|object-group|key chain|monitor session|evpn|track|flow|control-plane|fabric|ip sla|copp|telemetry).*$/,
    prompt: '-sub',
  },
  {
    name: 'class',
    in: ['class'],
    opens: /^(?:class \S+.*|vni \d+ l2|key \d+|policy \S+)$/,
    prompt: '-sub',
    own: begin('rd route-target set police bandwidth priority key-string'),
  },
];
