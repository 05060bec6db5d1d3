// The patterns of this file are taken over from NAPALM (napalm/base/constants.py and its drivers), Copyright the NAPALM
// authors, Apache License 2.0, nearly as they are: `--shape napalm` has to mask exactly what NAPALM masks.

/** Where secrets stand in configurations, as NAPALM's `sanitized` knows them. What stays is in groups. */
const cisco: readonly [RegExp, string][] = [
  [/^(snmp-server community).*$/gm, '$1 <removed>'],
  [/^(snmp-server host \S+( vrf \S+)?( version (1|2c|3))?)[ \t]+\S+((?:[ \t]+\S+)*)[ \t]*$/gm, '$1 <removed> $5'],
  [
    /^(snmp-server user \S+( \S+)? auth md5) \S+ (priv) \S+ (localizedkey( engineID \S+)?)\s*$/gm,
    '$1 <removed> $3 <removed> $4$5',
  ],
  [/^(username .+ (password|secret) \d) .+$/gm, '$1 <removed>'],
  [/^(enable (password|secret)( level \d+)? \d) .+$/gm, '$1 <removed>'],
  [/^(\s+(?:password|secret)) (?:\d{1,2} )?\S+$/gm, '$1 <removed>'],
  [/^(.*wpa-psk ascii \d) (\S+)$/gm, '$1 <removed>'],
  [/^(.*key 7) (\d.+)$/gm, '$1 <removed>'],
  [/^(tacacs-server (.+ )?key) .+$/gm, '$1 <removed>'],
  [/^(crypto isakmp key) (\S+) (.*)$/gm, '$1 <removed> $3'],
  [/^(\s+ip ospf message-digest-key \d+ md5) .+$/gm, '$1 <removed>'],
  [/^(\s+ip ospf authentication-key) .+$/gm, '$1 <removed>'],
  [/^(\s+neighbor \S+ password) .+$/gm, '$1 <removed>'],
  [/^(\s+vrrp \d+ authentication text) .+$/gm, '$1 <removed>'],
  [/^(\s+standby \d+ authentication) .{1,8}$/gm, '$1 <removed>'],
  [/^(\s+standby \d+ authentication md5 key-string) .+?( timeout \d+)?$/gm, '$1 <removed> $2'],
  [/^(\s+key-string) .+$/gm, '$1 <removed>'],
  [/^((tacacs|radius) server [^\n]+\n(?:\s+[^\n]+\n)*\s+key) [^\n]+$/gm, '$1 <removed>'],
  [/^(\s+ppp (chap|pap) password \d) .+$/gm, '$1 <removed>'],
];

const eos: readonly [RegExp, string][] = [
  ...cisco,
  [/^(\s+aaa root secret \d) .+$/gm, '$1 <removed>'],
  [/^(\s+username .+ (password|secret) \d) .+$/gm, '$1 <removed>'],
];

const junos: readonly [RegExp, string][] = [
  [/^(\s+community\s+)\w+(;.*|\s+\{.*)$/gm, '$1<removed>$2'],
  [/^(.*)"\$\d\$\S+"(;.*)$/gm, '$1<removed>$2'],
];

/** Masks the secrets of a configuration as NAPALM does. */
export const sanitize = (text: string, style: 'cisco' | 'eos' | 'junos'): string =>
  ({ cisco, eos, junos })[style].reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), text);
