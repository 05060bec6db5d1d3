import type { PlatformSecrets } from '../statements.ts';
import { harmless, ipsec, passPhrases, serverKeys, snmp } from './cisco.ts';

const stored = (write: string) => ({ kinds: /^(?:[1-9]\d*|encrypted|password6?)$/, write });

/** Where IOS-XR keeps secrets. Source: Cisco IOS XR System Security, Routing and SNMP Command References. */
export const secrets: PlatformSecrets = {
  statements: [
    { lines: ['^secret <rest>', '^password <rest>'], stored: stored('secret 10 $6$…, password encrypted …') },
    { lines: ['{tacacs-server|radius-server} [~] key <rest>'], stored: stored('tacacs-server key 7 …') },
    { lines: ['^key <text>'], stored: stored('key 7 …') },
    {
      lines: ['key-string <word> cryptographic-algorithm *', 'key-string <rest>'],
      stored: stored('key-string password …'),
    },
    {
      lines: [
        'authentication-key # {md5|cmac|hmac-sha1|hmac-sha2} <rest>',
        'message-digest-key # md5 <rest>',
        'authentication-key <rest>',
      ],
      stored: stored('message-digest-key ID md5 encrypted …'),
    },
    {
      lines: [
        '{lsp-password|hello-password} [accept] <word> [level #] [send-only] [snp send-only] [enable-poi]',
        '{lsp-password|hello-password} [accept] <rest>',
      ],
      stored: stored('hello-password hmac-md5 encrypted …'),
    },
    {
      lines: ['snmp-server user * * v3 auth * <word>', 'snmp-server user * * v3 auth * <word> priv * <word>'],
      stored: { line: /\sauth\s+\S+\s+encrypted\s/, write: 'snmp-server user … auth sha encrypted …' },
    },
    {
      lines: [
        'text-authentication <rest>',
        '{ftp|tftp|http|rcp} client password <rest>',
        'digest secret <word> hash *',
      ],
    },
    { inside: /^(?:router )?(?:hsrp|vrrp)/m, lines: ['^authentication <rest>'] },
    snmp,
    passPhrases,
    ipsec,
    serverKeys,
  ],
  harmless: [...harmless, '{secret|password} policy ...'],
};
