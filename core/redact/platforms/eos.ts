import type { PlatformSecrets } from '../statements.ts';
import { harmless, ipsec, passPhrases, serverKeys, snmp } from './cisco.ts';

const type7 = { kinds: /^(?:7|8a)$/ };
const hashed = { kinds: /^(?:5|sha512)$/ };

/** Where EOS keeps secrets. Source: EOS User Manual, the commands' own pages. */
export const secrets: PlatformSecrets = {
  statements: [
    {
      lines: ['enable {password|secret} [level #] <rest>'],
      stored: { ...hashed, write: 'enable password sha512 $6$…' },
    },
    { lines: ['username * ~ secret <rest>'], stored: { ...hashed, write: 'username NAME secret sha512 $6$…' } },
    { lines: ['aaa root secret <rest>'], stored: { ...hashed, write: 'aaa root secret sha512 $6$…' } },
    { lines: ['boot secret <rest>'], stored: { ...hashed, write: 'boot secret sha512 $6$…' } },
    { lines: ['neighbor * password <rest>'], stored: { ...type7, write: 'neighbor PEER password 7 …' } },
    { lines: ['{tacacs-server|radius-server} [~] key <rest>'], stored: { ...type7, write: 'tacacs-server … key 7 …' } },
    { lines: ['ip ospf authentication-key <rest>'], stored: { ...type7, write: 'ip ospf authentication-key 7 …' } },
    {
      lines: ['ip ospf message-digest-key # {md5|sha1|sha256|sha384|sha512} <rest>'],
      stored: { ...type7, write: 'ip ospf message-digest-key ID sha512 7 …' },
    },
    {
      lines: [
        '[isis] authentication [key-id # algorithm * [rfc-5310]] key <word> [{level-1|level-2}]',
        '[isis] authentication [key-id # algorithm * [rfc-5310]] key <rest>',
      ],
      stored: { ...type7, write: 'isis authentication key 7 …' },
    },
    {
      lines: ['ntp authentication-key # {md5|sha1} <rest>'],
      stored: { ...type7, write: 'ntp authentication-key ID sha1 7 …' },
    },
    { lines: ['{shared-key|passphrase} <rest>'], stored: { ...type7, write: 'shared-key 7 …' } },
    { lines: ['mpls ldp ~ password <rest>', '^password <rest>'], stored: { ...type7, write: 'password 7 …' } },
    {
      lines: ['snmp-server user * * v3 auth * <word>', 'snmp-server user * * v3 auth * <word> priv * <word>'],
      stored: { line: /\slocalized\s/, write: 'snmp-server user NAME GROUP v3 localized ENGINE auth sha 0x…' },
    },
    {
      // MACsec: the name of the key, then the key; a profile of shared secrets: its number, then the secret
      lines: [
        '^key * {0|7|8a} <word> [fallback]',
        '^secret * {0|7|8a} <word> {receive-lifetime|transmit-lifetime} ...',
      ],
    },
    {
      lines: [
        'ospfv3 ~ {passphrase|hex} <rest>',
        'vrrp # [peer] authentication <rest>',
        '{radius|tacacs} ~ {server-key|shared-secret} <rest>',
        'email ~ password <rest>',
      ],
    },
    snmp,
    passPhrases,
    ipsec,
    serverKeys,
  ],
  harmless: [
    ...harmless,
    'username * ~ secret \\*',
    'neighbor * password shared-secret profile ...',
    'ip ssh server ...',
  ],
  // daemon TerminAttr: -cvauth=key,X
  shapes: [{ has: /auth=/, form: /-\w{0,16}auth=(?:[\w-]{0,16}-)?key,([^\s,]+)/g }],
};
