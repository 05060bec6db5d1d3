import { redact } from '../../core/redact/redact.ts';
import { cleanLine } from './reading/terminal-text.ts';

const longest = 160;

/** One line as a terminal can show it, not long; nothing in it is masked: a prompt is no configuration. */
export const printable = (line: string): string => {
  const text = cleanLine(line)
    .replace(/[\p{Cc}\p{Cf}\ufffd]+/gu, ' ')
    .trim();
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};

/** What a device printed, as a message may hold it: one line, printable, masked, not long. */
export const said = (printed: string): string => printable(redact(cleanLine(printed)));

/** The last line that is not blank. */
export const lastLine = (printed: string): string => said(printed.trimEnd().split(/\r?\n/).at(-1) ?? '');
