import { mask } from './redact-registered.ts';

// Which part of a line is a secret, by what stands before it. Sources: the vendors' own sanitisers (`show running-config
// sanitized`, oxidized's models), FRR's manual, Junos' SECRET-DATA marks. Every pattern starts at a fixed word or at the
// line's start and has no nested repetition, so that a hostile line of any length costs linear time.

/** A secret: quoted, or up to the next blank; Junos' semicolon stays. */
const value = String.raw`("(?:[^"\\]|\\.)*"|'[^']*'|\S+?(?=;?(?:\s|$)))`;
/** How the secret that follows is stored. */
const kind = String.raw`(?:\d{1,2}|8a|md5|sha-?\d+|scrypt|pbkdf2|encrypted|unencrypted|clear(?:text)?|cipher|irreversible-cipher|simple|plain(?:-?text)?|hash(?:ed)?|ascii(?:-text)?|hex(?:adecimal)?|password|hmac-\S{1,20})\s+`;
const typed = `(?:${kind}){1,4}`;
const maybeTyped = `(?:${kind}){0,4}`;
/** What may stand before a configuration line: a diff's sign, blanks, a negation. */
const start = String.raw`^[-+! ]?\s*(?:(?:no|undo|set|delete|default)\s+)?`;
/** What follows the word "password" where no secret does. */
const noSecret = String.raw`(?![=:]|(?:encryption\S*|strength\S*|policy|recovery|min\S*|max\S*|length|expir\S*|history|life\S*|complexity|control|aging|prompt|order|authentication|is|was|from|for|not|of|has|or|and|to|set|given|found|required|must|entered|again|again\.|wrong|prompt\S*|type|level)(?:\s|$|;|:|,)|[;{[\]])`;

const rule = (...parts: readonly string[]): RegExp => new RegExp(`(${parts.join('')})${value}`, 'gi');
const atStart = (...parts: readonly string[]): RegExp => new RegExp(`(${start}${parts.join('')})${value}`, 'gi');

