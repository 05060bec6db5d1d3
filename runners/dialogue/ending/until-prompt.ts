import { refuseLogin } from '../failures.ts';
import type { SendOptions } from '../options.ts';
import { asked } from '../questions.ts';
import type { Terminal } from '../terminal.ts';
import { Echoes } from '../typing/echoes.ts';
import { asyncLog, mustStandMs, resyncMs } from './doubt.ts';
import { type EndOfText, printsText } from './end-of-text.ts';
import { FrameEnd } from './frame.ts';
import { getInStep, withoutSteps } from './in-step.ts';
import { Waiting } from './waiting.ts';

type Answers = {
  /** What each line printed; one text for all of them where they are not told apart. */
  outputs: string[];
  /** How many of the lines the device has shown. */
  shown: number;
  /** The end was told by what our line printed behind the output: it is the same shell that answers. */
  framed: boolean;
};

/**
 * Waits until the device stands at its prompt again, and answers what it asks meanwhile.
 *
 * @param sent the lines that were typed; none: it is the login
 * @param end kept for all commands of a session: it learns how the device shows a blank line
 * @throws PlumbError `closed`, `unauthorized`, or `timeout`, which ends the shell
 */
export const untilPrompt = async (
  terminal: Terminal,
  sent: readonly string[],
  options: SendOptions,
  end: EndOfText,
): Promise<Answers> => {
  const { driver, reader } = terminal;
  const { frame, questions } = options;
  const echoes = new Echoes(sent, driver, options.within);
  const frameEnd = new FrameEnd(frame);
  const text = !frame && (options.text ?? printsText(sent)) && !driver.silent && !end.useless;
  const command = frame?.command ?? sent.at(-1);
  const waiting = new Waiting(terminal, command, options, !frame);
  const answers = (outputs: string[], framed = false): Answers => ({ outputs, shown: echoes.shown, framed });
  end.clear();
  for (;;) {
    const quietMs = waiting.look();
    const tail = reader.lastLine;
    if (sent.length === 0) refuseLogin(terminal.options.name, `${reader.lines.slice(-5).join('\n')}\n${tail}`, driver);
    const ended = frameEnd.seen(reader.lines);
    const what = ended ? undefined : asked(tail, driver, questions);
    const echoed = echoes.complete(reader.lines);
    const logged = !echoed && reader.lines.slice(-3).some((line) => asyncLog.test(line));
    const standMs = mustStandMs(driver, tail, what, {
      known: terminal.isOwnPrompt(tail),
      same: tail === terminal.prompt,
      ended,
      echoed,
      lines: sent.length,
      logged,
      text: text || frame !== undefined,
      own: questions?.some((question) => question === what) ?? false,
      pages: terminal.pages,
      manyDoubtMs: options.manyDoubtMs,
    });
    if (standMs !== undefined && quietMs >= standMs) {
      if (!(await waiting.still())) continue;
      if (what) {
        terminal.answer(what, tail);
        continue;
      }
      if (ended) {
        terminal.prompt = tail; // whatever it is: nothing is learned from it
        return answers([frameEnd.before(reader.lines)], true);
      }
      if ((sent.length > 1 || logged) && !echoes.complete(reader.lines)) {
        await getInStep(terminal, command); // it may have to read the rest still, and would answer that to what is sent next
        terminal.stands();
        return answers(echoes.split(withoutSteps(reader.lines, terminal)));
      }
      const lines = text ? end.before(reader.lines, tail, quietMs >= resyncMs) : reader.lines;
      if (lines) {
        terminal.stands();
        return answers(echoes.split(lines));
      }
      if (!end.asked || (quietMs >= resyncMs && end.mayAskAgain)) {
        terminal.enter(end.question(reader.lines.length));
        waiting.typed();
        continue;
      }
    }
    if (options.maySayNothing && waiting.over && reader.size === 0 && !terminal.input.ended) return answers(['']);
    await waiting.more(standMs);
  }
};
