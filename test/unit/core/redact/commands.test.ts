import { describe, expect, it } from 'vitest';
import { redact } from '../../../../core/redact/redact.ts';
import { allDrivers } from '../../../../runners/drivers/registry.ts';

/** What people type behind the verbs that only read, as the platforms' command references write it. */
const behind = (verb: string): readonly string[] => {
  if (/^(?:ping|trace)/.test(verb)) return reached;
  return /^(?:admin )?(?:show|display)$/.test(verb) ? asked : ['', 'flash:keys', '/var/log/auth', 'bgp'];
};

const reached = [
  '10.0.0.1',
  'vrf RED 10.0.0.1 source Loopback0',
  '-c 5 -A 10.0.0.1',
  '10.0.0.1 size 1500 repeat 5',
  'leaf2',
];

const asked = [
  ...[
    'version',
    'ip route 10.0.0.0/8 longer-prefixes',
    'ip bgp *',
    'bgp ipv4 unicast *',
    'bgp vrf *',
    'isis neighbor *',
  ],
  ...['ip arp *', 'interfaces ge-0/0/* terse', 'interface * brief', 'vrf *', 'route for 10.0.0.1 all', 'key chain BGP'],
  ...[
    'key-chain',
    'keychain all',
    'aaa sessions',
    'authentication sessions',
    'snmp user',
    'snmp community',
    'ssh server',
  ],
  ...['crypto key mypubkey rsa', 'crypto pki certificates', 'crypto isakmp key', 'ssh key rsa', 'security ike sa'],
  ...[
    'management ssh hostkey server rsa public',
    'password policy',
    'password strength-check',
    'bgp community 65000:1',
  ],
  ...[
    'ip bgp community-list BLUE exact-match',
    'route community 65000:1',
    'bgp community-info',
    'ntp authentication-keys',
  ],
  ...['mka sessions detail', 'macsec policy', 'users accounts', 'running-config | include password', 'vtp password'],
  ...[
    'running-config | include snmp-server community',
    'log | grep token',
    'run | i password|secret',
    'cts credentials',
  ],
  ...['configuration | display set | match authentication-key', 'current-configuration | include password'],
];

const whole = [
  ...['clear ip bgp *', 'clear ip bgp * soft in', 'clear ip bgp 10.1.1.0', 'clear ip bgp peer-group RR soft'],
  ...[
    'clear bgp *',
    'clear bgp * soft',
    'clear bgp ipv4 unicast *',
    'clear bgp ipv4 *',
    'clear bgp vrf *',
    'clear bgp vrf RED *',
  ],
  ...['clear ip route *', 'clear ip route vrf RED *', 'clear ipv6 neighbors *', 'clear ip arp *', 'clear arp *'],
  ...[
    'clear ip dhcp binding *',
    'clear ip nat translation *',
    'clear ip mroute *',
    'clear ip pim route *',
    'clear ospf *',
  ],
  ...[
    'clear isis adjacency *',
    'clear mpls ldp neighbor *',
    'clear counters Ethernet1',
    'clear line vty 1',
    'clear vrrp *',
  ],
  ...['clear authentication sessions', 'clear aaa local user lockout username bob', 'clear security ike sa'],
  ...['reset bgp all', 'reset bgp ipv4 all', 'reset bgp vrf *', 'reset password-control history-record'],
  ...['debug ip bgp *', 'undebug ip bgp *'],
  ...['tracert -a 10.0.0.2 10.0.0.1', 'dir bootflash:///.ssh', 'file show /var/log/auth'],
];

const forms: readonly ((command: string) => string)[] = [
  (command) => command,
  (command) => `leaf1#${command}`,
  (command) => `leaf1# ${command}`,
  (command) => `leaf1: ${command}`,
  (command) => `leaf1: "${command}" was refused`,
  (command) => `leaf1: ${command}: % Invalid input detected at '^' marker.`,
  (command) => `do ${command}`,
  (command) => `run ${command}`,
  (command) => JSON.stringify({ request: { command } }),
  (command) => `plumb run leaf1 -- '${command}'`,
];

const masked = (commands: readonly string[]) =>
  commands.flatMap((command) => forms.map((form) => form(command))).filter((text) => redact(text) !== text);

describe('a command that holds no secret is shown as it was typed', () => {
  it.each(
    allDrivers().flatMap(({ platform, readOnly }) =>
      readOnly && 'commands' in readOnly
        ? [[platform, readOnly.commands.map((verb) => (typeof verb === 'string' ? verb : verb.like))] as const]
        : [],
    ),
  )('on %s, of those that only read', (_, verbs) => {
    expect(masked(verbs.flatMap((verb) => behind(verb).map((words) => `${verb} ${words}`.trim())))).toEqual([]);
  });

  it.each([
    ['show mpls ldp neighbor password pending'],
    ['show mpls ldp neighbor 10.0.0.1 password current'],
    ['show route community-name BLUE'],
    ['show route protocol bgp community-name BLUE terse'],
    ['display snmp-agent community read'],
  ])('%s', (command) => {
    expect(redact(command)).toBe(command);
    expect(redact(`leaf1# ${command}`)).toBe(`leaf1# ${command}`);
  });

  it('of those that clear', () => {
    expect(masked(whole)).toEqual([]);
  });
});

describe('what looks like a command and holds a secret', () => {
  it.each([
    ['client server examplepw *'],
    ['monitor server examplepw *'],
    ['clear * examplepw *'],
    ['show snmp community examplepw'],
    ['show running-config | include snmp-server community examplepw'],
    ['show mpls ldp neighbor 10.0.0.1 password examplepw'],
    ['clear ip bgp 10.0.0.1 password examplepw'],
    ['ssh key examplepw'],
    ['VTP Password: examplepw'],
  ])('%s is masked', (line) => {
    expect(redact(line)).not.toContain('examplepw');
  });
});
