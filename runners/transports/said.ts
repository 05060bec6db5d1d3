import { redact } from '../../core/redact.ts';
import { cleanLine } from '../clean.ts';

const longest = 160;

/** What a device printed, as a message may hold it: one line, printable, masked, not long. */
export const said = (printed: string): string => {
  const line = redact(cleanLine(printed))
    .replace(/[\p{Cc}\p{Cf}\ufffd]+/gu, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
};

/** The last line that is not blank. */
export const lastLine = (printed: string): string => said(printed.trimEnd().split(/\r?\n/).at(-1) ?? '');
