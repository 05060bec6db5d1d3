import type { PlatformSecrets } from '../statements.ts';
import { harmless, ipsec, passPhrases, serverKeys, snmp } from './cisco.ts';

const type7 = { kinds: /^[367]$/ };

/** Where NX-OS keeps secrets. Source: Cisco Nexus 9000 Series NX-OS Command References and Security Configuration Guide. */
export const secrets: PlatformSecrets = {
  statements: [
    {
      lines: [
        'username * password <word> [role *] [expire *]',
        'username * password <word> [expire *] [role *]',
        'username * password <word> {role|expire} ...',
      ],
      stored: { kinds: /^[589]$/, write: 'username NAME password 5 $5$… role …' },
    },
    { lines: ['enable secret <word> [priv-lvl #]'], stored: { kinds: /^5$/, write: 'enable secret 5 $5$…' } },
    {
      lines: ['snmp-server user * [*] auth * <word> [priv [{aes-128|aes-256|des}] <word>]'],
      stored: { line: /\slocalized/, write: 'snmp-server user … localizedkey' },
    },
    {
      lines: ['neighbor * password <rest>', '^password <rest>'],
      stored: { ...type7, write: 'password 3 …' },
    },
    {
      lines: [
        '{tacacs-server|radius-server} host * key <word> {port|auth-port|acct-port|authentication|accounting|pac|timeout|retransmit|single-connection|test} ...',
        '{tacacs-server|radius-server} [host *] key <rest>',
      ],
      stored: { kinds: /^[67]$/, write: 'tacacs-server key 7 "…"' },
    },
    {
      lines: ['key-string <rest>', 'key-octet-string <word> cryptographic-algorithm *', 'key-octet-string <rest>'],
      stored: { kinds: /^[67]$/, write: 'key-string 7 …' },
    },
    { lines: ['ip ospf authentication-key <rest>'], stored: { ...type7, write: 'ip ospf authentication-key 3 …' } },
    {
      lines: ['ip ospf message-digest-key # md5 <rest>'],
      stored: { ...type7, write: 'ip ospf message-digest-key ID md5 3 …' },
    },
    {
      lines: [
        'authentication md5 key-string <word> [compatibility] [timeout #]',
        'authentication md5 key-string <rest>',
      ],
      stored: { kinds: /^7$/, write: 'authentication md5 key-string 7 …' },
    },
    {
      lines: ['ntp authentication-key # md5 <word> [#]'],
      stored: { line: /\s\d+\s+\S+\s+\S+\s+[1-9]\d*\s*$/, write: 'ntp authentication-key ID md5 … 7' },
    },
    {
      lines: [
        '{ip|ipv6} pim hello-authentication ah-md5 <rest>',
        '{ip|ipv6} msdp password * <rest>',
        'fcsp dhchap [devicename *] password <rest>',
        'ldap-server host * rootdn * password <word> [{port|timeout} ...]',
        'ldap-server host * rootdn * password <rest>',
        'authentication * {keyid|key-id} # {key|hex-key} <rest>',
        'authentication text <rest>',
        'username * keypair {import|export} * * [force] <word>',
      ],
    },
    { inside: /^(?:hsrp|vrrp|vrrpv3)\b/m, lines: ['^authentication <rest>'] },
    snmp,
    passPhrases,
    ipsec,
    serverKeys,
  ],
  harmless: [
    ...harmless,
    'username * passphrase ...',
    'username * {sshkey|ssh-cert-dn} ...',
    'username * keypair generate ...',
    'authentication md5 key-chain ...',
  ],
};
