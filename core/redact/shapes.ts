import type { Span } from './match.ts';

// What looks like a key, a hash or a token, whatever precedes it. Each pattern begins with fixed letters or looks back
// at most one character, and none repeats what it has taken: a hostile line costs linear time.

/** How a secret is recognised by its form alone. */
export type Shape = {
  /** What every line with it contains, in any case: other lines are not examined. */
  has: RegExp;
  /** The whole match is a secret, or its first group where it has one. */
  form: RegExp;
};

const shapes: readonly Shape[] = [
  // crypt(3) and the vendors' equivalents: $1$, $5$, $6$, $8$, $9$, $14$, $1c$, $y$, $2b$, $apr1$, $h$, $argon2id$ …
  {
    has: /\$[\w-]{1,24}\$/,
    form: /\$(?:\d{1,2}[a-z]?|2[abxy]|g?y|[chps]|apr1|sha1|md5|argon2id?|scrypt|pbkdf2[\w-]{0,16}|bcrypt[\w-]{0,16}|ml[\w-]{0,8}|vault[\w-]{0,8})\$[^\s"';,<>]{6,}/gi,
  },
  // LDAP's and Apache's: {SSHA}…
  {
    has: /\{[\w-]{2,24}\}/,
    form: /\{(?:s?sha\d{0,3}|s?md5|crypt|pbkdf2[\w-]{0,16}|argon2\w?|cleartext|plain)\}[^\s"';,<>]{4,}/gi,
  },
  // JSON Web Tokens
  { has: /eyJ/, form: /(?<![\w-])eyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)?/g },
  // tokens that say what they are
  {
    has: /(?:AK|AS|AG|AI|AR|AN)[A-Z]{2}[A-Z\d]{16}/,
    form: /(?<![A-Za-z\d])(?:AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA)[A-Z\d]{16}(?![A-Za-z\d])/g,
  },
  {
    has: /gh[pousr]_|_pat_|glpat-|xox|_live_|npm_|_v1_|pypi-|hv[sbr]\.|SG\.|AIza|ya29|AGE-/,
    form: /(?<![A-Za-z\d])(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|sk_live_\w{10,}|rk_live_\w{10,}|npm_\w{30,}|pypi-[\w-]{16,}|hv[sbr]\.[\w-]{20,}|dop_v1_\w{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|AGE-SECRET-KEY-1\w{20,})/g,
  },
  // NATS seeds of operators, accounts, users, clusters, servers and curves
  { has: /S[OAUNCX][A-Z2-7]{20}/, form: /(?<![A-Za-z\d])S[OAUNCX][A-Z2-7]{56}(?![A-Za-z\d])/g },
  // what a program is given to log in elsewhere
  { has: /bearer/, form: /\bBearer\s+(?=[\w+/=.~-]*[\d._=])([\w+/=.~-]{8,})/gi },
  {
    has: /authorization/,
    form: /\b(?:proxy-)?authorization["']?\s{0,4}[:=]?\s{0,4}["']?(?:basic|bearer|token|apikey|digest|negotiate)\s+([^\s"']+)/gi,
  },
  {
    has: /authorization/,
    form: /\b(?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?(?!(?:basic|bearer|token|apikey|digest|negotiate)\s)([^\s"']+)/gi,
  },
  {
    has: /cookie|x-[a-z-]{0,32}(?:key|token|secret|auth)/,
    form: /\b(?:set-cookie|cookie|x-[a-z-]{0,32}(?:key|token|secret|auth))["']?\s{0,4}:\s{0,4}([^\s"'][^\n"']*)/gi,
  },
  {
    has: /[?&;][\w.-]+=/,
    form: /[?&;](?:[\w.-]{0,40}(?:pass|passwd|password|pwd|token|secret|key|sig|signature|auth|code|credential|session))=([^\s&;#"'<>]+)/gi,
  },
  { has: /hooks\./, form: /hooks\.[\w.-]{1,60}\/services\/([\w/-]{8,})/g },
  // user:password@host without a scheme in front
  {
    has: /:[^\s@:/]{1,128}@/,
    form: /(?<![^\s"'=])(?!(?:mailto|sips?|xmpp|acct|tel|urn):)[\w.-]{1,64}:([^\s@:/]{1,128})@[\w-]{1,63}\.[\w.-]/gi,
  },
  // what a key is set to, in hexadecimal
  {
    has: /(?:key|cak)["']?\s{0,8}[=:]\s{0,8}["']?(?:0x)?[\da-f]{16}/,
    form: /(?<!public)(?:key|cak)["']?\s{0,8}[=:]\s{0,8}["']?((?:0x)?(?=[\da-f]*\d)[\da-f]{16,})(?![\w.:-])/gi,
  },
  // type 7 of Cisco's systems and other hexadecimal keys after a word that says so
  {
    has: /\s(?:0x)?[\da-f]{16}/,
    form: /(?:key|pass\w{0,8}|secret|psk|auth\w{0,12}|cipher|cak|encrypted|esp|ah)\s+(?:\d{1,10}\s+|(?!ckn\s)[a-z][\w-]{0,16}\s+){0,3}((?:0x)?(?=[\da-f]*\d)[\da-f]{16,})(?![\w.:-])/gi,
  },
];

const lettersOf64 = /(?<![\w+/=.-])[A-Za-z\d+/_-]{40,}={0,2}(?![\w+/=.-])/g;
/** Words before values that are long but public. */
const publicBefore =
  /(?:public[-_ ]?(?:key)?|\bpeer|fingerprint|digest|integrity|checksum|cert\w*|ssh-\w+|ecdsa-\S+|sha\d{0,3}|commit|\bid|thumbprint|sha\d{3}[:-])["'\s:=(]{0,6}$/i;
const publicStart = /^(?:AAAA[BCEG]|MII[A-Z])/;

/** How evenly the characters are distributed, in bits: random text of 43 letters has about 4.9, a name less than 4. */
const spread = (text: string): number => {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
};

/** How often the kind of character changes: names stay with one kind for long. */
const turns = (text: string): number => {
  const kindAt = (at: number) =>
    /[a-z]/.test(text[at] ?? '') ? 1 : /[A-Z]/.test(text[at] ?? '') ? 2 : /\d/.test(text[at] ?? '') ? 3 : 4;
  let count = 0;
  for (let at = 1; at < text.length; at += 1) if (kindAt(at) !== kindAt(at - 1)) count += 1;
  return count / text.length;
};

const looksRandom = (text: string): boolean =>
  /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d.*\d/.test(text) && spread(text) > 4.2 && turns(text) > 0.42;

const hintOf64 = /[\w+/-]{40}/;

/** user:password of a URL, or a token in place of both; a number before a slash is a port. */
const inUrls = (line: string): Span[] => {
  const spans: Span[] = [];
  for (const { index, 0: all } of line.matchAll(/:\/\/[^\s"'<>]+/g)) {
    const user = all.slice(3, Math.max(3, all.lastIndexOf('@')));
    const colon = user.indexOf(':');
    const start = index + 3 + colon + 1;
    const end = index + 3 + user.length;
    if (
      colon < 0
        ? /^[\w-]{20,}$/.test(user)
        : !user.slice(0, colon).includes('/') && !/^\d{1,5}[/?]/.test(user.slice(colon + 1))
    )
      spans.push({ start, end });
  }
  return spans;
};

/** Recognises the secrets of a line by their form alone. @param more forms that platforms added */
export const shapesWith = (more: readonly Shape[]): ((line: string) => Span[]) => {
  const all = [...shapes, ...more].map(({ has, form }) => ({ has: new RegExp(has.source, 'i'), form }));
  const any = new RegExp(all.map(({ has }) => has.source).join('|'), 'i');
  return (line) => {
    const spans: Span[] = line.includes('://') ? inUrls(line) : [];
    for (const { has, form } of any.test(line) ? all : []) {
      if (!has.test(line) || line.search(form) < 0) continue; // cheaper than an iterator
      for (const found of line.matchAll(form)) {
        const [whole, group] = found;
        const start = group === undefined ? found.index : found.index + whole.lastIndexOf(group);
        spans.push({ start, end: start + (group ?? whole).length });
      }
    }
    for (const { index, 0: text } of line.length >= 40 && hintOf64.test(line) ? line.matchAll(lettersOf64) : []) {
      if (publicStart.test(text) || publicBefore.test(line.slice(Math.max(0, index - 48), index))) continue;
      if (looksRandom(text.replace(/[=_/-]+/g, ''))) spans.push({ start: index, end: index + text.length });
    }
    return spans;
  };
};
