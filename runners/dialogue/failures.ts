import { PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact/redact.ts';
import type { CliDriver } from './cli-driver.ts';
import { complaint } from './complaint.ts';
import { said } from './one-line.ts';

/** No prompt came: after what, and where the device stands. @param asked what it asked last, and was answered */
export const stopped = (
  code: 'closed' | 'timeout',
  why: string,
  sent: string | undefined,
  lastLine: string,
  asked: string,
): PlumbError => {
  const after = sent === undefined ? 'during the login' : `after "${sent}"`;
  const stands = said(lastLine);
  const answered = asked && `; its last question was "${asked}"`;
  const where = stands ? `; its last line is "${stands}"` : answered;
  return new PlumbError(code, redact(`${why} ${after}${where}`));
};

/** @throws PlumbError `unauthorized` for a text that says so */
export const refuseLogin = (name: string, text: string, { refusals = [] }: CliDriver): void => {
  const why = complaint(text, refusals);
  if (why === undefined) return;
  throw new PlumbError('unauthorized', redact(`${name}: login refused: ${why}`), {
    hint: 'check the user and the password in the inventory',
  });
};
