import { controls } from '../../core/text/controls.ts';

/** ESC is shown as ␛, and so on; what has no symbol as �. */
const picture = (char: string): string => {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '␡' : '�';
};

/** What a device, a commit or another user wrote: control and bidirectional characters are shown, not obeyed. */
export const plain = (text: string): string => text.replaceAll('\r\n', '\n').replace(controls, picture);

const marks: Record<string, string> = { ' ': '·', '\t': '→', '\r': '␍' };
const marked = (blanks: string) => blanks.replace(/[ \t\r]/g, (blank) => marks[blank] ?? blank);

/** A diff as `plain`, with what cannot be seen of a changed line made visible: the blanks at its end, or all where only they differ. */
export const plainDiff = (diff: string): string => {
  const lines = diff.split('\n');
  const isChange = (line: string) => /^[-+](?![-+]{2} )/.test(line);
  const squeezed = (line: string) => line.slice(1).replace(/[ \t\r]+/g, '');
  const changed = lines.filter(isChange);
  const exact = new Set(changed);
  const words = new Set(changed.map((line) => line.charAt(0) + squeezed(line)));
  const shown = lines.map((line) => {
    if (!isChange(line)) return line;
    const [sign, text] = [line.charAt(0), line.slice(1)];
    const other = sign === '-' ? '+' : '-';
    const blanksAlone = words.has(other + squeezed(line)) && !exact.has(other + text);
    return sign + (blanksAlone ? marked(text) : text.replace(/(?<![ \t\r])[ \t\r]+$/, marked));
  });
  return plain(shown.join('\n'));
};

/** One line of it, for a cell of a table. */
export const oneLine = (text: string): string => plain(text.replace(/\s+/g, ' ')).trim();

/** How long ago, in the one unit that matters: 12s, 3m, 2h, 4d. */
export const age = (since: string | Date): string => span((Date.now() - new Date(since).getTime()) / 1000);

/** @param seconds how long something lasts */
export const span = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 120) return `${whole}s`;
  if (whole < 2 * 60 * 60) return `${Math.floor(whole / 60)}m`;
  if (whole < 48 * 60 * 60) return `${Math.floor(whole / 3600)}h`;
  return `${Math.floor(whole / 86_400)}d`;
};

/** With a decimal if it is short: 0.4s, 12s. */
export const lasted = (seconds: number): string =>
  seconds < 10 ? `${Math.max(0, seconds).toFixed(1)}s` : span(seconds);

/** Between two times. */
export const took = (from: string, to: string): string =>
  lasted((new Date(to).getTime() - new Date(from).getTime()) / 1000);

/** `1 device`, `3 devices`. */
export const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;

/** Enough of a job's id to name it: it starts with the millisecond. */
export const shortId = (id: string): string => id.slice(0, 12);
