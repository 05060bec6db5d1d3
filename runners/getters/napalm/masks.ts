// Which words NAPALM takes for the begin of a secret, and in which order, is what its filters say (napalm/base/constants.py,
// Apache License 2.0): `--shape napalm` has to give what they give, oddities included. Our own shape: ../sanitize.ts.

/** What stands for a secret. */
const mask = '<removed>';

/** From the beginning of a line to its end: what stays, the secret, and what may stay after it. */
type Place = readonly [stays: string, secret: string, after?: string];

type Mask = (text: string) => string;

/** Where a line begins; of a run of blank lines the first one: what begins with any blanks would be looked for from each. */
const lineStart = (stays: string): string => (stays.startsWith('\\s') ? '(?<![^\\n]|\\n[^\\S\\n]*\\n)' : '(?<![^\\n])');

const compiled = ([stays, secret, after = '']: Place) =>
  new RegExp(`${lineStart(stays)}(${stays}) (?:${secret})(${after})(?![^\\n])`, 'g');

/** Where the secrets of Cisco's systems are known to NAPALM, in the order in which it looks for them. */
const beforeBlocks: readonly Place[] = [
  ['username [^\\n]+ (?:password|secret) \\d', '[^\\n]+'],
  ['enable (?:password|secret)(?: level \\d+)? \\d', '[^\\n]+'],
  ['\\s+(?:password|secret)', '(?:\\d{1,2} )?\\S+'],
  ['[^\\n]*wpa-psk ascii \\d', '\\S+'],
  ['[^\\n]*key 7', '\\d[^\\n]+'],
  ['tacacs-server (?:[^\\n]+ )?key', '[^\\n]+'],
  ['crypto isakmp key', '\\S+', ' [^\\n]*'],
  ['\\s+ip ospf message-digest-key \\d+ md5', '[^\\n]+'],
  ['\\s+ip ospf authentication-key', '[^\\n]+'],
  ['\\s+neighbor \\S+ password', '[^\\n]+'],
  ['\\s+vrrp \\d+ authentication text', '[^\\n]+'],
  ['\\s+standby \\d+ authentication', '[^\\n]{1,8}'],
];
const afterBlocks: readonly Place[] = [['\\s+ppp (?:chap|pap) password \\d', '[^\\n]+']];

/** Masks what stands in such a place of a line. */
export const lineMask = (...place: Place): Mask => {
  const pattern = compiled(place);
  return (text) => text.replace(pattern, `$1 ${mask}$2`);
};

const at = (place: Place): Mask => lineMask(...place);

const community: Mask = (text) => text.replace(/(?<![^\n])(snmp-server community)[^\n]*/g, `$1 ${mask}`);

/** The first host's rest is the rest of the whole configuration there: the hosts after it keep their communities. */
const firstHost: Mask = (text) =>
  text.replace(/(?<![^\n])(snmp-server host \S+(?: vrf \S+)?(?: version (?:1|2c|3))?)\s+\S+/, `$1 ${mask} `);

/** The id of the engine is told twice, and the blank lines that follow are gone. */
const localizedUser: Mask = (text) =>
  text.replace(
    /(?<![^\n])(snmp-server user \S+(?: \S+)? auth md5) \S+ (priv) \S+ (localizedkey( engineID \S+)?)\s*(?![^\n])/g,
    (_, user: string, priv: string, key: string, engine = '') => `${user} ${mask} ${priv} ${mask} ${key}${engine}`,
  );

/** The key and its time limit are two words: a blank stands between them also where there is no limit. */
const standbyKey: Mask = (text) =>
  text.replace(
    /(?<![^\n]|\n[^\S\n]*\n)(\s+standby \d+ authentication md5 key-string) [^\n]+?( timeout \d+)?(?![^\n])/g,
    (_, stays: string, limit = '') => `${stays} ${mask} ${limit}`,
  );

/** Whether a line belongs to the block of the ones before it: an empty line counts as the indentation of the next. */
const goesOn = (lines: readonly string[], index: number): boolean =>
  /^\s/.test(lines[index] ?? '') || lines[index] === '' || (lines[index - 1] ?? '').trim() === '';

/** Of each server's block the last key. */
const serverKeys: Mask = (text) => {
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    if (!/^(?:tacacs|radius) server [^\n]/.test(lines[index] ?? '')) continue;
    let last: number | undefined;
    for (let next = index + 1; next < lines.length && goesOn(lines, next); next += 1) {
      if (/^\s*key [^\n]/.test(lines[next] ?? '')) last = next;
    }
    if (last === undefined) continue;
    lines[last] = (lines[last] ?? '').replace(/^(\s*key) [^\n]+$/, `$1 ${mask}`);
    index = last;
  }
  return lines.join('\n');
};

/** What its base class masks, for every driver that has no list of its own. */
export const napalmMasks: readonly Mask[] = [
  community,
  firstHost,
  localizedUser,
  ...beforeBlocks.map(at),
  standbyKey,
  at(['\\s+key-string', '[^\\n]+']),
  serverKeys,
  ...afterBlocks.map(at),
];

/** Masks the secrets of a configuration where NAPALM does, one kind after the other over the whole text as it does. */
export const napalmMasked = (text: string, masks: readonly Mask[] = napalmMasks): string =>
  text.trim() === '' ? text : masks.reduce((rest, masked) => masked(rest), text);
