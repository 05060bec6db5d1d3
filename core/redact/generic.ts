import { behindKinds, type Span } from './match.ts';
import { announcesSecret, takesSecret } from './names.ts';
import { mask } from './redact-registered.ts';
import type { Segment, Word } from './words.ts';

/** What follows such a word where no secret does. */
const follows =
  /^(?:encryption\S*|strength\S*|polic(?:y|ies)\S*|recovery|min\S*|max\S*|length|expir\S*|history|life\S*|complexity|control|aging|ageing|prompt\S*|order|authentication|chains?|change[ds]?|algorithm\S*|verification|mismatch|unknown|exchange|fingerprint|ids?|size|pair|generat\S*|zeroize|rotat\S*|file|database|manager|store|storage|profile|bucket|ring|is|was|are|were|from|for|not|of|has|have|or|and|to|set|given|found|required|must|entered|again\S*|wrong|missing|invalid|rejected|accepted|refused|failed|cannot|could|can|may|should|in|on|at|with|by|that|which|than|made|too|also|either|here|there|\d+:|[=:>|`[(–—-]+)[.,;:]?$/i;
/** Words of sentences: before one of those, our masked words are not part of a command. */
const prose =
  /^(?:the|is|was|are|were|been|has|have|had|wrong|bad|missing|cannot|could|without|please|enter|because|whose|which|when|where|while|that|this|its|your|our|their|of|for|with|and|or|but|if|after|before|unable|invalid|failed|incorrect|duplicate|unexpected|another|each|every|some|any|same|other)$|^[^"'<]*[.,:!?]$/i;

const storedForm = /^["']?(?:\$\w{1,12}\$\S+|0x[\da-f]{8,}|[\da-f]{8,}["']?$)/i;
const inQuotes = /^(["']).*\1[,)\]]*$/;

/** Whether the words before it make this a sentence, not a command. */
export const isProse = (words: readonly Word[]): boolean => words.some(({ text }) => prose.test(text));

/** Words after which nothing is a command: free text. */
const writing = /^(?:description|remark|annotate|comment)$/i;

/** Two words that say how a secret is written and stored announce one, whatever stands before them: `text encrypted X`. */
const howWritten =
  /^(?:text|ascii(?:-text)?|hex(?:adecimal)?|md5|sha-?\d*|hmac-\S+|keyed-\S+|key-?string|password6?)$/i;
const howStored = /^(?:encrypted|clear(?:-?text)?|cipher|simple|plain(?:-?text)?|[0678]|8a)$/i;

/** What follows is as it was typed, blanks included. */
const typed = /^(?:0|clear(?:-?text)?|plain(?:-?text)?|simple|ascii)$/i;

/** Behind such words a name of somebody's choice stands, whatever it ends in: `route-map VPN-PSK permit 10`. */
const namesObject =
  /(?:^|\s)(?:\S*(?:prefix|access|community|comm|filter|distribute)-list(?: (?:standard|expanded|extended))?|(?:route|policy|class|crypto )-?map|policy-statement|(?:prefix|community|transform)-set|route-policy|(?:ike|ikev2|ipsec|isakmp) (?:policy|proposal|gateway|vpn|profile)|bgp group|peer-group|inet6? filter|tunnel-group|vrf|trustpoint|rsakeypair|keyring|label)$/i;

/** Whether the word at `at` is such a name. */
const isName = (words: readonly Word[], at: number): boolean =>
  namesObject.test(
    words
      .slice(Math.max(0, at - 2), at)
      .map(({ text }) => text)
      .join(' '),
  );

const isOption = (text: string): boolean => /^--?[a-z]/i.test(text);

const bare = (text: string): string => text.replace(/^[-"'([{<\\]+/, '');

/** A line without any of these names no secret. */
export const mayName = (line: string): boolean =>
  /pass|secret|key|psk|token|phrase|auth|cak|credential|communit|cookie|encrypted|cipher|clear|ascii|hmac|\bmd5|(?:pwd?|pin|otp)(?![\w.-])/i.test(
    line,
  );

/** Secrets of a statement that no platform described: what follows a word like `password`, up to the end. */
export const announcedIn = ({ words, opens }: Segment): Span[] => {
  const spans: Span[] = [];
  const written = words.findIndex(({ text }) => writing.test(text));
  const end = written < 0 ? words.length : written;
  let proseFrom: number | undefined;
  for (let at = 0; at < end; at += 1) {
    const word = words[at];
    const next = words[at + 1];
    if (!word || !next) break;
    const name = bare(word.text);
    const named = mayName(name);
    if ((!named && !howStored.test(name)) || !/^[\w.-]+$/.test(name)) continue; // a path may also end in such a word
    const strong =
      (named && announcesSecret(name)) || (howStored.test(name) && howWritten.test(words[at - 1]?.text ?? ''));
    if (!strong && (opens || !/^key$/i.test(name))) continue;
    if (isName(words, at)) continue;
    if (follows.test(next.text)) continue;
    proseFrom ??= words.findIndex(({ text }, at) => prose.test(text) || (at === 0 && /^an?$/i.test(text)));
    const secretAt = behindKinds(words, at + 1);
    const secret = words[secretAt];
    if (!secret) continue;
    const { text } = secret;
    const isStored = storedForm.test(text) && (strong || secretAt > at + 1);
    const inSentence = proseFrom >= 0 && proseFrom < at && !isOption(word.text);
    if (inSentence && !isStored) continue;
    if (!strong && /^\d{1,10}$|^0x[\da-f]{1,8}$/i.test(text)) continue;
    if (secretAt > at + 1 && /^\d{1,4}$/.test(text) && !strong) continue;
    const isTyped = words.slice(at + 1, secretAt).some((kind) => typed.test(kind.text));
    const one = text.includes(mask) || inQuotes.test(text) || (isStored && !isTyped) || isOption(word.text);
    spans.push({ start: secret.start, end: one ? secret.end : (words.at(-1)?.end ?? secret.end) });
    if (!one) return spans;
    at = secretAt;
  }
  return spans;
};

const assignment = /([A-Za-z_][\w.-]{0,63})(["']?[ \t]{0,8}(?::=|=>|=(?!=)|:(?!\/\/|:)))([ \t]{0,8})/g;
const noValue = /[[{|>(`]|(?:true|false|null|none|no|yes|not|the|it|a|an|is|was)\b|$/iy;
const empty = /["']?\s*$/y;
const alone = /[^\s,}#]+(?=\s*(?:$|[,}#]))/y;
const unquoted = /[^\s&;"'<>]*/y;

const matchAt = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

const quotedEnd = (line: string, from: number): number => {
  const quote = line[from];
  for (let at = from + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === quote) return at + 1;
  }
  return line.length;
};

/** What precedes the first name of a line that assigns. */
const beforeFirst = /^[-+!#;*\s"'{[]*(?:(?:export|set|declare|env|local|readonly)\s+)?$/;

/** Where a value that begins at `at` ends; undefined: there is none. @param first nothing stands before its name */
const valueEnd = (text: string, at: number, first: boolean, colon: boolean, apart: boolean): number | undefined => {
  if (matchAt(empty, text, at) !== undefined || (colon && matchAt(noValue, text, at) !== undefined)) return undefined;
  if (text.startsWith(mask, at)) return at + mask.length;
  if (/["']/.test(text[at] ?? '')) return quotedEnd(text, at);
  if (first) return at + text.slice(at).trimEnd().replace(/;$/, '').length;
  const value = matchAt(colon && apart ? alone : unquoted, text, at);
  return value ? at + value.length : undefined;
};

/** Secrets that are assigned to a name: `pwd=X`, `password: X`, `Secret := "X"`. */
export const assignedIn = (line: string, from = 0, to = line.length): Span[] => {
  const spans: Span[] = [];
  const text = line.slice(from, to);
  if (!/[=:]/.test(text)) return spans;
  let behind = 0;
  for (const found of text.matchAll(assignment)) {
    const [all, name = '', operator = '', blanks = ''] = found;
    if (found.index < behind || !takesSecret(name)) continue;
    const at = found.index + all.length;
    const first = found.index <= 64 && beforeFirst.test(text.slice(0, found.index));
    const end = valueEnd(text, at, first, operator.endsWith(':'), blanks !== '');
    if (end === undefined) continue;
    spans.push({ start: from + at, end: from + end });
    behind = end;
  }
  return spans;
};
