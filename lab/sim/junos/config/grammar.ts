/** Statements of two words that lead to more: `unit 0`, `neighbor 10.0.0.1`. */
const named = new Set(
  `unit family group neighbor user file policy-statement term policy security-zone ids-option prefix-list community as-path area
  route interface address server vlan filter class logical-systems interface-range address-book rib rib-groups level
  peer-as-list static-route host trap-group client-list view condition bridge-domains interface-set scheduler event-policy template
  flow-collector pool rule rule-set proposal gateway vpn profile apply-macro label-switched-path mstp`.split(/\s+/),
);

/** Statements of one word that lead to more. */
const containers = new Set(
  `system services ssh netconf telnet web-management http https login authentication root-authentication syslog license autoupdate ntp
  security screen icmp ip tcp syn-flood policies match then from to zones interfaces protocols bgp ospf ospf3 isis lldp mpls ldp rsvp bfd
  pim routing-options static aggregate generate policy-options snmp firewall forwarding-options chassis routing-instances groups
  class-of-service vlans applications access event-options multi-chassis switch-options rfc-compliant traceoptions archival configuration
  dhcp dhcp-local-server host-inbound-traffic system-services gigether-options ether-options aggregated-ether-options lacp fpc pic redundancy
  graceful-switchover nonstop-routing processes max-configuration inet inet6 unicast evpn l2vpn multipath bfd-liveness-detection
  graceful-restart rib-group resolution forwarding-table flow unified-access-control nat source destination dump
  internet-options master-password extensions radius-server tacplus-server alarm management-ethernet commit`.split(
    /\s+/,
  ),
);

/** Words that a statement may begin with besides those above. */
const leaves = new Set(
  `version host-name domain-name domain-search name-server time-zone encrypted-password ssh-rsa ssh-ed25519 ssh-ecdsa uid class full-name
  plain-text-password root-login protocol-version connection-limit rate-limit no-tcp-forwarding client-alive-interval any authorization
  interactive-commands kernel daemon url interval source-address destination-address application permit deny reject accept
  ping-death source-route-option tear-drop land alarm-threshold attack-threshold source-threshold destination-threshold queue-size timeout
  tcp-rst screen description mtu vlan-id vlan-tagging encapsulation native-vlan-id disable speed link-mode primary preferred
  type peer-as local-as export import local-address hold-time multihop ttl authentication-key cluster passive damping keep metric
  metric-out next-hop preference discard retain no-readvertise qualified-next-hop autonomous-system router-id confederation members
  prefix-list-filter route-filter protocol next next-term load-balance local-preference as-path-prepend origin
  instance-type route-distinguisher vrf-target vrf-import vrf-export vrf-table-label no-vrf-propagate-ttl instance-type reference-bandwidth
  interface-type overload point-to-point hello-interval dead-interval retransmit-interval community client-list-name contact location
  targets trap-options clients prefix apply-groups apply-groups-except inactive maximum-routes log-updown remove-private
  no-client-reflect out-delay advertise-inactive accept-remote-nexthop minimum-interval multiplier transport-address lsp-lifetime no-ipv4-routing
  no-ipv6-routing wide-metrics-only iso inet-vpn receive enable mode lease-time boot-server no-redirects ports console auxiliary
  login-alert announcement message idle-timeout permissions allow-commands deny-commands max-configurations-on-flash auto-re-enrollment aggregated-devices ethernet
  device-count graceful-switchover log count policer sample forwarding-class loss-priority port source-port
  destination-port sftp-server prefix-length-range tcp-established ge le exact orlonger upto longer neighbor-discovery router-advertisement lo0 chap
  pap server-group secret boot broadcast trusted-key address-assignment network all default all-of`.split(/\s+/),
);

/** Under these any name may stand. */
const freeNames =
  /^(?:interfaces|routing-instances|groups|vlans|applications|bridge-domains|rib-groups|logical-systems|members)$/;

/** Leaves of which there may be several: the whole statement tells them apart. */
const several =
  /^(?:address|server|neighbor|interface|route|family|unit|apply-groups|name-server|members|any|user|group|source-address|destination-address|application|community|route-filter|prefix-list|prefix-list-filter|target|targets|next-hop|from|file|domain-search|ssh-rsa|ssh-ed25519|\d|[0-9a-f]*:)/;

/** Values of which nothing is known without one more word. */
export const wantsValue =
  /^(?:host-name|domain-name|description|peer-as|local-as|autonomous-system|router-id|mtu|vlan-id|time-zone|encrypted-password|authentication-key)$/;

/** What stands at the top. */
const roots = new Set(
  `version system interfaces snmp routing-options protocols policy-options firewall routing-instances groups apply-groups class-of-service
  vlans applications access event-options security chassis forwarding-options multi-chassis switch-options bridge-domains logical-systems
  services accounting-options virtual-chassis ethernet-switching-options schedulers scheduler rfc-compliant`.split(
    /\s+/,
  ),
);

/** How many of the words make the next statement, and whether more may stand under it. */
export const nextStatement = (parent: string, words: readonly string[]): { take: number; leads: boolean } => {
  const [first = '', second] = words;
  if (first === 'from-zone') return { take: Math.min(4, words.length), leads: words.length > 4 };
  if (freeNames.test(parent)) return { take: 1, leads: words.length > 1 };
  if (
    named.has(first) &&
    second !== undefined &&
    !(first === 'interface' && words.length > 2 && /^(?:http|https)$/.test(parent))
  )
    return words.length > 2 ? { take: 2, leads: true } : { take: 2, leads: false };
  if (containers.has(first) && words.length > 1) return { take: 1, leads: true };
  return { take: words.length, leads: false };
};

/** What identifies a leaf among its siblings: its keyword, but for those of which there may be several. */
export const leafKey = (text: string): string => {
  const plain = text.replace(/^inactive: /, '');
  return several.test(plain) ? plain : (plain.split(' ')[0] ?? plain);
};

/** True for a word that may begin a statement under `parent`. */
export const known = (parent: string, text: string): boolean => {
  const word = text.replace(/^(?:inactive|protect|replace|delete): /, '').split(/[\s"[]/)[0] ?? '';
  const [kind = ''] = parent.split(' ');
  if (parent === '') return roots.has(word) || word === '';
  return (
    freeNames.test(kind) ||
    /^(?:prefix-list|address-set|file|user|host|any|term|level|from-zone|client-list|community|apply-macro)\b/.test(
      parent,
    ) ||
    /^[\d<*]|[.:/]/.test(word) ||
    named.has(word) ||
    containers.has(word) ||
    leaves.has(word) ||
    word === 'from-zone' ||
    kind === 'match' ||
    kind === 'then' ||
    kind === 'from' ||
    (kind === 'unit' && word === 'vlan-id')
  );
};
