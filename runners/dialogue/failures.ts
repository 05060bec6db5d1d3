import { PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact/redact.ts';
import type { CliDriver } from './cli-driver.ts';
import { complaint, type Place } from './complaint.ts';
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

/**
 * What the device said against what was sent.
 *
 * @param what the words for what was sent
 * @param place where in the output a complaint can stand
 * @param line its number, counted from 1, where several were sent
 * @returns undefined where it took it
 */
export const refusal = (
  name: string,
  what: string,
  output: string,
  errors: readonly RegExp[],
  place: Place,
  line?: number,
): PlumbError | undefined => {
  const complained = complaint(output, errors, place);
  if (complained === undefined) return undefined;
  return new PlumbError('rejected', redact(`${name}: ${what}: ${complained}`), { line });
};

/** The session had ended before a line was to be typed. */
export const notSent = (name: string, line: string | undefined, why: string): PlumbError =>
  new PlumbError('closed', redact(`${name}: "${line}" was not sent: ${why}`));

/** A line that the device never showed may have been dropped. */
export const neverShown = (name: string, line: string): PlumbError => {
  const what = `"${line}" was typed and never shown by the device: whether it took it is not known`;
  return new PlumbError('closed', redact(`${name}: ${what}`));
};
