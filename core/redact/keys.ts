// Secrets of several lines: private keys, keys of OpenVPN and its elements, texts of YAML. They are recognised by the
// marks around them; if only one mark is there (a diff, a cut-off end), by what their lines look like.

const begins =
  /-----BEGIN (?:[A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?|OpenVPN (?:tls-crypt-v2 )?[A-Za-z\d -]{0,40}key[A-Za-z\d -]{0,10})-----|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----|^[-+ ]?\s*Private-Lines: \d/;
const ends =
  /-----END (?:[A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?|OpenVPN (?:tls-crypt-v2 )?[A-Za-z\d -]{0,40}key[A-Za-z\d -]{0,10})-----|---- END SSH2 ENCRYPTED PRIVATE KEY ----|^[-+ ]?\s*Private-MAC: /;
const publicBegins =
  /-----BEGIN (?:[A-Z\d ]{0,40}(?:CERTIFICATE|PUBLIC KEY|CRL|REQUEST|PARAMETERS|PKCS7|CMS|SIGNATURE)[A-Z\d ]{0,10})/;
const publicEnds = /-----END [A-Z\d ]{0,60}-----/;

const bodyOf = (line: string): string => line.replace(/^[-+]/, '').trim();

/** A line of a PEM block's inside, or one of its headers. */
const isInside = (line: string): boolean =>
  /^(?:[A-Za-z\d+/=]{0,200}|(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset): .{0,200})$/.test(bodyOf(line));
const isLongInside = (line: string): boolean => /^[A-Za-z\d+/=]{16,200}$/.test(bodyOf(line));

/** Elements of OpenVPN's and NetworkManager's files whose lines are secrets. */
const opensElement =
  /^[-+ ]?\s*<(key|secret|tls-auth|tls-crypt(?:-v2)?|auth-user-pass|http-proxy-user-pass|pkcs12)>\s*$/;

/** `password: |` in YAML: what is indented deeper is the text. */
const opensText =
  /^[-+ ]?(\s*)(?:- )?["']?[\w.-]{0,64}(?:pass(?:word|wd|phrase)?|secret|(?<![\w.-])key|token|psk|(?:private|api|secret|access|shared|auth|tls)[-_.]?key)["']?\s*:\s*[|>][-+\d]{0,3}\s*$/i;

/** `password:` in YAML, whose value stands in the next line. */
const opensValue = (line: string, next: string): boolean =>
  /:\s*$/.test(line) &&
  opensText.test(`${line.trimEnd()} |`) &&
  indentOf(next) > indentOf(line) &&
  !/:(?:\s|$)|[{;]\s*$/.test(next) &&
  !/^[-+\s]*(?:- |#)/.test(next);

/** The indentation of a line; the mark of a list entry and the sign of a diff count as blanks. */
const indentOf = (line: string): number => /^[-+\s]*/.exec(line)?.[0].length ?? 0;

/** How many lines a key may have between its marks. */
const longest = 400;

/** What becomes of a line: `whole`: it is a secret; `public`: it is not examined further. */
export type Fate = 'whole' | 'public' | { from: number; to: number } | undefined;

const maskBackwards = (lines: readonly string[], fates: Fate[], last: number): void => {
  for (let index = last; index >= 0 && fates[index] === undefined; index -= 1) {
    const line = lines[index] ?? '';
    if (index === last ? !isInside(line) : !isLongInside(line)) return;
    fates[index] = 'whole';
  }
};

const maskUpToEnd = (lines: readonly string[], fates: Fate[], begin: number): void => {
  const ahead = lines.slice(begin + 1, begin + longest);
  const length = ahead.findIndex((line) => ends.test(line) || begins.test(line));
  if (!ends.test(ahead[length] ?? '')) return;
  for (let at = 1; at <= length; at += 1) fates[begin + at] = 'whole';
};

/** A line without any of these neither begins nor ends such a secret. */
const mayMark = /----|Private-|[|>][-+\d]{0,3}\s*$|:\s*$/;

/** Which lines belong to a secret of several, and which to a certificate or a public key. */
export const fatesOf = (lines: readonly string[]): Fate[] => {
  const fates: Fate[] = lines.map(() => undefined);
  let until: 'key' | 'public' | { close: string; from: number } | { indent: number } | undefined;
  for (const [index, line] of lines.entries()) {
    if (until === undefined && !mayMark.test(line)) continue;
    if (fates[index] !== undefined || (line.length > 4096 && !line.includes('-----'))) continue;
    const begin = begins.exec(line);
    const end = ends.exec(line);
    if (begin) {
      const from = begin.index + begin[0].length;
      const rest = line.slice(from);
      const close = ends.exec(rest);
      const isCount = begin[0].includes('Private-Lines');
      fates[index] =
        rest.trim() === '' || isCount ? 'public' : { from, to: from + (close ? close.index : rest.length) };
      if (!close) maskUpToEnd(lines, fates, index);
      until = close ? undefined : 'key';
    } else if (end) {
      const from = end.index + end[0].length;
      if (line.slice(0, end.index).trim().length > 1) fates[index] = { from: 0, to: end.index };
      else fates[index] = end[0].includes('MAC') ? { from, to: line.length } : 'public';
      if (until !== 'key') maskBackwards(lines, fates, index - 1);
      until = undefined;
    } else if (until === 'key') {
      if (isInside(line)) fates[index] = 'whole';
      else until = undefined;
    } else if (until === 'public') {
      if (publicEnds.test(line) || !isInside(line)) until = undefined;
      else fates[index] = 'public';
    } else if (until !== undefined && 'close' in until) {
      if (line.includes(until.close)) until = undefined;
      else fates[index] = 'whole';
    } else {
      if (until !== undefined && (line.trim() === '' || indentOf(line) > until.indent)) fates[index] = 'whole';
      else until = opened(lines, index);
    }
  }
  return fates;
};

const opened = (lines: readonly string[], index: number) => {
  const line = lines[index] ?? '';
  if (publicBegins.test(line) && !publicEnds.test(line)) return 'public' as const;
  const element = opensElement.exec(line)?.[1];
  if (element !== undefined) {
    const close = `</${element}>`;
    const ahead = lines.slice(index + 1, index + 200);
    return ahead.some((next) => next.includes(close)) ? { close, from: index } : undefined;
  }
  return opensText.test(line) || opensValue(line, lines[index + 1] ?? '') ? { indent: indentOf(line) } : undefined;
};
