/** What a line that we send prints around the output of a command: the end of it is known, whatever the output looks like. */
export type Frame = {
  /** What was asked for: messages name it in place of the line that is typed. */
  command: string;
  /** How the line behind the output begins; no prompt is believed before it. */
  end: string;
};

/** Looks for the end of a frame, at each line once. */
export class FrameEnd {
  readonly #end: string | undefined;
  #scanned = 0;
  #found = -1;

  constructor(frame: Frame | undefined) {
    this.#end = frame?.end;
  }

  /** The end has come; undefined: there is no frame. */
  seen(lines: readonly string[]): boolean | undefined {
    const end = this.#end;
    if (end === undefined) return undefined;
    for (; this.#found < 0 && this.#scanned < lines.length; this.#scanned++)
      if (lines[this.#scanned]?.startsWith(end)) this.#found = this.#scanned;
    return this.#found >= 0;
  }

  /** Everything up to the end, and that. */
  before(lines: readonly string[]): string {
    return lines.slice(0, this.#found + 1).join('\n');
  }
}
