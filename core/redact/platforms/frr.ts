import type { PlatformSecrets } from '../statements.ts';

/** Where FRR keeps secrets. Source: FRR User Guide, the daemons' chapters. */
export const secrets: PlatformSecrets = {
  statements: [
    {
      lines: [
        '^[enable] password [8] <word>',
        '^[enable] password [8] <rest>',
        'neighbor * password <rest>',
        'ip ospf authentication-key <rest>',
        'ip ospf message-digest-key # md5 <rest>',
        'area * virtual-link ~ authentication-key <rest>',
        'area * virtual-link ~ message-digest-key # md5 <rest>',
        'ipv6 ospf6 authentication key-id # hash-algo * key <rest>',
        'isis password <rest>',
        '{area-password|domain-password} <word> [authenticate snp {validate|send-only}]',
        '{ip|ipv6} rip authentication string <rest>',
        'key-string <rest>',
        '{ip|ipv6} nhrp authentication <rest>',
        'msdp ~ password <rest>',
        'tcp-md5-auth <rest>',
      ],
    },
  ],
  harmless: [
    '^set {community|extcommunity|large-community} ...',
    'ip rip authentication {mode|key-chain} ...',
    'ipv6 ospf6 authentication keychain ...',
    'key chain ...',
  ],
};
