import type { PlatformSecrets, SecretStatements } from '../statements.ts';
import { harmless, ipsec, passPhrases, serverKeys, shapes, snmp } from './cisco.ts';

const hashed = { kinds: /^[4589]$/ };

/** A secret that IOS keeps as it is, unless the configuration asks for encryption. */
const encrypted = (write: string, ...lines: readonly string[]): SecretStatements => ({
  lines,
  stored: { kinds: /^[56789]$/, write, when: /^service password-encryption\s*$/m },
});

/** Where IOS and IOS-XE keep secrets. Source: Cisco IOS Security, SNMP, IP Routing and Wireless Command References. */
export const secrets: PlatformSecrets = {
  statements: [
    { lines: ['enable secret [level #] <rest>'], stored: { ...hashed, write: 'enable secret 9 $9$…' } },
    { lines: ['username * ~ secret <rest>'], stored: { ...hashed, write: 'username NAME secret 9 $9$…' } },
    {
      lines: [
        'ntp authentication-key # {md5|hmac-sha1|hmac-sha2-256|sha1|sha2|cmac-aes-128} <word> [#]',
        'ntp authentication-key <rest>',
      ],
      stored: { line: /\s\d+\s+\S+\s+\S+\s+[1-9]\d*\s*$/, write: 'ntp authentication-key ID md5 … 7' },
    },
    encrypted('enable secret 9 $9$…', 'enable password [level #] <rest>'),
    encrypted('username NAME secret 9 $9$…', 'username * ~ password <rest>'),
    encrypted('password 7 …', '^password <rest>'),
    encrypted('neighbor PEER password 7 …', 'neighbor * password <rest>'),
    encrypted('tacacs-server key 7 …', '{tacacs-server|radius-server} [~] key <rest>'),
    encrypted('key 7 …', '^key <text>'),
    encrypted(
      'key-string 7 …',
      'standby [#] authentication md5 key-string <rest> timeout #',
      '{standby|vrrp|glbp} [#] authentication md5 key-string <rest>',
      'key-string <rest>',
    ),
    encrypted('ip ospf authentication-key 7 …', 'ip ospf authentication-key <rest>'),
    encrypted('ip ospf message-digest-key ID md5 7 …', 'ip ospf message-digest-key # md5 <rest>'),
    encrypted('ppp chap password 7 …', 'ppp {chap|eap} password <rest>', 'ppp pap sent-username * password <rest>'),
    {
      lines: [
        'crypto isakmp key <rest> {address|hostname} ...',
        'crypto isakmp key <rest>',
        'pre-shared-key {address|hostname} ~ key <rest>',
        'pre-shared-key <rest>',
        'authentication {local|remote} pre-share key <rest>',
        'set session-key {inbound|outbound} ah # <rest>',
        'set session-key {inbound|outbound} esp # [cipher <word>] authenticator <word>',
        'set session-key {inbound|outbound} esp # [cipher] <rest>',
        'key config-key {password-encrypt|newpass|password-encryption} <rest>',
        'pac key <rest>',
      ],
    },
    {
      lines: [
        '{area-password|domain-password} <word> [authenticate snp {validate|send-only}]',
        'isis password <word> [{level-1|level-2}]',
        'area * virtual-link ~ message-digest-key # md5 <rest>',
        'area * virtual-link ~ authentication-key <rest>',
        'message-digest-key # md5 <rest>',
        'authentication mode hmac-sha-256 <rest>',
        'ip rsvp authentication key <rest>',
        'ip msdp password peer * <rest>',
        '{ip|ipv6} nhrp authentication <rest>',
        '{standby|vrrp|glbp} [#] authentication <rest>',
        'mpls ldp ~ password option # for * <rest>',
        'mpls ldp ~ password [fallback] <rest>',
        'digest secret <word> [hash {md5|sha1}]',
        'l2tp tunnel password <rest>',
        'cable {shared-secret|shared-secondary-secret} [index #] <rest>',
      ],
    },
    {
      lines: [
        'security wpa psk set-key <rest>',
        'wpa-psk <rest>',
        'encryption [vlan #] key # size * <word> [transmit-key]',
        'mgmtuser username * password <word> secret <word>',
        'vtp password <word> [{hidden|secret}]',
        'license smart {register|trust} idtoken <word> [{force|local|all} ...]',
        'license smart {register|trust} idtoken <rest>',
        'kerberos srvtab entry ~ <word>',
        'rf-switch snmp-community <rest>',
        'syscon {community|password} <rest>',
        'syscon address * <rest>',
        'cts credentials id * password <rest>',
      ],
    },
    snmp,
    passPhrases,
    ipsec,
    serverKeys,
  ],
  shapes,
  harmless: [
    ...harmless,
    'cts sxp connection ~ password {default|none} ...',
    '{standby|vrrp|glbp} [#] authentication md5 key-chain ...',
    'ip rsvp authentication {type|key-chain|challenge|lifetime|window-size} ...',
    'mpls ldp ~ password {required|rollover} ...',
    'ip ssh {rsa|dh|pubkey-chain|server|client} ...',
    'ppp {chap|pap} {hostname|refuse|wait|callin} ...',
  ],
};
