import type { KeyboardInteractiveAuthMethod } from 'ssh2';
import { PlumbError } from '../../../../core/errors.ts';
import { printable } from '../../../dialogue/one-line.ts';

/**
 * What to answer a prompt; undefined: nothing that we have is meant for it. TACACS boxes ask for everything this way, in
 * their own words (`Password:`, `Response:`, `PASSCODE:`), so a hidden prompt is the password's unless it says otherwise.
 */
const answerTo = (prompt: string, hidden: boolean, username: string, password: string): string | undefined => {
  if (/\b(?:new|retype|again|change)\b.{0,100}assw/i.test(prompt)) return undefined;
  if (/verification|one.?time|\botp\b|authenticator/i.test(prompt)) return undefined;
  if (/assword|passwd|passcode/i.test(prompt)) return password;
  if (/\btoken\b|\bcode\b|\bpin\b/i.test(prompt)) return undefined;
  if (!hidden) return /[?\]]/.test(prompt) ? undefined : username;
  return password;
};

/** Login by keyboard-interactive. @param giveUp called when the server asks what we cannot answer; the login then waits for ever */
export const interactive = (
  device: string,
  username: string,
  password: string,
  giveUp: (error: PlumbError) => void,
): KeyboardInteractiveAuthMethod => ({
  type: 'keyboard-interactive',
  username,
  prompt: (_name, _instructions, _language, prompts, answer) => {
    const answers = prompts.map(({ prompt, echo }) => answerTo(prompt, !echo, username, password));
    const at = answers.indexOf(undefined);
    if (at < 0) return answer(answers.map((text) => text ?? ''));
    const asked = printable(prompts[at]?.prompt ?? '');
    giveUp(
      new PlumbError('unauthorized', `${device}: asks ${username} "${asked}", and there is no answer for it`, {
        hint: 'Plumbline answers only prompts for user name and password: use an account that needs nothing else, or a key',
      }),
    );
  },
});
