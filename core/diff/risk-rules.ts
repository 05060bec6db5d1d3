/**
 * What makes a difference dangerous, as data. A changed line counts for a rule when `line` matches it, or `section` one of
 * the lines above it that it belongs to; each rule counts once for a difference.
 */
type RiskRule = {
  /** Said of the difference. */
  what: string;
  /** Of 100, which is the most that a difference can have. */
  points: number;
  line?: RegExp;
  section?: RegExp;
  /** Only lines that come or go. */
  sign?: '+' | '-';
};

const access =
  /^(?:no )?(?:aaa|tacacs\S*|radius\S*|username|user|login|authentication-order|line (?:vty|con\S*)|ip ssh|ssh|netconf\S*|management (?:api|ssh|telnet)|transport input|access-class|local-user|user-interface|stelnet|services|root-authentication)\b/;
const managementPort =
  /^(?:no )?(?:interface )?(?:Management|MgmtEth|mgmt|fxp|em|me|re\d:mgmt-|MEth|M-GigabitEthernet)\d/i;
const controlPlane = /^(?:no )?(?:control-plane|copp|system (?:control-plane|qos)|lpts)/i;
const routing =
  /^(?:no )?(?:router (?:bgp|ospf6?|ospfv3|isis|eigrp|rip)|bgp|ospf3?|isis|protocol (?:bgp|ospf|babel|rip|static))\b/;
const policy =
  /^(?:no )?(?:policy-options|policy-statement|route-map|route-policy|prefix-list|prefix-set|community-list|community-set|as-path|as-path-set|(?:ip|ipv6|bgp) (?:prefix-list|(?:large-|ext)?community-list|as-path)|filter|function)\b/;
const filtering =
  /^(?:no )?(?:(?:ip|ipv4|ipv6|mac) access-(?:list|group)|access-list|access-group|firewall|acl|traffic-filter|packet-filter|nft|table|chain)\b/;
const defaultRoute =
  /(?:^|\s)(?:0\.0\.0\.0\/0|0\.0\.0\.0 0\.0\.0\.0|::\/0|default-originate|default-information)(?:\s|;|$)/;
const session = /^(?:no )?(?:neighbor|peer) \S+|\b(?:remote-as|peer-as|peer-group)\b/;

export const riskRules: readonly RiskRule[] = [
  { what: 'access to the device', points: 40, line: access, section: access },
  { what: 'management interface', points: 40, line: managementPort, section: managementPort },
  { what: 'control plane', points: 40, line: controlPlane, section: controlPlane },
  { what: 'interface shut', points: 30, sign: '+', line: /^(?:shutdown|disable;?)$/ },
  { what: 'interface removed', points: 30, sign: '-', line: /^(?:interface|auto|iface) \S+/ },
  { what: 'BGP session', points: 30, line: session },
  { what: 'routing', points: 25, line: routing, section: routing },
  { what: 'routing policy', points: 30, line: policy, section: policy },
  { what: 'access list', points: 25, line: filtering, section: filtering },
  { what: 'default route', points: 30, line: defaultRoute },
  { what: 'VLAN or spanning tree', points: 15, line: /^(?:no )?(?:vlan|vlans|spanning-tree|stp|mlag|vpc)\b/ },
];

/** Lines from which on a difference counts as large, the greatest first. */
export const manyLines: readonly { lines: number; points: number }[] = [
  { lines: 500, points: 25 },
  { lines: 100, points: 10 },
];
