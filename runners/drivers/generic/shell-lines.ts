import { randomBytes } from 'node:crypto';
import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { Send } from '../../dialogue/cli-driver.ts';
import { said } from '../../dialogue/one-line.ts';
import { withoutNumbers } from '../../dialogue/prompt.ts';
import { quote } from '../../session/shell-script.ts';

/** How a family of shells takes a command as one word, and tells how it ended. */
type Family = { run: string; word: (command: string) => string; status: string };

// `command`: without it a mistake in the syntax ends the whole line in dash, and what stands behind the output with it
const posix: Family = {
  run: 'command eval',
  word: (command) => quote(command).replaceAll('\t', `'"$(printf '\\t')"'`),
  status: '"$?"',
};
const zsh: Family = { ...posix, run: 'eval' };
const fish: Family = {
  run: 'eval',
  word: (command) => `'${command.replace(/[\\']/g, '\\$&').replaceAll('\t', "'\\t'")}'`,
  status: '$status',
};

/** Prints one line in the shells that we know; what is typed does not hold it, so an echo is none. */
const question = 'echo "plumb""line/$FISH_VERSION/$ZSH_VERSION/"';
const answer = /^plumbline\/(?<fish>[^/\s]*)\/(?<zsh>[^/\s]*)\/$/m;

/** csh and tcsh: a pattern without a match ends the whole line there, so nothing can be printed behind an output. */
const csh = /^FISH_VERSION: Undefined variable\.$/m;

/** What shells say to a command that they do not have. */
const noCommand = /^.*: (?:(?:command )?not found\.?|unknown command: .*|command not found: .*)$/im;

/** A terminal without a line editor takes lines of 4,095 bytes (Linux, N_TTY_BUF_SIZE) and drops the rest. */
const longestLine = 4_000;

/**
 * @param refusal what it said to a command that no shell has
 * @returns undefined for anything that is not surely a shell of a family that we know
 */
const familyOf = async (send: Send, refusal: string): Promise<Family | undefined> => {
  if (!noCommand.test(refusal)) return undefined;
  const reply = await send(question, { unchecked: true });
  if (csh.test(reply)) {
    await send('exec sh', { unchecked: true });
    return posix;
  }
  const { groups } = answer.exec(reply) ?? {};
  if (!groups) return undefined;
  return groups.fish ? fish : groups.zsh ? zsh : posix;
};

/** What a command said last: shells explain a mistake in some lines. */
const ending = (lines: readonly string[]): string =>
  lines
    .map(said)
    .filter((line) => line !== '')
    .slice(-3)
    .join(' ');

/** Sends commands to a shell between two lines that it prints: prompts, echoes and look-alikes do not matter there. */
const framed =
  (send: Send, { run, word, status }: Family, name: string): Send =>
  async (command, options) => {
    const id = randomBytes(9).toString('hex');
    const mark = `plumbline:${id}`;
    const typed = `'plumb''line:${id}'`; // as typed, it is not the mark
    const line = ` printf '\\n%s\\n' ${typed} && ${run} ${word(command)}; printf '\\n%s %s\\n' ${typed} ${status}`;
    if (Buffer.byteLength(line) > longestLine) {
      throw new PlumbError('rejected', redact(`${name}: "${command.slice(0, 60)}…" is too long for a terminal`), {
        hint: `put it into a script on the device: a line can have at most ${longestLine} bytes, quotes included`,
      });
    }
    const printed = await send(line, { ...options, unchecked: true, frame: { command, end: `${mark} ` } });
    const lines = printed.split('\n');
    const begin = lines.indexOf(mark);
    const code = lines.at(-1)?.slice(mark.length + 1) ?? '';
    if (begin < 0 || !/^\d+$/.test(code)) {
      throw new PlumbError('rejected', redact(`${name}: "${command}": the shell did not accept it: ${ending(lines)}`));
    }
    const output = lines.slice(begin + 1, -1);
    if (output.length > 1 && output.at(-1) === '') output.pop(); // the end of its last line
    const text = output.join('\n');
    if (code === '0' || options?.unchecked) return text;
    throw new PlumbError(
      'rejected',
      redact(`${name}: "${command}" ended with ${code}: ${ending(output) || 'it printed nothing'}`),
    );
  };

/** Takes from each output what stands above the prompt, where that is always the same but for its numbers. */
const withoutLinesAbove = async (send: Send, before: string): Promise<Send> => {
  const above = await send('', { unchecked: true, silenceMs: 5_000, maySayNothing: true });
  if (above.trim() === '' || above === before) return send; // some repeat the last command
  const wanted = withoutNumbers(`\n${above}`);
  return async (line, options) => {
    const output = await send(line, options);
    if (!withoutNumbers(`\n${output}`).endsWith(wanted)) return output;
    return output.split('\n').slice(0, -above.split('\n').length).join('\n');
  };
};

const mostTries = 4;

/**
 * What is said to `terminal length 0`. A piece of a slow greeting may look like a prompt, and what was typed is read late
 * then: it is typed until the answer ends as the one before.
 */
const settled = async (send: Send): Promise<string> => {
  let before: string | undefined;
  for (let tries = 1; ; tries++) {
    const answered = await send('terminal length 0', { unchecked: true });
    const last = answered.split('\n').at(-1);
    if (last === before || tries === mostTries) return answered;
    before = last;
  }
};

/** Finds out whether a shell answers; if not, whether lines stand above the prompt. */
export const adapt = async (send: Send, name: string): Promise<Send> => {
  const refusal = await settled(send);
  const family = await familyOf(send, refusal);
  if (!family) return withoutLinesAbove(send, refusal);
  const shell = framed(send, family, name);
  await shell('export PAGER=cat GIT_PAGER=cat SYSTEMD_PAGER=cat', { unchecked: true });
  return shell;
};