/** Each has two groups: what stays, and the secret. Order matters: the more exact ones come first. */
const rules: readonly RegExp[] = [
  // a hash that says so itself: $1$, $5$, $6$, $9$, $1c$, $y$ …
  /()("\$(?:\d{1,2}[a-z]?|[a-z][a-z\d-]{0,12})\$[^"]*"|\$(?:\d{1,2}[a-z]?|[a-z][a-z\d-]{0,12})\$[^\s"';,<>]{6,})/gi,
  // Huawei marks what it encrypted: %^%#…%^%#, %@%@…%@%@, @%@%…@%@%
  /()(%\^%#\S+?%\^%#|%@%@\S+?%@%@|%\$%\$\S+?%\$%\$|%#%#\S+?%#%#|@%@%\S+?@%@%|%\+%#\S+?%\+%#)/g,
  // any platform: "password 7 …", "secret sha512 …", "key 7 …", "lsp-password hmac-md5 encrypted …"
  rule(
    String.raw`(?<![\w.])(?:[a-z]{1,20}-){0,3}(?:password|secret|passwd|passphrase|key|key-string|shared-key|octet-string)\s+`,
    typed,
  ),
  atStart(String.raw`(?:enable\s+)?(?:password|secret|passwd)\s+(?:level\s+\d+\s+)?`, noSecret, maybeTyped),
  atStart(String.raw`(?:username|user|local-user)\s+\S+\s(?:.*?\s)?(?:password|secret)\s+`, noSecret, maybeTyped),
  rule(String.raw`(?<![\w.])neighbor\s+\S+\s+password\s+`, maybeTyped),
  rule(String.raw`(?<![\w.])ppp\s+(?:chap|pap)\s(?:[^\n]{0,200}?\s)?password\s+`, maybeTyped),
  atStart(
    String.raw`(?:ip|aaa|ldap|isis|bind|client|area|domain|dot1x|crypto|tacacs|radius|archive|ftp|http|peer|ospf|bgp|rip|eigrp|pim|ldp|mpls|vpn|l2tp)(?:\s+\S+){0,8}?[\s-]password\s+`,
    noSecret,
    maybeTyped,
  ),
  atStart(String.raw`(?:area|domain|lsp|hello|isis)-password\s+`, noSecret, maybeTyped),
  // keys
  rule(
    String.raw`(?<![\w.-])(?:key-string|keystring|key-octet-string|shared-secret|shared-key|tacacs-key|radius-key|server-key|simple-password|encrypted-password|plain-text-password-value|authentication-password|privacy-password|privacy-key|md5-key|ascii-text|hexadecimal)\s+`,
    maybeTyped,
  ),
  rule(String.raw`(?<![\w.-])authentication-key\s+(?:\d{1,5}\s+)?(?:(?:type|value)\s+)?`, maybeTyped),
  rule(String.raw`(?<![\w.])message-digest-key\s+\d{1,3}\s+`, maybeTyped),
  rule(
    String.raw`(?<![\w.])pre-?shared-key\s+(?:(?:local|remote|key)\s+|(?:address|hostname)\s+\S+\s+key\s+){0,2}`,
    maybeTyped,
  ),
  rule(String.raw`(?<![\w.])crypto\s+(?:isakmp|ikev1|ikev2)\s+key\s+`, maybeTyped),
  rule(String.raw`(?<![\w.])(?:wpa-psk|wpa-passphrase|psk\s+set-key|psk)\s+`, maybeTyped),
  rule(String.raw`(?<![\w.])authentication\s+key\s+`, maybeTyped),
  rule(String.raw`(?<![\w.])(?:rip|nhrp)\s+authentication\s+(?:string\s+)?(?!mode|key-chain)`, maybeTyped),
  atStart(
    String.raw`(?:vrrp|standby|glbp|hsrp)\s(?:.*?\s)?authentication\s+(?:(?:text|ietf-md5|key-string|md5)\s+){0,3}(?!key-chain)`,
    maybeTyped,
  ),
  atStart(String.raw`authentication\s+(?:text|(?:md5\s+)?key-string)\s+`, maybeTyped),
  atStart(String.raw`(?:tacacs|radius|aaa|server|ldap)\S*\s(?:.*?\s)?(?:key|secret)\s+(?!chain)`, maybeTyped),
  atStart(String.raw`key\s+[\da-f]{2,64}\s+(?:0|7|8a)\s+`), // MACsec: name, then the key
  rule('-(?:cvauth|ingestauth)=key,'),
  // SNMP
  atStart(String.raw`snmp-server\s+community\s+(?:(?:clear|encrypted)\s+)?`),
  atStart(String.raw`snmp-server\s+mib\s+community-map\s+`),
  atStart(
    String.raw`snmp-server\s+host\s+(?:\S+\s+)(?:vrf\s+\S+\s+)?(?:(?:traps?|informs?)\s+)?(?:version\s+(?:1|2c|3)\s+(?:(?:auth|noauth|priv)\s+)?)?(?!source-interface|use-vrf|filter-vrf|vrf|udp-port|version|traps?\b|informs?\b)`,
  ),
  atStart(String.raw`snmp-server\s+user\s(?:.*?\s)?auth\s+(?:(?:md5|sha\S*)\s+)?`),
  atStart(String.raw`snmp-server\s+user\s(?:.*?\s)?priv\s+(?:(?:3des|des\d*|aes\S*)\s+)?(?:(?:128|192|256)\s+)?`),
  atStart(String.raw`auth\s+(?:md5|sha\S*)\s+`),
  rule(String.raw`\spriv\s+(?=0x)`),
  atStart(String.raw`snmp-agent\s+community\s+(?:(?:read|write)\s+)?(?:(?:cipher|simple)\s+)?`),
  rule(
    String.raw`(?<![\w.])(?:authentication|privacy)-mode\s+(?:md5|sha\S*|aes\S*|des\S*|3des\S*)\s+(?!privacy-mode|acl)`,
    maybeTyped,
  ),
  atStart(String.raw`(?:snmp\s+)?community\s+(?=\S+(?:;|\s+\{))`),
  atStart(String.raw`snmp\s+community\s+`),
  // Huawei and Comware
  atStart(String.raw`snmp-agent\s+target-host\s(?:.*?\s)?securityname\s+(?:cipher\s+)?(?!\S+\s+v3\b)`),
  rule(String.raw`(?<![\w.-])md5-password\s+(?:plain|cipher)\s+\S+\s+`),
  rule(String.raw`(?<![\w.])(?:[a-z]{1,20}-){1,3}cipher\s+(?=\S*[%$@])`),
  rule(
    String.raw`(?<![\w.-])(?:irreversible-)?cipher\s+(?!aes|3des|des|chacha|arcfour|rsa|ecdhe|dhe|tls|ssl|null|default|blowfish|cast|suite|\[|v1)`,
  ),
  /^([-+! ]?\s*(?=.*(?:password|key|authentication|community|secret))(?:.*?\s)?(?:(?:simple|plain)\s+){1,2})(\S+)/gi,
  // XML, URLs, headers, assignments
  /(<(?:[\w-]{1,40}:)?(?:encrypted-password|plain-text-password|password|passwd|secret|passphrase|pre-shared-key|psk|authentication-key|auth-key|private-key|shared-secret|md5-key|key-string|ascii-text|hexadecimal|community-string|api-key|token)(?:\s[^<>]{0,400})?>)([^<]+)(?=<\/)/gi,
  /(:\/\/[^\s/:@"'<>]{0,256}:)([^\s/"'<>]{1,1024})(?=@)/g,
  /(:\/\/)([\w-]{20,})(?=@)/g,
  /(\bBearer\s+)(?=[\w+/=.~-]*[\d._=])([\w+/=.~-]{8,})/gi,
  /(\bauthorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer|token|apikey)\s+)?)([^\s"']+)/gi,
  /(\b(?:set-cookie|cookie|x-api-key|x-auth-token)["']?\s*:\s*)([^\n]+)/gi,
  /((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|psk)["']?\s{0,8}=\s{0,8})("(?:[^"\\]|\\.)*"|'[^']*'|[^\s&,;]+)/gi,
  /((?:password|passwd|passphrase|secret|api[_-]?key|private[_-]?key)["']?:[ \t]{1,8})(?!(?:true|false|null|none|no|not|the|it|a|an)\b|[{[|>])("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,]+)(?=\s*(?:$|[,}#]))/gi,
];

/** Words without which no rule can match: most lines hold none of them. */
const hint =
  /passw|secret|key|communit|psk|cipher|simple|plain|auth|\$[\da-z]{1,13}\$|:\/\/|bearer|cookie|token|passphrase|snmp|ascii-text|hexadecimal|priv |octet|%[\^@$#+]%/i;

const covered = (secret: string): string => {
  if (secret === '""' || secret === "''") return secret;
  const mark = /^["']/.exec(secret)?.[0];
  return mark && secret.length > 1 && secret.endsWith(mark) ? mark + mask + mark : mask;
};

/** Masks the secrets of one line. */
export const redactLine = (line: string): string => {
  if (!hint.test(line)) return line;
  let masked = line;
  for (const pattern of rules) {
    masked = masked.replace(pattern, (_, before: string, secret: string) => before + covered(secret));
  }
  return masked;
};
