import { type Patience, patience } from '../cli-driver.ts';
import { asked } from '../questions.ts';
import type { Terminal } from '../terminal.ts';
import { resyncMs } from './doubt.ts';
import type { TypedAhead } from './typed-ahead.ts';
import { Waiting } from './waiting.ts';

/**
 * Waits for the answers to commands that were typed in one go.
 *
 * @returns undefined where the device stands at its prompt again and the answers are not told apart for sure
 * @throws PlumbError `closed`, `timeout`, which ends the shell
 */
export const untilAnswered = async (
  terminal: Terminal,
  ahead: TypedAhead,
  commands: readonly string[],
  each: Partial<Patience>,
): Promise<string[] | undefined> => {
  const { driver, reader } = terminal;
  const totalMs = (each.totalMs ?? patience.show.totalMs) * commands.length;
  const waiting = new Waiting(terminal, commands.at(-1), { ...each, totalMs });
  let spoilt = false;
  for (;;) {
    const quietMs = waiting.look();
    const tail = reader.lastLine;
    if (terminal.isPrompt(tail)) {
      if (!(await waiting.still())) continue;
      const answers = spoilt ? undefined : ahead.answers(reader.lines, tail);
      if (answers) return answers;
      if (quietMs >= resyncMs) return undefined;
    }
    const what = quietMs >= resyncMs ? asked(tail, driver) : undefined;
    if (what) {
      spoilt = true; // what was typed ahead was taken for an answer
      terminal.answer(what, tail);
      waiting.typed();
      continue;
    }
    await waiting.more();
  }
};
