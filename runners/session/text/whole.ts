import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import { type Block, configLines } from './config-lines.ts';

/** How a whole running configuration looks. */
type Whole = {
  /** Its last line that is not blank. */
  lastLine: RegExp;
  /** Texts in it, which may hold anything; where they are not known, so may any line. */
  texts?: readonly Block[] | undefined;
};

/** What a device prints in the place of a part that it could not tell. */
const complaint = /^% ?[A-Z]/;

/** @param why what shows that it is a part. @returns PlumbError `closed`, after which the device is logged in to anew */
export const readInPart = (device: string, why: string): PlumbError =>
  new PlumbError('closed', redact(`${device}: what runs was read in part only: ${why}`), {
    hint: 'nothing is made of a part of it: it is read again',
  });

/**
 * The running configuration as it was read, if that is all of it: what ends early looks like one of which the rest is gone.
 *
 * @throws PlumbError `closed`, after which the device is logged in to anew
 */
export const whole = (device: string, text: string, { lastLine, texts }: Whole): string => {
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  if (!lastLine.test(last.trimEnd())) {
    throw readInPart(device, `it ends with "${last.trim()}"`);
  }
  if (!texts || !/^% ?[A-Z]/m.test(text)) return text;
  let open = false;
  for (const line of configLines(text, { drop: /^$/, blocks: texts })) {
    if (!open && complaint.test(line.text)) {
      throw readInPart(device, `at line ${line.number} the device says "${line.text}"`);
    }
    ({ open } = line);
  }
  return text;
};
