import type { PlumbError } from '../../../core/errors.ts';
import { type Patience, patience } from '../cli-driver.ts';
import type { Asked } from '../questions.ts';
import type { DialogueInput } from '../reading/input.ts';
import { asyncLog, resyncMs } from './doubt.ts';
import type { TypedAhead } from './typed-ahead.ts';

/** What waiting for answers needs of a dialogue. */
type Talk = {
  input: DialogueInput;
  isPrompt: (tail: string) => boolean;
  asks: (tail: string) => Asked | undefined;
  answer: (what: Asked, tail: string) => void;
  /** Types Enter. */
  nudge: () => void;
  failure: (code: 'closed' | 'timeout', why: string) => PlumbError;
};

/**
 * Waits for the answers to commands that were typed in one go.
 *
 * @returns undefined where the device stands at its prompt again and the answers are not told apart for sure
 * @throws PlumbError `closed`, `timeout`, which ends the shell
 */
export const untilAnswered = async (
  ahead: TypedAhead,
  commands: readonly string[],
  { silenceMs = patience.show.silenceMs, totalMs: eachMs = patience.show.totalMs }: Partial<Patience>,
  { input, isPrompt, asks, answer, nudge, failure }: Talk,
): Promise<string[] | undefined> => {
  const { reader } = input;
  const totalMs = eachMs * commands.length;
  const startedMs = performance.now();
  let heardMs = startedMs;
  let seen = 0;
  let mayNudge = true;
  let spoilt = false;
  for (;;) {
    const now = performance.now();
    if (reader.size !== seen) heardMs = now;
    seen = reader.size;
    const tail = reader.lastLine;
    const quietMs = now - heardMs;
    const spentMs = now - startedMs;
    if (isPrompt(tail)) {
      await new Promise(setImmediate); // a look-alike goes on in what has already arrived
      if (reader.size !== seen) continue;
      const answers = spoilt ? undefined : ahead.answers(reader.lines, tail);
      if (answers) return answers;
      if (quietMs >= resyncMs) return undefined;
    }
    const what = quietMs >= resyncMs ? asks(tail) : undefined;
    if (what) {
      spoilt = true; // what was typed ahead was taken for an answer
      answer(what, tail);
      heardMs = performance.now();
      continue;
    }
    if (input.ended) throw failure('closed', input.ended);
    if (quietMs >= silenceMs || spentMs >= totalMs) {
      const late = failure('timeout', `no prompt within ${(spentMs / 1000).toFixed(1)} s`);
      input.giveUp('its session was closed because no prompt came');
      throw late;
    }
    if (mayNudge && quietMs >= resyncMs && asyncLog.test(`${reader.lines.at(-1)}\n${tail}`)) {
      mayNudge = false; // a log line came after the prompt, or in its place: ask for another
      nudge();
    }
    const dues = [silenceMs - quietMs, totalMs - spentMs, resyncMs - quietMs];
    await input.changed(seen, Math.max(1, Math.min(...dues.filter((due) => due > 0))));
  }
};
