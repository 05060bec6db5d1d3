import { PlumbError } from '../../core/errors.ts';
import { lastLine, said } from '../dialogue/one-line.ts';

/** Whether a signal was aborted because its time is over, and not because somebody stops the work. */
export const isLate = (signal: AbortSignal): boolean =>
  signal.aborted && (signal.reason as Error | undefined)?.name === 'TimeoutError';

const asks = [
  /[?:]\s{0,8}$/,
  /[[(][^\])]{1,40}[\])]\s{0,4}[:?.]?\s{0,8}$/, // [yes/no], (y/n), [confirm]
  /\b(?:press|hit|strike|type)\b.{0,60}\b(?:key|enter|return|space)\b/i,
  /\b(?:y\/n|yes\/no)\b/i,
  /(?<!-)-+ ?\(?more\)? ?-+/i,
];

/**
 * What to say of a login that stood still: the last line that the device printed is what it waits at.
 *
 * @param seen what was printed last, and the prompt where it came
 */
export const stoodStill = (
  name: string,
  platform: string,
  { lastLine: printed, prompt = '' }: { lastLine: string; prompt?: string },
  cause?: unknown,
): PlumbError => {
  const line = lastLine(printed);
  if (prompt !== '')
    return new PlumbError('unreachable', `${name}: no login in time: no answer after the prompt "${said(prompt)}"`, {
      cause,
      hint: 'is the device overloaded, or the connection broken?',
    });
  if (line === '')
    return new PlumbError('unreachable', `${name}: no login in time: it accepts the connection and prints nothing`, {
      cause,
      hint: 'is the device overloaded, and is the port right?',
    });
  if (asks.some((pattern) => pattern.test(line)))
    return new PlumbError('unauthorized', `${name}: the login stops at "${line}", and there is no answer for it`, {
      cause,
      hint: 'log in by hand and answer what it asks: the account must reach the prompt without questions',
    });
  return new PlumbError(
    'unreachable',
    `${name}: no login in time: the last line is "${line}", which is not a prompt of ${platform}`,
    { cause, hint: `is \`platform: ${platform}\` right? If so, the device is too slow, or its prompt is unusual` },
  );
};
