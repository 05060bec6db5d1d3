import type { Duplex } from 'node:stream';
import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { CliDriver } from '../../dialogue/cli-driver.ts';
import { lastLine, said } from '../../dialogue/one-line.ts';
import { afterReading } from '../../dialogue/reading/after-reading.ts';
import { cleanLine } from '../../dialogue/reading/terminal-text.ts';
import type { Target } from '../../driver.ts';
import { isLate, stoodStill } from '../late.ts';

const user = /(?:user ?name|user|login|utilisateur)\s{0,8}[:>]\s{0,8}$/i;
const password = /pass(?:word|code|wort)\s{0,8}[:>]\s{0,8}$/i;
/** What only looks like it: our password is no answer to these. */
const another = /\b(?:new|retype|re-?enter|again|confirm|repeat|old|current|change|verify)\b/i;
const refusal =
  /^.*(?:incorrect|invalid|fail(?:ed|ure)|denied|bad (?:password|secrets)|required, but none set|not authorized).*$/im;
const asides: readonly (readonly [RegExp, string])[] = [
  [/initial configuration dialog\? \[yes\/no\]:?\s{0,8}$/i, 'no'],
  [/press (?:return|enter) to (?:get started|continue)\.?\s{0,8}$/i, ''],
];

/** A question must stand this long: a banner may hold its like, and the network may cut it right there. */
const standMs = 100;
/** Of what was printed, this much is looked at; a device that prints more than `most` asks for nothing. */
const looked = 8 * 1024;
const most = 1024 * 1024;

type Asked = { kind: 'aside' | 'user' | 'password'; answer: string | undefined };

/**
 * Answers what is asked until the device's prompt stands there; the prompt stays in the stream. A word of refusal counts
 * only where the device asks again or hangs up: what it says to those whom it let in is full of such words.
 *
 * @param signal ends the waiting: what the device printed last is told then, unless somebody stops the work
 * @throws PlumbError `unauthorized` once the device had a password of ours and refused it, or where it asks for something
 *   else; `unreachable`
 */
export const logIn = (
  { device, credentials }: Target,
  stream: Duplex,
  cli: CliDriver,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve, reject) => {
    let seen = '';
    let bytes = 0;
    let sent = 0;
    let given = false; // the password
    let rest = (): void => {};
    const settle = (error?: unknown): void => {
      rest();
      signal.removeEventListener('abort', abort);
      stream.off('data', take).off('end', ended).off('close', ended).pause();
      if (error) reject(error);
      else resolve();
    };
    const fail = (code: 'unauthorized' | 'unreachable', what: string, hint: string): void =>
      settle(new PlumbError(code, redact(`${device.name}: telnet login: ${what}`), { hint }));
    const abort = (): void =>
      settle(
        isLate(signal) ? stoodStill(device.name, device.platform, { lastLine: seen }) : (signal.reason as unknown),
      );
    const unauthorized = (what: string): void =>
      fail('unauthorized', what, 'check the user and the password in the inventory');
    const complaint = (): string | undefined => {
      const found = refusal.exec(seen)?.[0];
      return found === undefined ? undefined : said(found);
    };
    const ended = (): void => {
      const last = lastLine(seen);
      if (given) unauthorized(complaint() ?? `the device hung up${last && `: ${last}`}`);
      else
        fail(
          'unreachable',
          `the device hung up${last && `: ${last}`}`,
          'are all its lines in use, or is it starting up?',
        );
    };
    const asks = (line: string): Asked | undefined => {
      const aside = asides.find(([pattern]) => pattern.test(line));
      if (aside) return { kind: 'aside', answer: aside[1] };
      if (user.test(line)) return { kind: 'user', answer: credentials.username };
      return password.test(line) && !another.test(line)
        ? { kind: 'password', answer: credentials.password }
        : undefined;
    };
    /** A question of the platform's own, or a long banner: whoever reads the session answers it. */
    const goesOn = (line: string): boolean =>
      sent > 0 &&
      [...(cli.questions ?? []).map(({ ask }) => ask), ...(cli.pagers ?? [])].some((pattern) => pattern.test(line));
    const stands = (): void => {
      const line = seen.slice(seen.lastIndexOf('\n') + 1);
      const asked = asks(line);
      if (!asked) {
        settle();
        stream.unshift(Buffer.from(line));
        return;
      }
      const { kind, answer } = asked;
      if (kind !== 'aside') sent++;
      const refused = kind !== 'aside' && given ? complaint() : undefined;
      if (refused !== undefined) unauthorized(refused);
      else if (answer === undefined) unauthorized('the device asks for a password, and none is given');
      else if (sent > 2) unauthorized('the device asks again');
      else {
        given ||= kind === 'password';
        seen = '';
        stream.write(`${answer}\r`);
      }
    };
    const take = (piece: Buffer): void => {
      rest();
      bytes += piece.length;
      if (bytes > most) {
        fail('unreachable', `the device printed ${bytes} bytes without a prompt`, 'is the port right?');
        return;
      }
      seen = (seen + piece.toString('utf8')).slice(-looked);
      if (/^SSH-\d/.test(seen)) {
        fail('unreachable', `an SSH server answers: ${lastLine(seen)}`, 'use `transport: ssh`, or the telnet port');
        return;
      }
      const line = seen.slice(seen.lastIndexOf('\n') + 1);
      if (asks(line) || cli.prompt.test(cleanLine(line)) || goesOn(cleanLine(line)))
        rest = afterReading(standMs, stands);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    stream.on('data', take).once('end', ended).once('close', ended);
  });
