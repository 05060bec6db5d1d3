import type { PlatformSecrets } from '../statements.ts';

const stored = { value: /^"?\$[89]\$/, write: 'authentication-key "$9$…"' };

/**
 * Where Junos keeps secrets: the leaf alone in braces, the whole way to it in set commands; both are written once here, as
 * a statement may begin anywhere in a line. Source: Junos OS CLI Reference, statements marked SECRET-DATA; Network Management
 * Guide on `community`, `community-name` and `trap-group`, whose name is the community of its traps.
 */
export const secrets: PlatformSecrets = {
  statements: [
    {
      lines: ['{plain-text-password|plain-text-password-value} <rest>'],
      stored: { write: 'encrypted-password "$6$…"' },
    },
    {
      lines: [
        'authentication-key # type * value <word>',
        'authentication-key # value <word>',
        '{authentication-key|hello-authentication-key|secret|simple-password|chap-secret|default-chap-secret|pap-password|local-password|authentication-password|privacy-password|privacy-key|ascii-text|hexadecimal|preauthentication-secret|shared-secret|challenge-password|cak} <word>',
        'md5 # key <word> [start-time *]',
        '{radius-server|tacplus-server|accounting-server} * secret <word>',
        'pre-shared-key {ascii-text|hexadecimal} <word>',
        'wpa-personal {key|key-value} <word>',
        'sim-unlock-code <word>',
        'key {ascii-text|hexadecimal} <word>',
      ],
      stored,
    },
    {
      lines: [
        'encrypted-password <word>',
        'community-name <word>',
        'archive-sites * password <rest>',
        'license keys key <rest>',
      ],
    },
    {
      within: /\bsnmp\b/,
      lines: [
        'community <word> {authorization|clients|client-list-name|view|logical-system|routing-instance} ...',
        'community <rest>',
        'trap-group <word> {targets|version|categories|destination-port|routing-instance} ...',
        'trap-group <rest>',
      ],
    },
  ],
  harmless: [
    'authentication-order ~',
    'password {format|change-type|minimum-changes|minimum-length|maximum-length|minimum-numerics} ...',
    'community * members ...',
    '{from|then} community ...',
    'show route ~ community-name * ...',
    'community {add|delete|set} ...',
    '{authentication-key-chain|key-chain} *',
    'key-chain * {description|tolerance} ...',
    'key-chain * key * {start-time|algorithm|options|key-name} ...',
    'password-options ...',
  ],
};
