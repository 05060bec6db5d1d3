/** A view of the command line: what opens it, where from, and how the prompt shows it. */
export type View = {
  name: string;
  /** Names of the views that it is opened from; `system` when left out. */
  in?: readonly string[];
  opens: RegExp;
  prompt: string | ((line: RegExpExecArray) => string);
};

/** What a dialect of VRP takes. A line that no pattern knows is refused. */
export type Grammar = {
  views: readonly View[];
  /** Lines of system view. */
  system: RegExp;
  /** Lines of every other view. */
  inside: RegExp;
  /** Lines of which there is one: what matches is the key. */
  keys: readonly RegExp[];
  /** Negations that the configuration shows. */
  shown: RegExp;
};

const interfaces =
  /^interface ((?:GigabitEthernet|GE|10GE|100GE|LoopBack|Eth-Trunk|Vlanif|Vlan-interface|Ten-GigabitEthernet|NULL|MEth|M-GigabitEthernet)\S+)$/i;

/** Views that both have. */
const common: readonly View[] = [
  { name: 'interface', opens: interfaces, prompt: ([, name = '']) => name },
  { name: 'vlan', opens: /^vlan (\d+)$/, prompt: ([, id = '']) => `vlan${id}` },
  { name: 'bgp', opens: /^bgp (\S+)$/, prompt: 'bgp' },
  { name: 'ospf', opens: /^ospf (\d+)/, prompt: ([, id = '']) => `ospf-${id}` },
  { name: 'area', in: ['ospf'], opens: /^area (\S+)$/, prompt: ([, id = '']) => `ospf-area-${id}` },
  { name: 'vpn', opens: /^ip vpn-instance (\S+)$/, prompt: ([, name = '']) => `vpn-instance-${name}` },
  { name: 'policy', opens: /^route-policy (\S+) (?:permit|deny) node (\d+)$/, prompt: 'route-policy' },
];

const keys = [
  /^sysname /,
  /^description /,
  /^mtu /,
  /^ip address (?!.* sub$)/,
  /^router-id /,
  /^route-distinguisher /,
  /^peer \S+ (?:as-number|description|connect-interface|timer|password)\b/,
  /^local-user \S+ password /,
  /^header \S+/,
];

/** Huawei VRP. */
export const huawei: Grammar = {
  views: [
    ...common,
    { name: 'aaa', opens: /^aaa$/, prompt: 'aaa' },
    { name: 'line', opens: /^user-interface (?:vty|con) [\d ]+$/, prompt: 'ui-vty0-4' },
    {
      name: 'family',
      in: ['bgp'],
      opens: /^(?:ipv[46]|l2vpn|vpnv[46])-family (.+)$/,
      prompt: ([, of = '']) => `bgp-af-${of.split(' ')[0]}`,
    },
    { name: 'family', in: ['vpn'], opens: /^ipv[46]-family$/, prompt: 'vpn-instance-af' },
  ],
  system:
    /^(?:sysname \S|(?:stelnet|telnet|ssh|snmp-agent|ip route-static|ipv6|ntp|info-center|lldp|clock|dns|header|vlan batch|command-privilege|ftp)\b)/,
  inside:
    /^(?:description|mtu|ip (?:address|binding)|ipv6 (?:enable|address)|shutdown|portswitch|port |speed|peer \S+ \S+|router-id|network|import-route|preference|apply|if-match|local-user|authentication-mode|protocol|user|idle-timeout|area|route-distinguisher|vpn-target|policy|undo |timer|graceful)\b/,
  keys,
  shown: /^undo (?:shutdown|portswitch|default ipv4-unicast|policy vpn-target)$/,
};

/** HPE and H3C Comware. */
export const comware: Grammar = {
  views: [
    ...common,
    { name: 'user', opens: /^local-user (\S+)(?: class manage)?$/, prompt: ([, name = '']) => `luser-manage-${name}` },
    { name: 'line', opens: /^line (?:vty|aux|console) [\d ]+$/, prompt: 'line-vty0-63' },
    {
      name: 'family',
      in: ['bgp', 'bgp-vpn'],
      opens: /^address-family (\S+)/,
      prompt: ([, of = '']) => `bgp-default-${of}`,
    },
    {
      name: 'bgp-vpn',
      in: ['bgp'],
      opens: /^ip vpn-instance (\S+)$/,
      prompt: ([, name = '']) => `bgp-default-${name}`,
    },
  ],
  system:
    /^(?:sysname \S|(?:ssh|telnet|snmp-agent|ip route-static|ipv6|ntp-service|info-center|lldp|clock|dns|header|irf|undo|password-recovery|ftp)\b)/,
  inside:
    /^(?:description|mtu|ip (?:address|binding)|ipv6 address|shutdown|port |speed|peer \S+ \S+|router-id|network|import-route|preference|apply|if-match|password|service-type|authorization-attribute|authentication-mode|user-role|protocol|idle-timeout|route-distinguisher|vpn-target)\b/,
  keys,
  shown: /^undo (?:shutdown|irf link-delay)$/,
};
