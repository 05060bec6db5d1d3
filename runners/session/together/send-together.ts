import type { Send } from '../../dialogue/cli-driver.ts';
import type { Dialogue } from '../../dialogue/dialogue.ts';
import { printsText } from '../../dialogue/ending/end-of-text.ts';
import type { SendOptions } from '../../dialogue/options.ts';

type Waiting = {
  line: string;
  options: SendOptions;
  /** It only prints, and nothing is special about its end. */
  prints: boolean;
  resolve: (output: string) => void;
  reject: (error: unknown) => void;
};

/** What is typed ahead must fit into what a terminal keeps for a program that does not read yet: 4,096 bytes on Linux. */
const mostAhead = { lines: 20, bytes: 2_000 };

const onlyPrints = (line: string, { questions, frame, within, maySayNothing, text = true }: SendOptions): boolean =>
  text && !questions && !frame && !within && !maySayNothing && printsText([line]);

/** Those of the front that can go in one go. */
const takeFront = (waiting: Waiting[]): Waiting[] => {
  let bytes = 0;
  const end = waiting.findIndex(({ line, prints }, at) => {
    bytes += line.length;
    return !prints || at >= mostAhead.lines || bytes > mostAhead.bytes;
  });
  return waiting.splice(0, end < 0 ? waiting.length : Math.max(1, end));
};

/** Sends lines one after the other; commands that only print, and wait at the same time, go in one go. */
export const sendTogether = (dialogue: Pick<Dialogue, 'send' | 'showAll'>): Send => {
  const waiting: Waiting[] = [];
  let busy = false;
  const work = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      await new Promise(setImmediate); // whoever asks in this very moment goes along
      const front = takeFront(waiting);
      const [first] = front;
      try {
        if (!first?.prints) {
          first?.resolve(await dialogue.send(first.line, first.options));
          continue;
        }
        const longest = (key: 'silenceMs' | 'totalMs') => {
          const all = front.flatMap(({ options }) => options[key] ?? []);
          return all.length === 0 ? {} : { [key]: Math.max(...all) };
        };
        const lines = front.map(({ line }) => line);
        const answers = await dialogue.showAll(lines, { ...longest('silenceMs'), ...longest('totalMs') });
        for (const [at, { options, resolve, reject }] of front.entries()) {
          const { said = '', refused } = answers[at] ?? {};
          if (refused && !options.unchecked) reject(refused);
          else resolve(said);
        }
      } catch (error) {
        for (const { reject } of front) reject(error);
      }
    }
    busy = false;
  };
  return (line, options = {}) =>
    new Promise((resolve, reject) => {
      waiting.push({ line, options, prints: onlyPrints(line, options), resolve, reject });
      if (!busy) void work();
    });
};
