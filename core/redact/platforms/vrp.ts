import type { PlatformSecrets } from '../statements.ts';

/** A secret as the device stores it begins like one of these, or is long. Source: the manuals' "ciphertext password" forms. */
const stored = {
  kinds: /^hash$/,
  typed: /^simple$/,
  only: /cipher$|^simple$/,
  value: /^(?:[%@#$][\^@%#$+-]{1,3}|\$\w{1,3}\$|\S{24,})/,
  write: 'password irreversible-cipher $1c$…, as `display current-configuration` shows it',
};

/**
 * Where Huawei VRP and HPE Comware keep secrets, which stand behind `cipher`, `simple` or `plain` in both.
 * Source: Huawei Command References of the CloudEngine and S series; HPE Comware 5 and 7 Security and Network Management
 * Command References.
 */
export const secrets: PlatformSecrets = {
  statements: [
    {
      lines: [
        'local-user * password <rest>',
        'super password [level #] [role *] <rest>',
        'set authentication password <rest>',
        '^password {cipher|simple|irreversible-cipher|hash|plain} <rest>',
        'peer * password <rest>',
        '{radius-server|hwtacacs-server|hwtacacs} ~ shared-key <rest>',
        'key {authentication|accounting|authorization} <rest>',
        'primary {authentication|accounting|authorization} ~ key <rest>',
        'secondary {authentication|accounting|authorization} ~ key <rest>',
        'pre-shared-key {address|hostname} ~ key <rest>',
        'pre-shared-key <rest>',
        'key-string <rest>',
        'ldap-server authentication manager * <rest>',
        'ppp chap password <rest>',
        'ppp pap local-user * password <rest>',
        'tunnel password <rest>',
        'md5-password {cipher|plain} * <rest>',
        'mka ~ ckn * cak <rest>',
        'snmp-agent community [{read|write}] <word> [{mib-view|acl|alias|user-role|view} ...]',
        'snmp-agent community [{read|write}] <rest>',
        'snmp-agent {usm-user|local-user|remote-engineid} ~ authentication-mode * <word> privacy-mode * <word> [{acl|local|engineid} ...]',
        'snmp-agent {usm-user|local-user|remote-engineid} ~ {authentication-mode|privacy-mode} * <word> [{acl|local|engineid} ...]',
        '{authentication-mode|area-authentication-mode|domain-authentication-mode} {simple|md5|hmac-md5|hmac-sha256|hmac-sm3|keyed-md5|keyed-sha1} [key-id] [#] <word> [{level-1|level-2|ip|osi|send-only|all-send-only|snp-packet} ...]',
        'authentication-mode md5 {usual|nonstandard|rfc2082|rfc2453} <word> [#]',
        'authentication-keyid # authentication-mode * <word> [acl ...]',
        'authentication-keyid # authentication-mode * <rest>',
      ],
      stored,
    },
    {
      lines: [
        'snmp-agent target-host ~ securityname <word> [{v1|v2c|v3} ...]',
        'snmp-agent target-host ~ securityname <rest>',
        'nhrp authentication <rest>',
        'sa {string-key|authentication-hex|encryption-hex} {inbound|outbound} {ah|esp} <rest>',
        'sa hex-key {authentication|encryption} {inbound|outbound} {ah|esp} <rest>',
        'security * psk {pass-phrase|hex} <word> [{aes|tkip|aes-tkip}]',
        'security * psk {pass-phrase|hex} <rest>',
        'wep ~ {pass-phrase|raw-key|hex} <rest>',
      ],
    },
  ],
  harmless: [
    'authentication-mode {aaa|password|none|scheme|local|keychain} ...',
    'authentication-mode ~ {keychain|key-chain} *',
    'ssh {server|client|user} ...',
    'display snmp-agent community {read|write}',
    'local-user password ...',
    'password-control ...',
    'rsa {local-key-pair|peer-public-key} ...',
  ],
  shapes: [
    // what Huawei encrypted is marked at both ends
    {
      has: /%[\^@$#+]%|@%@/,
      form: /%\^%#\S+?%\^%#|%@%@\S+?%@%@|%\$%\$\S+?%\$%\$|%#%#\S+?%#%#|@%@%\S+?@%@%|%\+%#\S+?%\+%#/g,
    },
    { has: /cipher\s/, form: /(?<![\w-])(?:[a-z]{1,20}-){0,3}cipher\s+(?=\S*[%$@])(\S+)/g },
    {
      has: /cipher\s/,
      form: /(?<![\w-])(?:irreversible-)?cipher\s+(?!aes|3des|des|chacha|arcfour|rsa|ecdhe|dhe|tls|ssl|null|default|blowfish|cast|suite|\[|v1|sm4|<)(\S+)/gi,
    },
  ],
};
