import { ipOfInterface } from '../cisco/ip-words.ts';
import { begin, openPart, part } from '../config/parts.ts';
import type { Mode } from '../config/syntax.ts';

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
  openPart(
    'nve',
    'interface',
    /^member vni \S+.*$/,
    '-if-nve-vni',
    'mcast-group suppress-arp ingress-replication multisite',
  ),
  part(
    'bgp',
    '',
    /^router bgp \S+$/,
    '-router',
    'address-family bestpath cluster-id confederation description dynamic-med-interval enforce-first-as event-history fast-external-fallover flush-routes graceful-restart graceful-restart-helper isolate log-neighbor-changes maxas-limit neighbor-down nsr reconnect-interval router-id shutdown suppress-fib-pending timers rd vrf-all',
  ),
  part(
    'bgp-vrf',
    'bgp',
    /^vrf \S+$/,
    '-router-vrf',
    'router-id local-as timers log-neighbor-changes graceful-restart bestpath reconnect-interval rd',
  ),
  part(
    'bgp-neighbor',
    'bgp bgp-vrf',
    /^neighbor \S+(?: remote-as \S+)?$/,
    '-router-neighbor',
    'bfd bmp-activate-server capability description disable-connected-check dont-capability-negotiate dynamic-capability ebgp-multihop graceful-shutdown inherit local-as log-neighbor-changes low-memory password path-attribute peer-type remote-as remove-private-as shutdown timers transport ttl-security update-source affinity-group',
  ),
  part(
    'bgp-template',
    'bgp',
    /^template (?:peer|peer-session|peer-policy) \S+$/,
    '-router-neighbor',
    'bfd description ebgp-multihop inherit local-as password remote-as shutdown timers update-source send-community route-map',
  ),
  part(
    'bgp-neighbor-af',
    'bgp-neighbor bgp-template',
    /^address-family \S+ \S+$/,
    '-router-neighbor-af',
    'advertise-map allowas-in as-override capability default-originate disable-peer-as-check filter-list inherit maximum-prefix next-hop-self next-hop-third-party prefix-list rewrite-evpn-rt-asn route-map route-reflector-client send-community soft-reconfiguration soo suppress-inactive unsuppress-map weight advertise-gw-ip',
  ),
  part(
    'bgp-af',
    'bgp bgp-vrf',
    /^address-family \S+ \S+$/,
    '-router-af',
    'additional-paths advertise aggregate-address client-to-client dampen-igp-metric dampening default-information default-metric distance export import inject-map maximum-paths network nexthop redistribute retain suppress-inactive table-map timers wait-igp-convergence advertise-pip vrf',
  ),
  openPart(
    'router',
    '',
    /^router (?!bgp).+$/,
    '-router',
    'router-id log-adjacency-changes net is-type passive-interface redistribute area maximum-paths timers address-family bfd auto-cost default-information distance max-metric shutdown vrf',
  ),
  openPart(
    'vrf',
    '',
    /^vrf context \S+$/,
    '-vrf',
    'rd vni description ip_route ip_name-server ip_domain-name ip_domain-list ip_multicast ip_pim ipv6_route shutdown',
  ),
  openPart('vrf-af', 'vrf', /^address-family \S+ \S+$/, '-vrf-af-ipv4', 'route-target export import maximum'),
  part(
    'vlan',
    '',
    /^vlan \d[\d,-]*$/,
    '-vlan',
    'name state vn-segment mode media private-vlan shutdown remote-span fabricpath',
  ),
  part('vdc', '', /^vdc \S+(?: id \d+)?$/, '-vdc', 'limit-resource allocate boot-order cpu-share ha-policy'),
  part('route-map', '', /^route-map \S+ (?:permit|deny) \d+$/, '-route-map', 'match set description continue'),
  {
    name: 'acl',
    opens: /^ip(?:v6)? access-list \S+$/,
    prompt: '-acl',
    own: /^(?:\d+|permit|deny|remark|statistics|fragments)(?: |$)/,
    closed: true,
  },
  openPart('role', '', /^role name \S+$/, '-role', 'rule description vlan interface vrf'),
  {
    name: 'line',
    opens: /^line (?:console|vty|com1)$/,
    prompt: (line) => `-${line[0].split(' ')[1] === 'vty' ? 'line' : 'console'}`,
    own: begin(
      'exec-timeout speed stopbits databits parity session-limit access-class modem terminal logout-warning absolute-timeout',
    ),
  },
  openPart(
    'vpc',
    '',
    /^vpc domain \d+$/,
    '-vpc-domain',
    'auto-recovery delay dual-active fabricpath graceful ip ipv6 layer3 peer-config-check-bypass peer-gateway peer-keepalive peer-switch role system-mac system-priority track virtual',
  ),
  part('applet', '', /^event manager applet \S+$/, '-applet', 'event action description override'),
  {
    name: 'class',
    opens:
      /^(?:class-map|policy-map|aaa group server|object-group|key chain|monitor session|evpn|track|flow|control-plane|fabric|ip sla|copp|telemetry).*$/,
    prompt: '-sub',
  },
  openPart(
    'class',
    'class',
    /^(?:class \S+.*|vni \d+ l2|key \d+|policy \S+)$/,
    '-sub',
    'rd route-target set police bandwidth priority key-string',
  ),
];
