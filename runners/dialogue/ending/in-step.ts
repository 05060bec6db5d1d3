import { patience } from '../cli-driver.ts';
import type { Terminal } from '../terminal.ts';

/** A device that says nothing for so long has dropped what was typed, or stands still. */
const quietMs = 5_000;
const tries = 4;
/** More blanks than are typed to find the end of an answer; two more each time, as a prompt may end in one. */
const least = 31;

/** What a device printed, without the blanks that were typed to get in step with it. */
export const withoutSteps = (lines: readonly string[], terminal: Terminal): string[] =>
  lines.filter((line) => line.length - line.trimEnd().length < least || !terminal.isPrompt(line.trimEnd()));

/** @returns false where the device shows neither the blanks nor prompts alone */
const answersInStep = async (terminal: Terminal): Promise<boolean> => {
  const { input, reader } = terminal;
  const isPrompt = (line: string) => terminal.isPrompt(line);
  const untilMs = performance.now() + patience.show.totalMs;
  for (let round = 0; round < tries; round++) {
    const from = reader.lines.length;
    const blanks = ' '.repeat(least + 2 * round);
    const shows = (line: string) =>
      line.endsWith(blanks) && (isPrompt(line.slice(0, -blanks.length)) || isPrompt(line.trimEnd()));
    terminal.enter(blanks);
    let heardMs = performance.now();
    let seen = reader.size;
    while (performance.now() - heardMs < quietMs && performance.now() < untilMs) {
      if (input.ended) return false;
      if (isPrompt(reader.lastLine) && reader.lines.slice(from).some(shows)) return true;
      await input.changed(seen, quietMs);
      if (reader.size !== seen) heardMs = performance.now();
      seen = reader.size;
    }
    // one that shows no blanks: nothing but prompts has come
    const said = reader.lines.slice(from).filter((line) => line !== '');
    if (said.length > 0 && said.every(isPrompt) && isPrompt(reader.lastLine)) return true;
  }
  return false;
};

/**
 * Gets in step with a device that may not have read yet all that was typed: types blanks, and waits until it shows them
 * behind its prompt. What was typed before has been answered by then, or was dropped.
 *
 * @throws PlumbError `closed` or `timeout` where it does not, which ends the shell: what it prints next may be the answer
 * to anything
 */
export const getInStep = async (terminal: Terminal, sent: string | undefined): Promise<void> => {
  if (await answersInStep(terminal)) return;
  const { input } = terminal;
  const failure = input.ended
    ? terminal.failure('closed', input.ended, sent)
    : terminal.failure('timeout', 'what it answers is not known to be the answer to what was typed last', sent);
  input.giveUp('its session was closed because its answers were out of step');
  throw failure;
};
