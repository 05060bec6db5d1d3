import type { Shape } from '../shapes.ts';
import type { PlatformSecrets, SecretStatements } from '../statements.ts';

// Statements with secrets that Cisco's systems and EOS have in common. Sources: the command references of IOS, IOS-XE, IOS-XR,
// NX-OS and EOS, commands `snmp-server host`, `snmp-server user`, `authentication ipsec spi` …

const host = 'snmp-server host * [vrf *] [{traps|trap|informs|inform}] [vrf *] [version {1|2c|3} [{auth|noauth|priv}]]';
const user = 'snmp-server user ~';
const ciphers = '[{des|3des|des56|aes|aes-128|aes-192|aes-256|aes128|aes192|aes256}] [{128|192|256}]';
/** What may stand behind the keys of a user. */
const userTails =
  '{access|localizedkey|localizedv2key|engineid|ipv4|ipv6|use-ipv4acl|use-ipv6acl|systemowner|sdrowner|remote}';
/** Kinds of traps that a host may want, the common ones. */
const traps =
  '{config|ipsec|memory|vrrp|bgp|snmp|syslog|envmon|hsrp|ospf|tty|entity|cpu|pim|mpls|eigrp|isdn|frame-relay}';

export const snmp: SecretStatements = {
  lines: [
    'snmp-server community <word> {view|ro|rw|group|sdrowner|systemowner|ipv4|ipv6|use-acl|use-ipv4acl|use-ipv6acl} ...',
    'snmp-server community <rest>',
    'snmp-server [mib] community-map <word> {context|engineid|security-name|target-list} ...',
    'snmp-server [mib] community-map <rest>',
    `${host} <word> {udp-port|port} ...`,
    `${host} <word>`,
    `${host} <word> ${traps} ...`,
    `${host} <rest>`,
    `${user} auth * <word> priv ${ciphers} <word>`,
    `${user} auth * <word> priv ${ciphers} <word> ${userTails} ...`,
    `${user} auth * <word> priv <rest>`,
    `${user} auth * <word> ${userTails} ...`,
    `${user} auth <rest>`,
    `^auth {md5|sha|sha256|sha512} <word> priv ${ciphers} <word>`,
    `^auth {md5|sha|sha256|sha512} <rest>`,
    '^priv [{des|3des|aes|aes-128|aes-256}] [{128|192|256}] <word> [localizedkey]',
    'rmon event # [log] trap <word> {description|owner|log} ...',
    'rmon event # [log] trap <rest>',
  ],
};

/** What `show snmp community` prints. */
export const shapes: readonly Shape[] = [
  {
    has: /community\s+(?:name|string|index|securityname)\s*:/,
    form: /\bcommunity\s+(?:name|string|index|securityname)\s*:\s*(\S+)/gi,
  },
];

/** OSPFv3's keys of IPsec: the key of the authentication, those of the encryption. */
export const ipsec: SecretStatements = {
  lines: [
    'authentication ipsec spi # * <rest>',
    'encryption ipsec spi # esp * [{128|192|256}] <word> [authentication] {md5|sha1|sha256} <word>',
    'encryption ipsec spi # esp null [authentication] {md5|sha1|sha256} <word>',
    'encryption ipsec spi # esp <rest>',
  ],
};

/** Keys and certificates that go in and out under a pass phrase. */
export const passPhrases: SecretStatements = {
  lines: [
    'crypto key {import|export} * * [exportable] pem url * [{des|3des|aes}] <rest>',
    'crypto key {import|export} * * [exportable] pem terminal [{des|3des|aes}] <rest>',
    'crypto {ca|pki} {import|export} * pkcs12 * [password] <rest>',
    'sap pmk <word> ...',
  ],
};

/** Where the names of servers' blocks tell that a number is a key, too. */
export const serverKeys: SecretStatements = {
  inside:
    /^(?:tacacs|radius|ldap)(?:-server| server)|aaa group server|server-private|isakmp client configuration group|dynamic-author/m,
  lines: ['^key <rest>', '^server-key <rest>'],
};

/** What holds no secret, though its words sound so. */
export const harmless: NonNullable<PlatformSecrets['harmless']> = [
  'snmp-server host * {source-interface|use-vrf|filter-vrf} ...',
  // the number of a key, of NTP's configuration everywhere
  '{server|peer|pool|unicast-server} ~ key # {prefer|iburst|burst|version|minpoll|maxpoll|source|vrf|use-vrf|local-interface|maxdelay|offline|xleave|routing-instance} ...',
  // MACsec: the name of a key
  { inside: /^(?:key chain|keychain)\b/m, lines: ['^key *'] },
  'pre-shared-key ckn *',
  '{lsp-password|hello-password|area-password|domain-password} keychain ...',
  'password {disable|inheritance-disable|encryption|encryption-key|strength-check|secure-mode|prompt|minimum|maximum|min-length|max-length|policy|policies|recovery|complexity|history|aging|lifetime|length|authentication} ...',
  'authentication ~ {key-chain|keychain} ...',
  'aaa {authentication|authorization|accounting} ...',
  'crypto key {generate|zeroize|pubkey-chain|mypubkey|move|storage|param} ...',
  'ssh key {rsa|dsa|ecdsa|ed25519} ...',
  'show mpls ldp neighbor ~ password {current|pending} ...',
  'crypto pki {trustpoint|certificate|authenticate|enroll} ...',
  'key {chain|exchange} ...',
  '{macsec|mka} ~ key-chain ...',
  'certificate * key *',
  'service password-encryption',
  'key controller',
];
