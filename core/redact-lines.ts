import { mask } from './redact-registered.ts';
import { redactLine } from './redact-rules.ts';

const begins = /-----BEGIN [A-Z\d ]{0,40}PRIVATE KEY-----/;
const ends = /-----END [A-Z\d ]{0,40}PRIVATE KEY-----/;
/** A line of a PEM block's inside, or one of its headers; with a diff's sign and blanks before it. */
const inside = /^[-+ ]?\s*(?:[A-Za-z\d+/=]{1,200}|(?:Proc-Type|DEK-Info|Comment): .{0,200})?\s*$/;
const longInside = /^[-+ ]?\s*[A-Za-z\d+/=]{16,200}\s*$/;

const maskWhole = (line: string): string => line.replace(/^([-+ ]?\s*)\S.*$/, (_, before: string) => before + mask);

/** Masks what stands between the marks of a private key, also where only one of the marks is there. */
const maskKeys = (lines: string[]): void => {
  let within = false;
  for (const [index, line] of lines.entries()) {
    const begin = begins.exec(line);
    const end = ends.exec(line);
    if (begin) {
      const from = begin.index + begin[0].length;
      const rest = line.slice(from);
      const to = ends.exec(rest);
      if (rest.trim() !== '') lines[index] = line.slice(0, from) + mask + (to ? rest.slice(to.index) : '');
      within = !to;
    } else if (end) {
      if (end.index > 0 && line.slice(0, end.index).trim().length > 1) lines[index] = mask + line.slice(end.index);
      if (!within) maskBackwards(lines, index - 1);
      within = false;
    } else if (within && inside.test(line)) lines[index] = maskWhole(line);
    else within = false;
  }
};

const maskBackwards = (lines: string[], from: number): void => {
  for (let index = from; index >= 0; index -= 1) {
    const line = lines[index] ?? '';
    if (index === from ? !inside.test(line) : !longInside.test(line)) return;
    lines[index] = maskWhole(line);
  }
};

/** `community NAME;` is a secret in Junos' `snmp`, and a mere name in its policies. */
const junosBlock = /^[-+ ]?(?:([a-z][a-z-]*) \{$|\[edit ([a-z-]+)[\] ])/;
const junosCommunity = /^[-+ ]?\s*community\s/;
/** The key of a server stands without a type in a block of its own. */
const serverBlock = /^[-+ ]?(?:aaa group server|aaa-server|tacacs|radius)/;
const serverKey = /^([-+ ]?\s+key\s+)([^\s\d]\S*)\s*$/;

/** Masks the secrets of a text, line by line; the number of lines stays. */
export const redactLines = (text: string): string => {
  // a text inside JSON or a log has its line ends as the two characters \n
  const parts = text.split(/(\r?\n|\\r\\n|\\n)/);
  const lines = parts.filter((_, index) => index % 2 === 0);
  const whole = /-----(?:BEGIN|END) /.test(text);
  if (whole) maskKeys(lines);
  let block = '';
  let inServer = false;
  for (const [index, line] of lines.entries()) {
    const opened = junosBlock.exec(line);
    if (opened) block = opened[1] ?? opened[2] ?? '';
    if (serverBlock.test(line)) inServer = true;
    else if (/^[-+]?[a-z]/i.test(line)) inServer = false;
    const isName = junosCommunity.test(line) && block !== '' && block !== 'snmp';
    const masked = isName ? line : redactLine(line);
    lines[index] = inServer ? masked.replace(serverKey, (_, before: string) => before + mask) : masked;
  }
  return parts.map((part, index) => (index % 2 === 0 ? lines[index / 2] : part)).join('');
};
