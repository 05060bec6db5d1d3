import { limits } from '../bus.ts';
import { escapeControls } from '../text/controls.ts';

/** Characters of one line; what a message may hold is more. */
const longest = 16 * 1024;

/** A line and its number; the first line is 1. */
export type Kept = { seq: number; line: string };

const shortened = (line: string): string => {
  const { time, level, msg = '', device, job, code } = JSON.parse(line) as Record<string, unknown>;
  const cut = `${String(msg).slice(0, longest / 8)}… (cut)`;
  return escapeControls(JSON.stringify({ time, level, device, job, code, msg: cut }));
};

/**
 * The last lines of a process's log, each as JSON: as many as `limits` allows, whatever happens to NATS. A line that is
 * pushed out before it was sent counts as dropped.
 */
export class KeptLines {
  readonly #lines = new Map<number, string>();
  #first = 1;
  #last = 0;
  #chars = 0;
  /** Called for each line that is added. It must not throw. */
  onLine: () => void = () => {};

  /** The number of the first line that is still kept; one more than `last` where there is none. */
  get first(): number {
    return this.#first;
  }

  /** The number of the last line; 0: none. */
  get last(): number {
    return this.#last;
  }

  add(line: string): void {
    const text = line.length > longest ? shortened(line) : line.trimEnd();
    this.#lines.set(++this.#last, text);
    this.#chars += text.length;
    while (this.#lines.size > limits.logLines || this.#chars > limits.logChars) {
      this.#chars -= this.#lines.get(this.#first)?.length ?? 0;
      this.#lines.delete(this.#first++);
    }
    this.onLine();
  }

  /** @param seq returns at most `most` lines after this number */
  after(seq: number, most = Number.POSITIVE_INFINITY): Kept[] {
    const found: Kept[] = [];
    for (let at = Math.max(seq + 1, this.#first); at <= this.#last && found.length < most; at++)
      found.push({ seq: at, line: this.#lines.get(at) ?? '' });
    return found;
  }
}
