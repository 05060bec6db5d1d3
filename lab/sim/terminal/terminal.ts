import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { Outbox } from './outbox.ts';
import type { TerminalStyle } from './terminal-style.ts';

/** A person or a program at a device's terminal: lines in, echo and pages out. */
export class Terminal {
  readonly #stream: Duplex;
  readonly #out: Outbox;
  readonly #style: TerminalStyle;
  readonly #decoder = new StringDecoder('utf8');
  #input = '';
  #waiting: (() => void) | undefined;
  #afterReturn = false;
  readonly #onData = (chunk: Buffer) => this.#take(this.#decoder.write(chunk));
  /** Nothing more will be typed; what was typed ahead is still done and answered. */
  #ended = false;
  closed = false;
  /** Lines of a page; 0: no paging. */
  length = 24;
  width = 80;

  constructor(stream: Duplex, style: TerminalStyle) {
    this.#stream = stream;
    this.#out = new Outbox(stream);
    this.#style = style;
    stream.on('data', this.#onData);
    stream.on('end', () => this.#end());
    for (const event of ['close', 'error']) stream.on(event, () => this.#close());
  }

  /** Prints as it is, with the platform's line ends. */
  print(text: string): void {
    if (text === '' || this.closed) return;
    this.#out.write(text.replace(/\r?\n/g, this.#style.newline));
  }

  /** Prints page by page when a page length is set. @returns false when the reader quit */
  async page(text: string): Promise<boolean> {
    const lines = text.split('\n');
    if (this.length <= 0 || lines.length <= this.length) {
      this.print(text);
      return true;
    }
    let shown = 0;
    let room = this.length - 1;
    while (shown < lines.length) {
      const part = lines.slice(shown, shown + room);
      shown += part.length;
      this.print(part.join('\n') + (shown < lines.length ? '\n' : ''));
      if (shown >= lines.length) break;
      const key = await this.#morePrompt();
      if (key === undefined || key === 'q' || key === '\u0003') return false;
      room = key === '\r' || key === '\n' ? 1 : this.length - 1;
    }
    return true;
  }

  async #morePrompt(): Promise<string | undefined> {
    this.#out.write(this.#style.more);
    const key = await this.key();
    const { length } = this.#style.more;
    this.#out.write(this.#style.erase ?? '\b'.repeat(length) + ' '.repeat(length) + '\b'.repeat(length));
    return key;
  }

  /** One key, unseen. undefined: the terminal is gone. */
  async key(): Promise<string | undefined> {
    while (this.#input === '') {
      if (this.closed || this.#ended) return undefined;
      await this.#more();
    }
    const [first = ''] = this.#input;
    this.#input = this.#input.slice(first.length);
    const returned = this.#afterReturn;
    this.#afterReturn = first === '\r';
    return returned && (first === '\n' || first === '\0') ? this.key() : first;
  }

  /**
   * One line, without its end. undefined: the terminal is gone.
   * Ctrl-Z, Ctrl-C and Ctrl-D come as `\x1a`, `\x03` and `\x04` at the end of what was typed.
   *
   * @param options `prompt`: the line editor reads it: `?` helps and shows the prompt again, TAB completes unless it is
   * `tabs`, a key quotes
   */
  async line(options: { echo?: boolean; prompt?: string; tabs?: boolean } = {}): Promise<string | undefined> {
    const { echo = true, prompt, tabs = false } = options;
    const { quote } = this.#style;
    let typed = '';
    for (;;) {
      const char = await this.key();
      if (char === undefined) return undefined;
      if (char === '\r' || char === '\n') {
        this.#out.write(this.#style.enter);
        return typed;
      }
      if (prompt !== undefined && (char === quote || char === '?' || (char === '\t' && !tabs))) {
        typed += await this.#edit(char, prompt, typed);
        continue;
      }
      if (char === '\x1a' || char === '\x03' || char === '\x04') return typed + char;
      if (char === '\x7f' || char === '\b') {
        if (typed !== '' && echo) this.#out.write('\b \b');
        typed = typed.slice(0, -1);
      } else if (char === '\x15') {
        if (echo) this.#out.write('\b \b'.repeat(typed.length));
        typed = '';
      } else if (char >= ' ' || char === '\t') {
        typed += char;
        typed += this.#run(echo, char, prompt === undefined ? /^\P{Cc}*/u : /^[^\p{Cc}?]*/u);
      }
    }
  }

  /** What a key of the line editor does. @returns what it adds to the line */
  async #edit(key: string, prompt: string, typed: string): Promise<string> {
    if (key === '?') this.print(`?\n${this.#style.help}\n${prompt}${typed}`);
    else if (key === '\t') this.#out.write('\x07'); // it completes nothing: what we know of commands is patterns
    if (key === '?' || key === '\t') return '';
    const text = (await this.key()) ?? '';
    const bare = text >= ' ' || text === '\t';
    this.#out.write(bare ? text : `^${String.fromCharCode(text.charCodeAt(0) + 64)}`);
    return text;
  }

  /** Echoes a character and all that follow it at once, up to the next control character. */
  #run(echo: boolean, first: string, texts: RegExp): string {
    const [run = ''] = texts.exec(this.#input) ?? [];
    this.#input = this.#input.slice(run.length);
    if (echo) this.#out.write(this.#style.echo?.(first + run) ?? first + run);
    return run;
  }

  /** True when nothing that was typed is left to read. */
  get idle(): boolean {
    return this.#input === '';
  }

  end(): void {
    this.#out.flush();
    this.#stream.end();
  }

  /** Leaves the stream to another reader. */
  release(): void {
    this.#out.flush();
    this.#stream.off('data', this.#onData);
    if (this.#input !== '') this.#stream.unshift(Buffer.from(this.#input, 'utf8'));
    this.#input = '';
  }

  #more(): Promise<void> {
    this.#out.flush();
    return new Promise((resolve) => {
      const before = this.#waiting;
      this.#waiting = () => {
        before?.();
        resolve();
      };
    });
  }

  #take(text: string): void {
    this.#input += text;
    this.#wake();
  }

  #end(): void {
    this.#ended = true;
    this.#waiting?.();
  }

  #close(): void {
    this.closed = true;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }
}
