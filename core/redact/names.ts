// Names that a secret follows, on any platform and in any program: they mask what no platform's statement covers,
// rather too much than too little.

const parts = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/[_.:]+/g, '-')
    .toLowerCase();

const last = (...names: readonly string[]): RegExp => new RegExp(`(?:^|-)(?:${names.join('|')})$`);

/** Those that mean nothing else, whatever is attached to them: `PGPASSWORD`, `requirepass`. */
const glued =
  /(?:pass(?:word|wd|phrase|code)\d?|secrets?|psk|api-?key|private-?key|pre-?shared-?key|requirepass|masterauth)$/;

/** As a word of a command: `ip ftp password X`. */
const words = last(
  'pass-(?:word|wd|phrase|code)',
  '(?:id-?)?token',
  'key-?string',
  '(?:pre-?)?shared-?key',
  '(?:auth|authentication|md5|session|server|encryption|master|private|privacy|secret|api|access|app|license|octet|data|agent|tsig|rndc|wep|wireless|config|signing|account|cipher|crypt|encrypt|static|tunnel-auth|hmac|mac|control|bind|set)-?key\\d?',
  '(?:bind|root|user|admin|auth|login|db|my|ldap|smtp|snmp|http|ftp|ssh|file|client|cert|sasl)-?(?:pass|pw|pwd)',
  'key-data',
  'authtok',
  '(?:auth|priv)-?phrase',
  'cak',
);

/** Also as what something is assigned to: `pwd=X`, `community: X`. */
const assigned = last(
  'pass',
  'pw',
  'pwd',
  'community(?:-(?:name|string))?',
  'credentials?',
  'pin',
  'otp',
  'auth',
  'authorization',
  'cookie',
  'private-mac',
);

/** As a field of JSON or an element of XML. */
const fields = last(
  'community(?:-(?:name|string))?',
  'credentials?',
  'pwd',
  'ascii-text',
  'hexadecimal(?:-string)?',
  'encrypted-password',
  'plain-text-password(?:-value)?',
  'password-hash(?:ed)?',
  'hashed-password',
  'keystring',
  'cleartext',
);

/** Names that end like a secret's name but mean something public, or something else. */
const isPublic =
  /(?:^|-)(?:public|ssh|host|rsa|dsa|ecdsa|ed25519|foreign|primary|no|without|nopassword)-?(?:key|password|secret)?$/;

/** Whether a secret may follow a word of a command. */
export const announcesSecret = (word: string): boolean => {
  const name = parts(word);
  return (glued.test(name) || words.test(name)) && !isPublic.test(name);
};

/** Whether what is assigned to a name is a secret. */
export const takesSecret = (word: string): boolean => announcesSecret(word) || assigned.test(parts(word));

/** Whether a field of that name holds a secret: `password`, `apiKey`, `auth-token` … */
export const isSecretField = (name: string): boolean => announcesSecret(name) || fields.test(parts(name));
