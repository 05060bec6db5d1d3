import type { PlatformSecrets } from '../statements.ts';
import { commandLines } from './linux-commands.ts';

/** `clear ip bgp *` has as many words as a line of pppd's; verbs that nobody calls a host by, alone or where they were typed. */
const command =
  /^(?:\S*[#>$:] ?)?(?:(?:do|run|admin|sudo) )?(?:show|display|clear|reset|debug|undebug|ping|traceroute) /i;

/** Blocks of BIND and ISC's dhcpd that name a key which stands elsewhere. */
const namesKeys =
  /^(?:allow-\S+|match-(?:clients|destinations)|primaries|masters|also-notify|parental-agents|remote-servers|acl|blackhole|allow|zone)\b/m;

/**
 * Where the files of servers keep secrets; what is assigned to a name (`psk=X`, `secret: X`) is masked by its name and not
 * repeated here. Sources: the files' own manual pages.
 */
export const secrets: PlatformSecrets = {
  statements: [
    {
      // snmpd.conf(5), snmptrapd.conf(5), snmp.conf(5)
      lines: [
        '^{rocommunity|rwcommunity|rocommunity6|rwcommunity6} <word> @ ...',
        '^{rocommunity|rwcommunity|rocommunity6|rwcommunity6|trapcommunity} <rest>',
        '^{com2sec|com2sec6} [-Cn *] * * <rest>',
        '^com2secunix [-Cn *] * <rest>',
        '^{trapsink|trap2sink|informsink} * <word> #',
        '^{trapsink|trap2sink|informsink} * <rest>',
        '^authcommunity * <rest>',
        '^createuser [-e *] * {md5|sha|sha1|sha224|sha256|sha384|sha512|sha-224|sha-256|sha-384|sha-512} <word> [{des|aes|aes128|aes192|aes256|aes-128|aes-192|aes-256}]',
        '^createuser [-e *] * [{md5|sha|sha1|sha224|sha256|sha384|sha512|sha-224|sha-256|sha-384|sha-512}] <word> [{des|aes|aes128|aes192|aes256|aes-128|aes-192|aes-256}] <word>',
        '^{defpassphrase|defauthpassphrase|defprivpassphrase|defauthmasterkey|defprivmasterkey|defauthlocalizedkey|defprivlocalizedkey|defcommunity} <rest>',
        '^usmuser ~ <rest>',
      ],
    },
    {
      // pppd(8): client, server, secret, addresses
      lines: ['^\\* * <word> \\*', '^* \\* <word> [\\*]', '^* \\* <word> @'],
    },
    { unless: command, lines: ['^* * <word> \\*'] },
    { inside: /\/(?:chap|pap)-secrets$/m, lines: ['^* * <word> ...'] },
    {
      // chrony.keys, ntp.keys(5): number, kind, key
      lines: [
        '^# {m|md5|a|sha|sha1|sha-1|sha224|sha256|sha384|sha512|sha3-256|sha3-512|aes128|aes128cmac|aes-128-cmac|aes256|aes256cmac|md4|ripemd160|tiger|whirlpool} <rest>',
      ],
    },
    {
      // ipsec.secrets(5)
      lines: ['^~ : {psk|eap|xauth|ntlm|pin|ppk} <rest>', '^~ : {rsa|ecdsa|pkcs8|p12|bliss|dilithium} * <rest>'],
    },
    {
      // redis.conf, sentinel.conf
      lines: ['{requirepass|masterauth|primaryauth} <rest>', 'sentinel auth-pass * <rest>'],
    },
    {
      // keepalived.conf(5), hostapd.eap_user, ifupdown, wireless-tools
      lines: [
        '^auth_pass <rest>',
        '^{wpa-psk|wpa-password|wpa-passphrase|wpa-private-key-passwd|wireless-key|wireless-key1|wireless-key2|wireless-key3|wireless-key4} <rest>',
      ],
    },
    {
      // tac_plus.conf(5), users(5) of FreeRADIUS
      lines: [
        '{login|pap|chap|ms-chap|opap|arap|enable|global} = {cleartext|des|crypt} <rest>',
        '{cleartext|des} <word>',
      ],
    },
    {
      // ldap.conf(5), slapd.conf(5), nslcd.conf(5), netrc(5), apache, rsyslog, mosquitto
      lines: [
        '^{rootpw|bindpw|rootbindpw|rootpwmodpw|authtok} <rest>',
        '{machine|default} ~ login * password <rest>',
        '{authldapbindpassword|sslproxymachinecertificatepassphrase|sessioncryptopassphrase|oidcclientsecret|oidccryptopassphrase} <rest>',
        '^secure_link_secret <rest>',
        'proxy_set_header authorization <rest>',
        '{requestheader|header} ~ authorization <rest>',
      ],
    },
    {
      // ip-macsec(8), ip-xfrm(8), ip-l2tp(8), wpa_cli
      lines: ['key * {0x|} <word>', 'macsec ~ key * <rest>', 'ip ~ l2tp ~ {cookie|peer_cookie} <word> ...'],
    },
    {
      // programs that are given a password on their command line
      lines: [
        'sshpass -p <word> ...',
        'sshpass ~ -p <word> ...',
        'curl ~ {-u|--user|-U|--proxy-user|--oauth2-bearer} <word> ...',
        '{trapsess|proxy} ~ -A <word> ~ -X <word> ...',
        '{trapsess|proxy} ~ {-c|-A|-X|-3m|-3M} <word> ...',
        'htpasswd ~ -b ~ * * <word>',
        'openssl ~ {-pass|-passin|-passout|-k|-K} <word> ...',
      ],
    },
    { inside: /collectd/, lines: ['^community <rest>'] },
    { inside: /\/netplan\/[^/\n]*$/m, lines: ['^{key:|shared:|private:} <rest>'] },
    { inside: /eap_user[\w.]{0,40}$/m, lines: ['^* * <word> ...'] },
    {
      inside: /\/(?:sasl_passwd|sasl\/passwd|hostapd\.wpa_psk|wpa_psk|racoon\/psk|l2tp-secrets)[\w.]{0,40}$/m,
      lines: ['^* <rest>'],
    },
    {
      // files that hold nothing but secrets, whatever they are called
      inside:
        /\/(?:[^/\n]*(?:secrets?|shadow|htpasswd|htdigest|\.key|\.psk|\.pass|\.token|\.pgpass|passwd-s3fs|chrony\.keys|ntp\.keys|\.cred(?:ential)?s?|passwd\.client|openvpn\/[^/\n]*(?:auth|pass|login)[\w.-]*))$/m,
      lines: ['<rest>'],
    },
  ],
  harmless: [
    // named.conf(5), dhcpd.conf(5): a key has a name, its secret is another statement
    '^key * \\{',
    { inside: namesKeys, lines: ['key *'] },
    'omapi-key *',
    // ntp.conf(5): numbers of keys
    '{controlkey|requestkey} #',
    // swanctl.conf(5)
    '{auth|auth1|auth2} = {psk|pubkey|eap|xauth}',
    '{passwd:|shadow:|group:|gshadow:} {files|compat|systemd|sss|ldap|nis|winbind|db} ~',
    'auth_basic_user_file ...',
    '{ssl_password_file|ssl_certificate_key|sslcertificatekeyfile|identityfile|hostkey} ...',
    'auth-user-pass *',
    'askpass *',
  ],
  shapes: [
    ...commandLines,
    // .pgpass: host, port, database, user, password
    {
      has: /:(?:\d{2,5}|\*):/,
      form: /^[-+ ]?(?=[^:\s]*[g-z.*])[\w.*-]{1,255}:(?:\d{2,5}|\*):[^:\s]{1,64}:[^:\s]{1,64}:(\S.*)$/gi,
    },
    // a password or its hash behind the name of the user: htpasswd, postfix' sasl_passwd, openssl's pass:X
    {
      has: /\](?::\w{1,8})?\s|:\d{2,5}\s/,
      form: /^[-+ ]?\s*(?:\[[\w.-]{1,255}\](?::\w{1,8})?|[\w-]{1,63}\.[\w.-]{1,200}:\d{2,5})\s+[^\s:]{1,128}:(\S.*)$/g,
    },
    { has: /@[\w.-]{1,255}:/, form: /^[-+ ]?\s*[\w-]{1,63}\.[\w.-]{1,200}\s+[^\s:@]{1,64}@[\w.-]{1,255}:(\S.*)$/g },
    { has: /pass:|env:/, form: /(?<=\s)(?:pass|env):(\S+)/g },
    // hostapd.eap_user: who, how, password
    { has: /^[-+ ]?\s*["*]/, form: /^[-+ ]?\s*(?:"[^"]{0,200}"|\*)\s+[A-Z\d,-]{2,80}\s+("[^"]*"|hash:\S+)/g },
    // ip xfrm state: the name of what encrypts, then its key
    {
      has: /\s0x/,
      form: /\b(?:enc|auth|auth-trunc|aead)\s+(?:'[^']{1,64}'|"[^"]{1,64}"|[\w()-]{1,64})\s+(0x[\da-f]+)/gi,
    },
    // ommysql and its like: host, database, user, password
    // monit and haproxy: user:password; GRUB's hash
    { has: /allow\s/, form: /^[-+ ]?\s*allow\s+[a-z_][\w.-]{0,63}:([^\s:]+)(?:\s+read-only)?$/gi },
    { has: /stats\s/, form: /\bstats\s+auth\s+[^\s:]{1,64}:(\S+)/g },
    { has: /grub\.pbkdf2/, form: /grub\.pbkdf2\.[\w.]+/g },
    { has: /:om/, form: /:om\w{2,12}:[^,\s]{1,255},[^,\s]{1,64},[^,\s]{1,64},([^\s;]+)/g },
    // tokens that a server is given: SetCredential=name:X
    { has: /setcredential/, form: /SetCredential(?:Encrypted)?=[\w.-]{1,64}:(.+)$/g },
    // redis: user NAME on >password
    { has: /\buser\s/, form: /^[-+ ]?\s*user\s[^>]*\s[>#](\S+)/g },
  ],
};
