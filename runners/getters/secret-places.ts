/**
 * Where secrets stand in a configuration, a line each.
 *
 * `<rest>`, `<words>` and `<word>` are secrets: the rest of the line, some words, or one. `<typed>` is a word with the number of its
 * encryption before it, `<type7>` what a 7 announces, `<short>`
 * a text of at most eight characters. What stays is written as it is typed: `*` is one word, `#` a
 * number, `~` any words, `{a|b}` one of several, `[…]` may be missing, `...` whatever follows. `>` at the beginning
 * stands for an indented line.
 */
export type Places = { within?: RegExp; lines: readonly string[] };

/** Those of Cisco's systems and EOS that NAPALM masks, too. */
export const cisco: readonly Places[] = [
  { within: /^(?:tacacs|radius) server /, lines: ['> key <rest>'] },
  {
    lines: [
      'snmp-server community <rest>',
      'snmp-server host * [vrf *] [version {1|2c|3}] <word> ...',
      'snmp-server user * [*] auth md5 <word> priv <word> localizedkey [engineID *]',
      'username ~ {password|secret} # <rest>',
      'enable {password|secret} [level #] # <rest>',
      '> {password|secret} <typed>',
      'tacacs-server [~] key <rest>',
      'crypto isakmp key <word> ...',
      '~ wpa-psk ascii # <word>',
      '> ip ospf message-digest-key # md5 <rest>',
      '> ip ospf authentication-key <rest>',
      '> neighbor * password <rest>',
      '> vrrp # authentication text <rest>',
      '> standby # authentication md5 key-string <words> [timeout #]',
      '> standby # authentication <short>',
      '> key-string <rest>',
      '> ppp {chap|pap} password # <rest>',
      '~ key 7 <type7>',
    ],
  },
];

/** Those of EOS alone. */
export const eos: readonly Places[] = [
  { lines: ['> aaa root secret # <rest>', '> username ~ {password|secret} # <rest>'] },
];

/** Those that NAPALM leaves as they are. */
export const more: readonly Places[] = [
  { within: /^crypto (?:ikev2 )?keyring /, lines: ['> pre-shared-key [{local|remote}] [{0|6|hex}] <word>'] },
  {
    lines: [
      'snmp-server host * [{traps|informs}] [vrf *] [version {1|2c|3}] [{auth|noauth|priv}] <word> ...',
      'snmp-server user ~ {auth|authentication} {md5|sha|sha256|sha512} [{0|6|7}] <word> {priv|privacy} [{des|3des|aes}] [{128|192|256}] [{0|6|7}] <word> ...',
      'snmp-server user ~ auth {md5|sha} <word> ...',
      'username ~ {password|secret} [{\\d+|sha256|sha512|scrypt|nthash|encrypted|clear}] <word> ...',
      'enable {password|secret} [level #] [{\\d+|sha256|sha512|encrypted}] <word> ...',
      '> {password|secret} {encrypted|clear} <word>',
      '> password # <word> ...',
      '> ppp pap sent-username * password [#] <word>',
      '> standby # authentication text <rest>',
      '> standby # authentication <word>',
      '> secret # 7 <word> ...',
      'aaa root secret [#] <rest>',
      'radius-server [~] key <rest>',
      'crypto isakmp key {0|6} <word> ...',
      '> pre-shared-key address * [*] key [{0|6}] <word>',
      '> pre-shared-key [{local|remote|ascii-text|hexadecimal|key}] [{0|6|7}] <word>',
      '> {ikev1|ikev2} [{local-authentication|remote-authentication}] pre-shared-key [{0|6|7|8}] <word>',
      '> shared-key [{0|7|8a}] <word>',
      '> authentication {local|remote} pre-share key [{0|6}] <word>',
      '> {vrrp|glbp} # authentication md5 key-string [{0|7}] <word> ...',
      '> vrrp # peer authentication [text] [ietf-md5] [key-string] [{0|7}] <word>',
      '> {isis|lsp|hello|domain|area}-password <rest>',
      '> {isis|ip|ipv6} ~ authentication key [{0|7}] <word>',
    ],
  },
];
