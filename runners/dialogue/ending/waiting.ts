import { type Patience, patience } from '../cli-driver.ts';
import type { Terminal } from '../terminal.ts';
import { asyncLog, resyncMs } from './doubt.ts';

/** Waits for what a device shows next, for as long as one command's patience lasts. */
export class Waiting {
  readonly #terminal: Terminal;
  readonly #sent: string | undefined;
  readonly #patience: Patience;
  readonly #startedMs = performance.now();
  #lookedMs = this.#startedMs;
  #heardMs = this.#startedMs;
  #seen = 0;
  #mayNudge: boolean;

  /**
   * @param sent what messages name as sent; undefined: nothing, it is the login
   * @param mayNudge Enter does no harm where a log line stands in place of the prompt
   */
  constructor(
    terminal: Terminal,
    sent: string | undefined,
    { silenceMs = patience.show.silenceMs, totalMs = patience.show.totalMs }: Partial<Patience>,
    mayNudge = true,
  ) {
    this.#terminal = terminal;
    this.#sent = sent;
    this.#patience = { silenceMs, totalMs };
    this.#mayNudge = mayNudge;
  }

  /** Takes note of what has come and of the time. @returns how long the device has been silent, in ms */
  look(): number {
    this.#lookedMs = performance.now();
    if (this.#terminal.reader.size !== this.#seen) this.#heardMs = this.#lookedMs;
    this.#seen = this.#terminal.reader.size;
    return this.#quietMs;
  }

  /** What stood there at the look is all: a look-alike goes on in what has already arrived. */
  async still(): Promise<boolean> {
    await new Promise(setImmediate);
    return this.#terminal.reader.size === this.#seen;
  }

  /** Something was typed: the silence begins anew. */
  typed(): void {
    this.#heardMs = performance.now();
  }

  /** No patience was left at the look. */
  get over(): boolean {
    return this.#quietMs >= this.#patience.silenceMs || this.#spentMs >= this.#patience.totalMs;
  }

  /**
   * Waits until more comes, or until it is time to look again.
   *
   * @param standMs a silence of this length decides something
   * @throws PlumbError `closed`, or `timeout`, which ends the shell
   */
  async more(standMs = resyncMs): Promise<void> {
    const { input, reader } = this.#terminal;
    if (input.ended) throw this.#terminal.failure('closed', input.ended, this.#sent);
    if (this.over) {
      const why = `no prompt within ${(this.#spentMs / 1000).toFixed(1)} s`;
      const failure = this.#terminal.failure('timeout', why, this.#sent);
      input.giveUp('its session was closed because no prompt came');
      throw failure;
    }
    if (this.#mayNudge && this.#quietMs >= resyncMs && asyncLog.test(`${reader.lines.at(-1)}\n${reader.lastLine}`)) {
      this.#mayNudge = false; // a log line came after the prompt, or in its place: ask for another
      this.#terminal.enter();
    }
    const { silenceMs, totalMs } = this.#patience;
    const silences = [silenceMs, resyncMs, standMs].map((ms) => ms - this.#quietMs);
    const dues = [...silences, totalMs - this.#spentMs].filter((due) => due > 0);
    await input.changed(this.#seen, Math.max(1, Math.min(...dues)));
  }

  get #quietMs(): number {
    return this.#lookedMs - this.#heardMs;
  }

  get #spentMs(): number {
    return this.#lookedMs - this.#startedMs;
  }
}
